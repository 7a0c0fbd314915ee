import { Button, Text } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDateTime } from '../ui/format';
import classes from './CaseScreen.module.css';
import { Panel } from './Panel';
import { useTimelineLines } from './timeline-words';

const FEW = 12;

/** Who did what, latest first, in words; and which party held the clock from then on. */
export function TimelinePanel({ page }: { page: CasePage }) {
  const { t } = useTranslation('case');
  const { t: ui } = useTranslation('ui');
  const [all, setAll] = useState(false);
  const lines = useTimelineLines(page);
  return (
    <Panel title={t('timeline.title')} testId="timeline">
      <ol className={classes.timeline}>
        {lines.slice(0, all ? undefined : FEW).map((line) => (
          <li key={line.id} data-strong={line.strong}>
            <Text size="sm" c="dimmed">
              <time dateTime={line.at}>{formatDateTime(line.at)}</time>
              {line.by ? ` · ${line.by}` : ''}
            </Text>
            <Text>{line.words}</Text>
            {line.detail ? (
              <Text size="sm" c="dimmed">
                {line.detail}
              </Text>
            ) : null}
            {line.party ? (
              <Text size="sm" c="dimmed">
                {t('timeline.holder', { who: ui(`party.${line.party}`) })}
              </Text>
            ) : null}
          </li>
        ))}
      </ol>
      {lines.length > FEW && !all ? (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          {t('timeline.showAll', { count: lines.length })}
        </Button>
      ) : null}
    </Panel>
  );
}
