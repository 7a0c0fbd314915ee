import { Button, Menu } from '@mantine/core';
import { IconColumns3, IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveBoard, saveYearReport, type TableFormat } from '../api/reviews';
import { useNetworkName } from '../ui/networks';
import { tellProblem } from '../ui/tell';
import { today } from '../ui/typed-date';

import { Columns } from './Columns';

/** YYYY-MM-DD, so many months before. */
function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 - months, date)).toISOString().slice(0, 10);
}

/** The readings of the networks shown, as a table for a spreadsheet. */
export function ExportMenu({ networkId, networkIds }: { networkId: string | null; networkIds: string[] }) {
  const { t } = useTranslation('monitoring');
  const networkName = useNetworkName();
  const [mapped, setMapped] = useState(false);
  const [editing, setEditing] = useState(false);
  // A report, or a database, is one network's.
  const reported = networkId ?? (networkIds.length === 1 ? (networkIds[0] ?? null) : null);
  const save = useMutation({
    mutationFn: ({ format, from }: { format: TableFormat; from: string | null }) =>
      saveBoard(
        format,
        mapped ? reported : networkId,
        from,
        mapped && reported !== null,
        `relecture-${today()}.${format}`,
      ),
    onError: tellProblem,
  });
  const report = useMutation({
    mutationFn: ({ network, year }: { network: string; year: number }) =>
      saveYearReport(network, year, `relecture-${network}-${year}.pdf`),
    onError: tellProblem,
  });
  const thisYear = Number(today().slice(0, 4));
  const stretches = [
    ['twelve', monthsBefore(today(), 12)],
    ['year', `${today().slice(0, 4)}-01-01`],
    ['all', null],
  ] as const;
  return (
    <>
      {/* In the page, not at its end: what is in no landmark is not found. */}
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={save.isPending || report.isPending}
          >
            {t('export.label')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('export.about')}</Menu.Label>
          {reported === null ? null : (
            <>
              <Menu.CheckboxItem checked={mapped} onChange={setMapped} closeMenuOnClick={false}>
                {t('columns.use', { network: networkName(reported) })}
              </Menu.CheckboxItem>
              <Menu.Item
                leftSection={<IconColumns3 size={16} aria-hidden />}
                onClick={() => setEditing(true)}
              >
                {t('columns.edit')}
              </Menu.Item>
              <Menu.Divider />
            </>
          )}
          {(['xlsx', 'csv'] as const).map((format) => (
            <Fragment key={format}>
              <Menu.Label>{t(`export.${format}`)}</Menu.Label>
              {stretches.map(([name, from]) => (
                <Menu.Item
                  key={name}
                  aria-label={`${t(`export.${name}`)}, ${t(`export.${format}`)}`}
                  onClick={() => save.mutate({ format, from })}
                >
                  {t(`export.${name}`)}
                </Menu.Item>
              ))}
            </Fragment>
          ))}
          <Menu.Divider />
          <Menu.Label>{t('export.report')}</Menu.Label>
          {reported === null ? (
            <Menu.Item disabled>{t('export.chooseNetwork')}</Menu.Item>
          ) : (
            [thisYear, thisYear - 1].map((year) => (
              <Menu.Item key={year} onClick={() => report.mutate({ network: reported, year })}>
                {t('export.ofYear', { network: networkName(reported), year: String(year) })}
              </Menu.Item>
            ))
          )}
        </Menu.Dropdown>
      </Menu>
      {reported === null ? null : (
        <Columns
          networkId={reported}
          opened={editing}
          onClose={() => setEditing(false)}
          onSaved={() => setMapped(true)}
        />
      )}
    </>
  );
}
