import { Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useTitle } from '../ui/use-title';
import { PasswordForm } from './PasswordForm';

/** Changing one's password. */
export default function MyPassword() {
  const { t } = useTranslation('account');
  const navigate = useNavigate();
  useTitle(t('password.title'));
  return (
    <div style={{ maxWidth: 560, margin: '0 auto', padding: 16 }}>
      <Title order={1}>{t('password.title')}</Title>
      <Text c="dimmed" mb="md">
        {t('password.about')}
      </Text>
      <div className="sheet" style={{ padding: 16 }}>
        <PasswordForm onDone={() => void navigate('/')} />
      </div>
    </div>
  );
}
