import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  /** Why it is empty, and what to do next. */
  description?: ReactNode;
  action?: ReactNode;
  /** The empty state is the whole page: its title is the page's. */
  wholePage?: boolean;
}

export function EmptyState({ icon, title, description, action, wholePage = false }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      {icon ? (
        <span aria-hidden style={{ color: 'var(--mantine-color-dimmed)' }}>
          {icon}
        </span>
      ) : null}
      <Title order={wholePage ? 1 : 2}>{title}</Title>
      {description ? (
        <Text c="dimmed" maw={520}>
          {description}
        </Text>
      ) : null}
      {action ? <div style={{ marginTop: 8 }}>{action}</div> : null}
    </Stack>
  );
}
