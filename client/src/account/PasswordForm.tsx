import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { PASSWORD_MIN, type User } from '@relecture/shared/users/schema.js';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem';
import { updateUser } from '../api/session';
import { choosePassword } from '../api/users';
import { FormError } from '../ui/FormError';
import { tellDone } from '../ui/tell';

interface PasswordFormProps {
  onDone: (user: User) => void;
}

/** One's own password, typed twice, after the one of before. */
export function PasswordForm({ onDone }: PasswordFormProps) {
  const { t } = useTranslation('account');
  const { t: app } = useTranslation('app');
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const save = useMutation({
    mutationFn: () => choosePassword({ current, password }),
    onSuccess: (user) => {
      updateUser(user);
      tellDone(t('password.saved'));
      onDone(user);
    },
  });
  const currentWrong = isProblem(save.error, 'PASSWORD_WRONG');
  const short = password !== '' && password.length < PASSWORD_MIN;
  const same = password !== '' && password === current;
  const differs = again !== '' && again !== password;
  const ready = current !== '' && password.length >= PASSWORD_MIN && !same && again === password;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) save.mutate();
  };
  const toggle = { 'aria-label': app('signIn.showPassword') };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <PasswordInput
          label={t('password.current')}
          required
          autoComplete="current-password"
          visibilityToggleButtonProps={toggle}
          value={current}
          error={currentWrong ? t('password.currentWrong') : undefined}
          onChange={(event) => {
            setCurrent(event.currentTarget.value);
            save.reset();
          }}
        />
        <PasswordInput
          label={t('password.new')}
          description={t('password.newAbout', { count: PASSWORD_MIN })}
          required
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          value={password}
          error={same ? t('password.same') : undefined}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {short ? (
          <Text size="sm" c="dimmed" role="status">
            {t('password.missing', { count: PASSWORD_MIN - password.length })}
          </Text>
        ) : null}
        <PasswordInput
          label={t('password.again')}
          required
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          value={again}
          error={differs ? t('password.differs') : undefined}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        {currentWrong ? null : <FormError error={save.error} />}
        <Group justify="flex-end">
          <Button type="submit" disabled={!ready} loading={save.isPending}>
            {t('password.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
