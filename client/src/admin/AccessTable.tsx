import { ActionIcon, Tooltip } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AccessEntry } from '../api/admin';
import { formatDateTime, formatNumber } from '../ui/format';
import classes from './admin.module.css';
import { wordAction } from './word-action';

interface AccessTableProps {
  entries: AccessEntry[];
  names: ReadonlyMap<string, string>;
  /** Null when one record is shown already. */
  onRecord: ((recordId: string) => void) | null;
}

export function AccessTable({ entries, names, onRecord }: AccessTableProps) {
  const { t } = useTranslation('admin');
  return (
    <table className={classes.table}>
      <caption className="heard-only">{t('log.title')}</caption>
      <thead>
        <tr>
          <th scope="col" style={{ width: '10%' }}>
            {t('log.columns.seq')}
          </th>
          <th scope="col" style={{ width: '20%' }}>
            {t('log.columns.at')}
          </th>
          <th scope="col" style={{ width: '30%' }}>
            {t('log.columns.who')}
          </th>
          <th scope="col">{t('log.columns.what')}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.seq} data-testid="access-row">
            <td>{formatNumber(entry.seq)}</td>
            <td>
              <time dateTime={entry.at}>{formatDateTime(entry.at)}</time>
            </td>
            <td>
              {entry.actorId === null
                ? t('log.system')
                : (names.get(entry.actorId) ?? t('log.unknownPerson'))}
            </td>
            <td>
              <span className={classes.what}>
                <span>
                  {wordAction(entry.action)}
                  {entry.caseNumber ? <span className={classes.dim}> · {entry.caseNumber}</span> : null}
                </span>
                {onRecord ? (
                  <Tooltip label={t('log.sameRecord')}>
                    <ActionIcon
                      size="sm"
                      aria-label={t('log.sameRecord')}
                      onClick={() => onRecord(entry.recordId)}
                    >
                      <IconFilter size={14} aria-hidden />
                    </ActionIcon>
                  </Tooltip>
                ) : null}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
