import { Text, Title } from '@mantine/core';
import type { CaseContent } from '@relecture/shared/cases/schema.js';
import type { ReactNode } from 'react';
import classes from './CaseForm.module.css';

/** What each section of the form is given. */
export interface SectionProps {
  content: CaseContent;
  change: (part: Partial<CaseContent>) => void;
}

interface FrameProps {
  id: 'patient' | 'specimens' | 'diagnosis' | 'question' | 'material';
  title: string;
  about?: string;
  children: ReactNode;
}

export function Section({ id, title, about, children }: FrameProps) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className={`sheet ${classes.section}`} tabIndex={-1}>
      <Title order={2} id={`${id}-title`} mb={about ? 2 : 12}>
        {title}
      </Title>
      {about ? (
        <Text c="dimmed" size="sm" mb={12}>
          {about}
        </Text>
      ) : null}
      {children}
    </section>
  );
}
