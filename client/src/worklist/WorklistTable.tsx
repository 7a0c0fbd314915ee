import type { ReviewRow } from '@relecture/shared/reviews/schema.js';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Entity } from '../monitoring/Entity';
import { useGlow } from '../realtime/rooms';
import { Due } from '../ui/Due';
import { wordSince } from '../ui/duration';
import { formatDate } from '../ui/format';
import { NetworkName } from '../ui/NetworkName';
import { ReviewStatusBadge } from '../ui/StatusBadge';
import { RowActions } from './RowActions';
import type { Show } from './shows';
import classes from './Worklist.module.css';

interface WorklistTableProps {
  rows: ReviewRow[];
  caption: string;
  list: Show | 'free';
  /** Somebody who prepares for the readers of the house: who reads is said, nothing is answered. */
  prepares?: boolean;
}

const STAINS_SHOWN = 4;

/** One line per review: entity in words, question, slides and stains, wait, due. */
export function WorklistTable({ rows, caption, list, prepares = false }: WorklistTableProps) {
  const { t } = useTranslation('worklist');
  const glows = useGlow();
  return (
    <table className={classes.table}>
      <caption className="heard-only">{caption}</caption>
      <thead>
        <tr>
          <th scope="col" style={{ width: '23%' }}>
            {t('columns.entity')}
          </th>
          <th scope="col" style={{ width: '20%' }}>
            {t('columns.question')}
          </th>
          <th scope="col" className={classes.wide} style={{ width: '9%' }}>
            {t('columns.material')}
          </th>
          <th scope="col" style={{ width: '18%' }}>
            {t('columns.status')}
          </th>
          <th scope="col" className={classes.wide} style={{ width: '11%' }}>
            {t(list === 'signed' ? 'columns.signed' : 'columns.due')}
          </th>
          <th scope="col" className={classes.action}>
            {t('columns.action')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} list={list} prepares={prepares} glows={glows(row.id, row.caseId)} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  row: ReviewRow;
  list: Show | 'free';
  prepares: boolean;
  glows: boolean;
}

function Row({ row, list, prepares, glows }: RowProps) {
  const { t } = useTranslation('worklist');
  const { t: ui } = useTranslation('ui');
  const material = (
    <>
      {row.slideCount === 0 && row.parcel
        ? t(`parcel.${row.parcel}`)
        : t('slides', { count: row.slideCount })}
      {row.slideCount > 0 && row.parcel ? (
        <span className={classes.secondary}>{t(`parcel.${row.parcel}`)}</span>
      ) : null}
      <span className={classes.secondary}>
        {row.stains.slice(0, STAINS_SHOWN).join(', ')}
        {row.stains.length > STAINS_SHOWN
          ? ` ${t('moreStains', { count: row.stains.length - STAINS_SHOWN })}`
          : ''}
      </span>
    </>
  );
  const due =
    list === 'signed' ? (
      row.signedAt && <time dateTime={row.signedAt}>{formatDate(row.signedAt)}</time>
    ) : row.dueAt ? (
      <Due dueAt={row.dueAt} overdue={row.overdue} />
    ) : (
      ui(row.duePaused ? 'due.paused' : 'due.none')
    );
  return (
    <tr data-testid="worklist-row" className={glows ? 'glow-once' : undefined}>
      <td>
        <Link
          to={list === 'free' || prepares ? `/cases/${row.caseId}` : `/reviews/${row.id}/read`}
          className={classes.link}
          data-row-link
        >
          <Entity row={row} />
        </Link>
        <span className={classes.secondary}>
          {row.caseNumber} · <NetworkName networkId={row.networkId} />
        </span>
      </td>
      <td>
        <span className={classes.question}>{row.question || t('noQuestion')}</span>
        <span className={classes.secondary}>
          {ui(`intent.${row.intent}`)} · {row.organisation}
        </span>
        <span className={classes.narrowOnly}>{material}</span>
      </td>
      <td className={classes.wide}>{material}</td>
      <td>
        <ReviewStatusBadge status={row.status} party={row.party} />
        {row.urgency === 'urgent' ? <span className={classes.urgent}>{ui('urgency.urgent')}</span> : null}
        <span className={classes.secondary}>
          {list !== 'free' && row.status === 'assigned' && row.acceptedAt === null
            ? `${t('toAccept')}, `
            : ''}
          {row.status === 'signed' ? '' : wordSince(row.since)}
        </span>
        {prepares && row.reviewer ? (
          <span className={classes.secondary}>{row.reviewer.displayName}</span>
        ) : null}
        <span className={classes.narrowOnly}>{due}</span>
      </td>
      <td className={classes.wide}>{due}</td>
      <td className={classes.action}>
        <RowActions row={row} free={list === 'free'} prepares={prepares} />
      </td>
    </tr>
  );
}
