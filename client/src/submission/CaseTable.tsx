import { isForSender } from '@relecture/shared/assignments/admission.js';
import type { CaseRow } from '@relecture/shared/cases/schema.js';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Due } from '../ui/Due';
import { wordSince } from '../ui/duration';
import { formatDate } from '../ui/format';
import { wordHolder } from '../ui/holder';
import { IcdoName } from '../ui/IcdoName';
import { Lacks } from '../ui/Lacks';
import { useNetworkName } from '../ui/networks';
import { CaseStatusBadge } from '../ui/StatusBadge';
import { addressOf } from './case-address';
import classes from './MyCases.module.css';

/** One line per case; a signed report not read yet is bold. */
export function CaseTable({ rows, caption }: { rows: CaseRow[]; caption: string }) {
  const { t } = useTranslation('cases');
  return (
    <table className={classes.table}>
      <caption className="heard-only">{caption}</caption>
      <thead>
        <tr>
          <th scope="col" style={{ width: '20%' }}>
            {t('columns.patient')}
          </th>
          <th scope="col" className={classes.medium} style={{ width: '26%' }}>
            {t('columns.diagnosis')}
          </th>
          <th scope="col" className={classes.wide} style={{ width: '14%' }}>
            {t('columns.network')}
          </th>
          <th scope="col" style={{ width: '20%' }}>
            {t('columns.status')}
          </th>
          <th scope="col" className={classes.medium} style={{ width: '14%' }}>
            {t('columns.heldBy')}
          </th>
          <th scope="col" className={classes.wide} style={{ width: '10%' }}>
            {t('columns.due')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row }: { row: CaseRow }) {
  const { t } = useTranslation('cases');
  const { t: ui } = useTranslation('ui');
  const networkName = useNetworkName();
  return (
    <tr data-testid="case-row" className={row.unreadReport ? classes.unread : undefined}>
      <td>
        <Link to={addressOf(row)} className={classes.link}>
          {row.patientName ?? (row.status === 'draft' ? t('noPatientYet') : ui('identityHidden'))}
        </Link>
        <span className={classes.secondary}>
          {[row.number, row.localExamNumber].filter(Boolean).join(' · ')}
        </span>
      </td>
      <td className={classes.medium}>
        {row.diagnosisText ??
          (row.morphology ? <IcdoName code={row.morphology} withCode={false} /> : t('noDiagnosisYet'))}
        {row.primarySite ? (
          <span className={classes.secondary}>
            <IcdoName code={row.primarySite} withCode={false} />
          </span>
        ) : null}
      </td>
      <td className={classes.wide}>{row.networkIds.map((id) => networkName(id)).join(', ')}</td>
      <td>
        <CaseStatusBadge progress={row.progress} party={row.party} />
        <Lacks lacks={row.lacks.filter(isForSender)} />
        {row.unreadReport ? <span className={classes.secondary}>{t('unreadReport')}</span> : null}
        {row.overdue ? (
          <span className={classes.late}>
            <Due dueAt={row.dueAt} overdue onlyLate />
          </span>
        ) : null}
        {row.urgency === 'urgent' ? <span className={classes.secondary}>{ui('urgency.urgent')}</span> : null}
        <span className={classes.narrowOnly}>
          <span className={classes.secondary}>{row.networkIds.map((id) => networkName(id)).join(', ')}</span>
          {row.dueAt && !row.overdue ? (
            <span className={classes.secondary}>{ui('due.on', { date: formatDate(row.dueAt) })}</span>
          ) : null}
        </span>
      </td>
      <td className={classes.medium}>
        {wordHolder(row)}
        {row.party === 'none' && row.status !== 'draft' ? null : (
          <span className={classes.secondary}>{wordSince(row.since)}</span>
        )}
      </td>
      <td className={classes.wide}>
        <Due dueAt={row.dueAt} overdue={false} />
      </td>
    </tr>
  );
}
