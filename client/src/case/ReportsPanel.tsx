import { Button, Group, Stack, Text, Title } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Report } from '@relecture/shared/reports/schema.js';
import { IconCheck, IconFileTypePdf } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys';
import { markReportRead, openReportPdf } from '../api/reports';
import { hasRole, useUser } from '../app/session';
import { formatDateTime } from '../ui/format';
import { IcdoName } from '../ui/IcdoName';
import { NetworkName } from '../ui/NetworkName';
import { tellProblem } from '../ui/tell';
import classes from './CaseScreen.module.css';
import { Panel } from './Panel';

/** The signed reports, latest first: conclusion, agreement, the PDF, and whether the sender has read it. */
export function ReportsPanel({ page }: { page: CasePage }) {
  const { t } = useTranslation('case');
  const user = useUser();
  if (page.reports.length === 0) return null;
  const sender = hasRole(user, 'submitter', 'preparer') && user.organisation.id === page.organisation.id;
  const latestFirst = page.reports.toSorted((a, b) => (a.signedAt < b.signedAt ? 1 : -1));
  return (
    <Panel title={t('reports.title')} testId="reports-panel">
      <Stack gap="md">
        {latestFirst.map((report) => (
          <ReportCard key={report.id} report={report} sender={sender} />
        ))}
      </Stack>
    </Panel>
  );
}

function ReportCard({ report, sender }: { report: Report; sender: boolean }) {
  const { t } = useTranslation('case');
  const client = useQueryClient();
  const unread = report.readBySenderAt === null;
  const read = useMutation({
    mutationFn: () => markReportRead(report.id),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.cases.one(report.caseId) }),
        client.invalidateQueries({ queryKey: keys.cases.all }),
      ]),
    onError: tellProblem,
  });
  const open = useMutation({
    mutationFn: () => openReportPdf(report.id, `${report.caseNumber}.pdf`),
    onSuccess: () => {
      if (sender && unread) read.mutate();
    },
    onError: tellProblem,
  });
  const { content } = report;
  const { agreement, therapeuticImpact, types } = content.concordance;
  return (
    <article
      className={`${classes.review} ${sender && unread ? classes.urgent : ''}`}
      data-testid="report-card"
    >
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Title order={3}>
            {t(`reports.kinds.${report.kind}`)} · <NetworkName networkId={report.networkId} />
          </Title>
          <Text size="sm" c="dimmed">
            {t('reports.signed', {
              date: formatDateTime(report.signedAt),
              name: report.signedBy.displayName,
              organisation: report.signedBy.organisation,
            })}
          </Text>
        </div>
        <Button
          variant={sender && unread ? 'filled' : 'default'}
          loading={open.isPending}
          leftSection={<IconFileTypePdf size={16} aria-hidden />}
          onClick={() => open.mutate()}
        >
          {t('reports.open')}
        </Button>
      </Group>
      {report.amendment ? (
        <Text mt={8} style={{ whiteSpace: 'pre-line' }}>
          {report.amendment}
        </Text>
      ) : null}
      {content.conclusion ? (
        <Text mt={8} fw={sender && unread ? 600 : 400} style={{ whiteSpace: 'pre-line' }}>
          {content.conclusion}
        </Text>
      ) : null}
      <Text size="sm" mt={6}>
        {content.outcome === 'diagnosis' ? (
          content.morphology ? (
            <IcdoName code={content.morphology} />
          ) : null
        ) : (
          t(`reports.outcomes.${content.outcome}`)
        )}
      </Text>
      {agreement ? (
        <Text size="sm" c="dimmed">
          {t(`reports.agreement.${agreement}`)}
          {types.length > 0 ? ` (${types.map((type) => t(`reports.types.${type}`)).join(', ')})` : ''}
          {therapeuticImpact ? ` · ${t(`reports.impact.${therapeuticImpact}`)}` : ''}
        </Text>
      ) : null}
      {content.recommendation ? (
        <Text size="sm" mt={4}>
          {t('reports.recommendation')} {content.recommendation}
        </Text>
      ) : null}
      <Group gap="sm" mt={8}>
        <Text size="sm" c="dimmed">
          {unread
            ? t('reports.notRead')
            : t('reports.readAt', { date: formatDateTime(report.readBySenderAt ?? report.signedAt) })}
        </Text>
        {sender && unread ? (
          <Button
            variant="subtle"
            size="compact-sm"
            loading={read.isPending}
            leftSection={<IconCheck size={14} aria-hidden />}
            onClick={() => read.mutate()}
          >
            {t('reports.markRead')}
          </Button>
        ) : null}
      </Group>
    </article>
  );
}
