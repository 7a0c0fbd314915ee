import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export default function Worklist() {
  const { t } = useTranslation('worklist');
  return <Title order={1}>{t('title')}</Title>;
}
