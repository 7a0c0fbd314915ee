import { Anchor, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import type { Language } from '@relecture/shared/http/page.js';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useLocation } from 'react-router';
import { isProblem } from '../api/problem';
import { signIn } from '../api/session';
import { Opening } from '../app/Opening';
import { useSession } from '../app/session';
import { choose, currentLanguage } from '../i18n';
import { wordSeconds } from '../ui/duration';
import { Notice } from '../ui/Notice';
import { wordProblem } from '../ui/problem-words';
import classes from './SignIn.module.css';

export default function SignIn() {
  const { t } = useTranslation();
  const session = useSession();
  const location = useLocation();
  const password = useRef<HTMLInputElement>(null);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('product')}`;
  }, [t]);

  if (session.status === 'unknown') return <Opening />;
  if (session.status === 'signed-in') {
    const from: unknown = (location.state as { from?: unknown } | null)?.from;
    return <Navigate to={typeof from === 'string' ? from : '/'} replace />;
  }

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get('email') ?? '').trim();
    const secret = String(form.get('password') ?? '');
    if (email === '' || secret === '') {
      setFailure(t('signIn.required'));
      return;
    }
    setRunning(true);
    setFailure(null);
    try {
      await signIn(email, secret);
    } catch (error) {
      if (isProblem(error, 'TOO_MANY_ATTEMPTS') && error.retryAfter !== null)
        setFailure(t('signIn.locked', { duration: wordSeconds(error.retryAfter) }));
      else if (isProblem(error, 'SIGN_IN_FAILED')) setFailure(t('signIn.failed'));
      else setFailure(`${wordProblem(error).title} ${wordProblem(error).advice}`);
      password.current?.select();
    } finally {
      setRunning(false);
    }
  };

  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Group gap="sm" mb={4}>
          <img src="/favicon.svg" alt="" width={30} height={30} />
          <Title order={1}>{t('product')}</Title>
        </Group>
        <Text c="dimmed" mb="lg">
          {t('promise')}
        </Text>
        {session.reason === 'expired' && failure === null ? (
          <div style={{ marginBottom: 16 }}>
            <Notice tone="blue">{t('signIn.expired')}</Notice>
          </div>
        ) : null}
        <form onSubmit={(event) => void submit(event)} noValidate>
          <Stack gap="sm">
            <TextInput
              name="email"
              type="email"
              label={t('signIn.email')}
              autoComplete="username"
              autoFocus
              inputMode="email"
            />
            <PasswordInput
              name="password"
              ref={password}
              label={t('signIn.password')}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
            />
            <Text role="alert" c="var(--tone-red)" mih={21}>
              {failure}
            </Text>
            <Button type="submit" loading={running} fullWidth>
              {t('signIn.submit')}
            </Button>
          </Stack>
        </form>
        <Text size="sm" c="dimmed" mt="md">
          {t('signIn.forgotten')}
        </Text>
        <Group justify="center" mt="lg" gap="md">
          {(['fr', 'en'] as Language[]).map((language) => (
            <Anchor
              key={language}
              component="button"
              type="button"
              lang={language}
              aria-pressed={currentLanguage() === language}
              fw={currentLanguage() === language ? 600 : 400}
              onClick={() => void choose(language)}
            >
              {language === 'fr' ? t('account.french') : t('account.english')}
            </Anchor>
          ))}
        </Group>
      </div>
    </main>
  );
}
