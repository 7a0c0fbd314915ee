import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export default function Board() {
  const { t } = useTranslation('monitoring');
  return <Title order={1}>{t('title')}</Title>;
}
