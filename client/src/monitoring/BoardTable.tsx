import { Checkbox, UnstyledButton } from '@mantine/core';
import type { ReviewRow } from '@relecture/shared/reviews/schema.js';
import { IconCircleCheck, IconClock, IconClockExclamation } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useGlow } from '../realtime/rooms';
import { Due } from '../ui/Due';
import { wordSince, wordWorkingDays } from '../ui/duration';
import { wordLacks } from '../ui/Lacks';
import { NetworkName } from '../ui/NetworkName';
import { ReviewStatusBadge } from '../ui/StatusBadge';
import { workingDaysBetween } from '../ui/working-days';
import { Entity } from './Entity';
import classes from './monitoring.module.css';
import { ProbablyLate } from './ProbablyLate';
import { whyWaits } from './why-waits';

interface BoardTableProps {
  rows: ReviewRow[];
  sort: 'due' | 'age';
  openId: string | null;
  onOpen: (reviewId: string) => void;
  chosen: ReadonlySet<string>;
  onChoose: (reviewIds: string[], chosen: boolean) => void;
}

/** Each review: where it stands, who holds it since when and why, its age, its due date. */
export function BoardTable({ rows, sort, openId, onOpen, chosen, onChoose }: BoardTableProps) {
  const { t } = useTranslation('monitoring');
  const glows = useGlow();
  const some = rows.some(({ id }) => chosen.has(id));
  const all = rows.every(({ id }) => chosen.has(id));
  return (
    <table className={classes.table}>
      <caption className="heard-only">{t('list.title')}</caption>
      <thead>
        <tr>
          <th scope="col" className={classes.choose}>
            <Checkbox
              size="xs"
              aria-label={t('bulk.selectAll')}
              checked={all}
              indeterminate={some && !all}
              onChange={() =>
                onChoose(
                  rows.map(({ id }) => id),
                  !all,
                )
              }
            />
          </th>
          <th scope="col" style={{ width: '25%' }}>
            {t('list.columns.case')}
          </th>
          <th scope="col" className={classes.wide} style={{ width: '11%' }}>
            {t('list.columns.network')}
          </th>
          <th scope="col" style={{ width: '21%' }}>
            {t('list.columns.status')}
          </th>
          <th scope="col" style={{ width: '24%' }}>
            {t('list.columns.holder')}
          </th>
          <th
            scope="col"
            className={classes.wide}
            style={{ width: '8%' }}
            aria-sort={sort === 'age' ? 'descending' : undefined}
          >
            {t('list.columns.age')}
          </th>
          <th scope="col" className={classes.due} aria-sort={sort === 'due' ? 'ascending' : undefined}>
            {t('list.columns.due')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={row.id}
            row={row}
            open={row.id === openId}
            glows={glows(row.id, row.caseId)}
            onOpen={() => onOpen(row.id)}
            chosen={chosen.has(row.id)}
            onChoose={(value) => onChoose([row.id], value)}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Red, amber, green beside the date, each with its own shape and its word: nothing is told by the colour alone. */
function DueLight({ row }: { row: ReviewRow }) {
  const { t } = useTranslation('monitoring');
  if (row.dueAt === null) return null;
  const open = row.status !== 'signed' && row.status !== 'cancelled';
  const light = row.overdue ? 'red' : row.forecast ? 'amber' : 'green';
  const Shape = LIGHTS[light];
  return (
    <span className={classes.light} data-light={open ? light : undefined}>
      {open ? (
        <>
          <Shape size={16} aria-hidden />
          <span className="heard-only">{t(`lights.${light}`)}. </span>
        </>
      ) : null}
      <Due dueAt={row.dueAt} overdue={false} />
    </span>
  );
}

const LIGHTS = {
  red: IconClock,
  amber: IconClockExclamation,
  green: IconCircleCheck,
} as const;

interface RowProps {
  row: ReviewRow;
  open: boolean;
  glows: boolean;
  onOpen: () => void;
  chosen: boolean;
  onChoose: (chosen: boolean) => void;
}

function Row({ row, open, glows, onOpen, chosen, onChoose }: RowProps) {
  const { t } = useTranslation('monitoring');
  const { t: ui } = useTranslation('ui');
  const held = row.party !== 'none' && row.status !== 'signed' && row.status !== 'cancelled';
  const holder =
    row.party === 'reviewer' && row.reviewer
      ? row.reviewer.displayName
      : row.status === 'admitted'
        ? (row.centre ?? t('list.noReviewer'))
        : held
          ? ui(`party.${row.party}`)
          : (row.reviewer?.displayName ?? '');
  return (
    <tr data-testid="board-row" data-open={open || undefined} className={glows ? 'glow-once' : undefined}>
      <td className={classes.choose}>
        <Checkbox
          size="xs"
          aria-label={t('bulk.select', { number: row.caseNumber })}
          checked={chosen}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
      </td>
      <td>
        <UnstyledButton className={classes.open} aria-expanded={open} onClick={onOpen}>
          <Entity row={row} />
        </UnstyledButton>
        <span className={classes.secondary}>
          {row.caseNumber} · {row.organisation}
        </span>
      </td>
      <td className={classes.wide}>
        <NetworkName networkId={row.networkId} />
      </td>
      <td>
        <ReviewStatusBadge status={row.status} party={row.party} />
        {row.overdue ? (
          <span style={{ display: 'block' }}>
            <Due dueAt={row.dueAt} overdue onlyLate />
          </span>
        ) : null}
        {row.forecast ? (
          <span style={{ display: 'block' }}>
            <ProbablyLate forecast={row.forecast} />
          </span>
        ) : null}
        {row.urgency === 'urgent' ? <span className={classes.urgent}>{ui('urgency.urgent')}</span> : null}
        <span className={`${classes.narrowOnly} ${classes.secondary}`}>
          <NetworkName networkId={row.networkId} />
        </span>
      </td>
      <td>
        {holder}
        {held ? <span className={classes.since}> {wordSince(row.since)}</span> : null}
        <span className={classes.secondary}>
          {row.lacks.length > 0 ? wordLacks(row.lacks) : t(`waits.${whyWaits(row)}`)}
        </span>
      </td>
      <td className={classes.wide}>
        {wordWorkingDays(workingDaysBetween(new Date(row.submittedAt), new Date()))}
      </td>
      <td className={classes.due}>
        {row.dueAt === null ? (
          <span className={classes.secondary}>{ui(row.duePaused ? 'due.paused' : 'due.none')}</span>
        ) : (
          <DueLight row={row} />
        )}
      </td>
    </tr>
  );
}
