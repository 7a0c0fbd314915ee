import { Anchor, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { signOut } from '../api/session';
import { tellProblem } from '../ui/tell';
import { useTitle } from '../ui/use-title';
import { PasswordForm } from './PasswordForm';

/** Before anything else: the password one signed in with is known to the administrator who gave it. */
export default function FirstPassword() {
  const { t } = useTranslation('account');
  const { t: app } = useTranslation('app');
  useTitle(t('password.first'));
  return (
    <main style={{ maxWidth: 560, margin: '0 auto', padding: '48px 16px' }}>
      <Title order={1}>{t('password.first')}</Title>
      <Text c="dimmed" mb="md">
        {t('password.firstAbout')}
      </Text>
      <div className="sheet" style={{ padding: 16 }}>
        <PasswordForm onDone={() => undefined} />
      </div>
      <Anchor component="button" type="button" mt="md" onClick={() => void signOut().catch(tellProblem)}>
        {app('account.signOut')}
      </Anchor>
    </main>
  );
}
