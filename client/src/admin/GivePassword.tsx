import { Button, Group, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Account, givePassword } from '../api/admin';
import { FormError } from '../ui/FormError';

interface GivePasswordProps {
  account: Account;
  onGiven: (password: string) => void;
}

/** For somebody who forgot theirs: asked twice, for their sessions end at once. */
export function GivePassword({ account, onGiven }: GivePasswordProps) {
  const { t } = useTranslation('admin');
  const { t: ui } = useTranslation('ui');
  const [asking, setAsking] = useState(false);
  const give = useMutation({
    mutationFn: () => givePassword(account.id),
    onSuccess: ({ temporaryPassword }) => onGiven(temporaryPassword),
  });
  if (!asking) {
    return (
      <Group>
        <Button
          variant="default"
          leftSection={<IconKey size={16} aria-hidden />}
          onClick={() => setAsking(true)}
        >
          {t('password.give')}
        </Button>
      </Group>
    );
  }
  return (
    <div>
      <Text size="sm" c="var(--tone-amber)" mb="xs" role="status">
        {t('password.giving')}
      </Text>
      <FormError error={give.error} />
      <Group gap="sm">
        <Button variant="default" onClick={() => setAsking(false)}>
          {ui('cancel')}
        </Button>
        <Button loading={give.isPending} onClick={() => give.mutate()} data-autofocus>
          {t('password.give')}
        </Button>
      </Group>
    </div>
  );
}
