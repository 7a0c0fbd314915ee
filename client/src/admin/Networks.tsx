import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export default function Networks() {
  const { t } = useTranslation('admin');
  return <Title order={1}>{t('title')}</Title>;
}
