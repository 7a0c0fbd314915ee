import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export default function ReadingRoom() {
  const { t } = useTranslation('viewer');
  return <Title order={1}>{t('title')}</Title>;
}
