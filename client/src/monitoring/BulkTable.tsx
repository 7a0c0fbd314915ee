import { Checkbox } from '@mantine/core';
import type { BulkChoice, ReviewerCandidate } from '@relecture/shared/assignments/schema.js';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../ui/format';
import { NetworkName } from '../ui/NetworkName';
import { PersonName } from '../ui/PersonName';
import { ReviewStatusBadge } from '../ui/StatusBadge';
import classes from './monitoring.module.css';
import { wordReviewerReason } from './reviewer-reasons';

interface BulkTableProps {
  items: BulkChoice[];
  /** Those that the coordinator leaves where they are. */
  left: ReadonlySet<string>;
  onToggle: (reviewId: string, moves: boolean) => void;
}

/** Each reading: from whom, to whom and why, or why it stays. */
export function BulkTable({ items, left, onToggle }: BulkTableProps) {
  const { t } = useTranslation('monitoring');
  const { t: ui } = useTranslation('ui');
  return (
    <table className={classes.table}>
      <caption className="heard-only">{t('bulk.title')}</caption>
      <thead>
        <tr>
          <th scope="col" style={{ width: '33%' }}>
            {t('bulk.columns.case')}
          </th>
          <th scope="col" style={{ width: '22%' }}>
            {t('bulk.columns.from')}
          </th>
          <th scope="col">{t('bulk.columns.to')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.reviewId} data-testid="bulk-row">
            <td>
              <Checkbox
                size="xs"
                label={item.caseNumber}
                aria-label={t('bulk.move', { number: item.caseNumber })}
                checked={item.to !== null && !left.has(item.reviewId)}
                disabled={item.to === null}
                onChange={(event) => onToggle(item.reviewId, event.currentTarget.checked)}
              />
              <span className={classes.secondary}>
                <NetworkName networkId={item.networkId} />
              </span>
              <ReviewStatusBadge status={item.status} />
              {item.urgency === 'urgent' ? (
                <span className={classes.urgent}>{ui('urgency.urgent')}</span>
              ) : null}
            </td>
            <td>{item.from ? <PersonName person={item.from} withOrganisation /> : t('bulk.nobodyYet')}</td>
            <td>
              {item.to ? <Choice candidate={item.to} /> : null}
              {item.blocked ? <span>{t(`bulk.blocked.${item.blocked}`)}</span> : null}
              {item.nearest.map((candidate) => (
                <Choice key={candidate.reviewer.id} candidate={candidate} />
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Choice({ candidate }: { candidate: ReviewerCandidate }) {
  const { t } = useTranslation('monitoring');
  const { reviewer, load, capacity } = candidate;
  return (
    <>
      <PersonName person={reviewer} withOrganisation />
      <span className={classes.secondary}>
        {t('bulk.load', { load: formatNumber(load), capacity: formatNumber(capacity) })}
      </span>
      <span className={classes.reasons}>
        {candidate.for.map((reason) => (
          <span key={reason.code} data-side="for">
            <IconPlus size={14} aria-hidden /> {wordReviewerReason(reason)}
          </span>
        ))}
        {candidate.against.map((reason) => (
          <span key={reason.code} data-side="against">
            <IconMinus size={14} aria-hidden /> {wordReviewerReason(reason)}
          </span>
        ))}
      </span>
    </>
  );
}
