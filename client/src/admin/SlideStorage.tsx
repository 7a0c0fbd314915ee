import { Button, Group, Stack, Text, Title } from '@mantine/core';
import type { SlideStorageReport } from '@relecture/shared/slides/integrity.js';
import { IconShieldCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { keys } from '../api/keys';
import { readSlideStorage, verifySlides } from '../api/slides';
import { ErrorState } from '../ui/ErrorState';
import { formatDateTime } from '../ui/format';
import { Notice } from '../ui/Notice';
import { ListSkeleton } from '../ui/Skeletons';
import { tellProblem } from '../ui/tell';
import classes from './admin.module.css';

/** While slides are compared or moved, the figures follow. */
const FOLLOW_MS = 5_000;

/** How slides lie on the disk, and whether they are still what was stored. */
export function SlideStorage() {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const query = useQuery({
    queryKey: keys.admin.slideStorage,
    queryFn: readSlideStorage,
    refetchInterval: FOLLOW_MS,
  });
  const verify = useMutation({
    mutationFn: verifySlides,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.admin.slideStorage }),
    onError: tellProblem,
  });
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const report = query.data;
  return (
    <Stack>
      {report.troubles.length > 0 ? <Troubles report={report} /> : null}
      <section className="sheet" aria-labelledby="storage">
        <Group p="sm" gap="sm" justify="space-between">
          <Group gap="sm" align="baseline">
            <Title order={2} id="storage">
              {t('storage.title')}
            </Title>
            <Text size="sm" c="dimmed">
              {t(`storage.where.${report.where}`)} {t(`storage.atRest.${report.atRest}`)}
            </Text>
          </Group>
          <Button
            variant="default"
            leftSection={<IconShieldCheck size={18} aria-hidden />}
            loading={verify.isPending}
            disabled={report.slides === 0}
            onClick={() => verify.mutate()}
          >
            {t('storage.verify')}
          </Button>
        </Group>
        {verify.isSuccess ? (
          <Text px="sm" pb="sm" size="sm" role="status">
            {t('storage.verifying', { count: verify.data.slides })}
          </Text>
        ) : null}
        <table className={classes.table}>
          <caption className="heard-only">{t('storage.title')}</caption>
          <tbody>
            {(
              [
                ['slides', String(report.slides)],
                ['remote', String(report.remote)],
                ['sealed', String(report.sealed)],
                ['waiting', String(report.waiting)],
                ['intact', String(report.intact)],
                ['unchecked', String(report.unchecked)],
                ['oldest', report.oldestAt ? formatDateTime(report.oldestAt) : t('storage.never')],
                ['every', t('storage.days', { count: report.everyDays })],
              ] as const
            ).map(([fact, value]) => (
              <tr key={fact} data-testid="storage-row" data-fact={fact}>
                <th scope="row">{t(`storage.facts.${fact}`)}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Stack>
  );
}

function Troubles({ report }: { report: SlideStorageReport }) {
  const { t } = useTranslation('admin');
  return (
    <Notice
      tone="red"
      role="alert"
      testId="storage-troubles"
      title={t('storage.troubles', { count: report.troubles.length })}
    >
      <Text size="sm">{t('storage.troublesAdvice')}</Text>
      <ul style={{ margin: '6px 0 0', paddingLeft: 18 }}>
        {report.troubles.map(({ slideId, caseId, caseNumber, state, at }) => (
          <li key={slideId}>
            <Link to={`/cases/${caseId}`}>{caseNumber ?? t('storage.unnumbered')}</Link>{' '}
            {t(`storage.state.${state}`, { date: formatDateTime(at) })}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
