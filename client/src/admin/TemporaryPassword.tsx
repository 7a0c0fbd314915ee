import { Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface TemporaryPasswordProps {
  name: string;
  password: string;
  onClose: () => void;
}

/** A password shown once, to be handed over; its owner chooses another at the next sign-in. */
export function TemporaryPassword({ name, password, onClose }: TemporaryPasswordProps) {
  const { t } = useTranslation('admin');
  return (
    <Stack gap="sm" role="status">
      <Text>{t('password.given', { name })}</Text>
      <Group gap="sm">
        <Code fz="lg" px="sm" py={6} data-testid="temporary-password">
          {password}
        </Code>
        <CopyButton value={password}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
              onClick={copy}
            >
              {t(copied ? 'password.copied' : 'password.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text size="sm" c="dimmed">
        {t('password.once')}
      </Text>
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {t('password.done')}
        </Button>
      </Group>
    </Stack>
  );
}
