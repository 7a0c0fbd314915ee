import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export default function MyCases() {
  const { t } = useTranslation('cases');
  return <Title order={1}>{t('title')}</Title>;
}
