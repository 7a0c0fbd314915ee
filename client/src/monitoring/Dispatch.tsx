import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export default function Dispatch() {
  const { t } = useTranslation('monitoring');
  return <Title order={1}>{t('title')}</Title>;
}
