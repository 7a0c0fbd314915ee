import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Notice.module.css';

interface NoticeProps {
  tone: 'amber' | 'red' | 'blue' | 'green';
  icon?: ReactNode;
  title?: ReactNode;
  /** `alert` interrupts a screen reader; `status` waits its turn. */
  role?: 'alert' | 'status';
  testId?: string;
  children?: ReactNode;
}

/** Something to know, said calmly: a coloured edge and an icon, not a coloured sheet. */
export function Notice({ tone, icon, title, role = 'status', testId, children }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone} role={role} data-testid={testId}>
      {icon ? (
        <span className={classes.icon} aria-hidden>
          {icon}
        </span>
      ) : null}
      <div style={{ minWidth: 0, flex: 1 }}>
        {title ? (
          <Text fw={600} className={classes.title}>
            {title}
          </Text>
        ) : null}
        {children}
      </div>
    </div>
  );
}
