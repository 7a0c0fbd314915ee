import type { ReactNode } from 'react';
import classes from './report.module.css';

interface NoteProps {
  tone: 'green' | 'amber' | 'red';
  icon: ReactNode;
  title?: string;
  children: ReactNode;
  testId?: string;
  role?: 'alert' | 'status';
}

/** A quiet remark: an icon and a coloured edge, readable in the dark room as on white. */
export function Note({ tone, icon, title, children, testId, role }: NoteProps) {
  return (
    <div className={classes.note} data-tone={tone} data-testid={testId} role={role}>
      <span className={classes.noteIcon} aria-hidden>
        {icon}
      </span>
      <div>
        {title ? <strong>{title}</strong> : null}
        {children}
      </div>
    </div>
  );
}
