import { Progress, Text, Title, UnstyledButton } from '@mantine/core';
import type { ChecklistLine } from '@relecture/shared/cases/schema.js';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './CaseForm.module.css';
import { goToLine } from './go-to-line';

/** Fills as one writes; each line leads to its field. */
export function Checklist({ lines, slides }: { lines: ChecklistLine[]; slides: string }) {
  const { t } = useTranslation('submission');
  const done = lines.filter((line) => line.done).length;
  return (
    <section className="sheet" style={{ padding: 14 }} aria-labelledby="checklist-title">
      <Title order={2} id="checklist-title">
        {t('checklist.title')}
      </Title>
      <Text size="sm" c="dimmed" mb={6} role="status" data-testid="checklist-count">
        {t('checklist.count', { done, count: lines.length })}
      </Text>
      <Progress value={(100 * done) / lines.length} size="sm" mb={8} aria-label={t('checklist.title')} />
      <ul className={classes.checklist}>
        {lines.map((line) => {
          const Shape = line.done ? IconCircleCheckFilled : IconCircle;
          return (
            <li key={line.code}>
              <UnstyledButton
                className={classes.check}
                data-done={line.done}
                data-testid={`check-${line.code}`}
                onClick={() => goToLine(line)}
              >
                <Shape size={16} aria-hidden />
                <span>
                  {t(`checklist.lines.${line.code}`)}
                  {line.code === 'material' && slides ? ` : ${slides}` : null}
                  <span className="heard-only">
                    {line.done ? t('checklist.done') : t('checklist.missing')}
                  </span>
                </span>
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
