import { Group, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './CaseScreen.module.css';

interface PanelProps {
  title: string;
  aside?: ReactNode;
  className?: string | undefined;
  testId?: string;
  children: ReactNode;
}

export function Panel({ title, aside, className, testId, children }: PanelProps) {
  const id = useId();
  return (
    <section
      className={`sheet ${classes.panel} ${className ?? ''}`}
      aria-labelledby={id}
      data-testid={testId}
    >
      <Group justify="space-between" mb={8} gap="sm">
        <Title order={2} id={id}>
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </section>
  );
}
