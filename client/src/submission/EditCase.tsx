import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export default function EditCase() {
  const { t } = useTranslation('submission');
  return <Title order={1}>{t('title')}</Title>;
}
