import { Button, Group, Stack, Text, Title } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { findReportGaps } from '@relecture/shared/reports/completeness.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../ui/ErrorState';
import { ListSkeleton } from '../ui/Skeletons';
import { FirstDiagnosis } from './FirstDiagnosis';
import { countUnread, Gaps } from './Gaps';
import { Note } from './Note';
import { ReportForm } from './ReportForm';
import { Signature } from './Signature';
import { SignedReports } from './SignedReports';
import type { ReportDraftDesk } from './use-report-draft';

interface ReportPanelProps {
  caseRecord: CasePage;
  review: Review;
  editable: boolean;
  mine: boolean;
  draft: ReportDraftDesk;
  /** True once every annotation is saved. */
  flushAnnotations: () => Promise<boolean>;
}

/** The report, written beside the slide; once signed, what was signed. */
export function ReportPanel({
  caseRecord,
  review,
  editable,
  mine,
  draft,
  flushAnnotations,
}: ReportPanelProps) {
  const { t } = useTranslation('report');
  const [signing, setSigning] = useState(false);
  const unread = countUnread(caseRecord, review);
  return (
    <Stack gap="md">
      <SignedReports caseRecord={caseRecord} review={review} mine={mine} />
      {editable ? (
        <>
          <FirstDiagnosis caseRecord={caseRecord} />
          <Title order={2}>{t('mine')}</Title>
          {draft.query.isError && !draft.content ? (
            <ErrorState error={draft.query.error} onRetry={() => void draft.query.refetch()} />
          ) : null}
          {draft.theirs ? (
            <Note tone="red" icon={<IconAlertTriangle size={20} />} title={t('conflict.title')} role="alert">
              <Text size="sm">{t('conflict.explain')}</Text>
              <Text size="sm" mt={4} fs="italic">
                {draft.theirs.conclusion || t('conflict.emptyConclusion')}
              </Text>
              <Group gap="xs" mt="xs">
                <Button size="compact-sm" onClick={() => draft.resolve('mine')}>
                  {t('conflict.mine')}
                </Button>
                <Button size="compact-sm" variant="default" onClick={() => draft.resolve('theirs')}>
                  {t('conflict.theirs')}
                </Button>
              </Group>
            </Note>
          ) : null}
          {draft.content ? (
            <>
              <ReportForm content={draft.content} onChange={draft.change} />
              <Gaps
                gaps={findReportGaps(draft.content, 'final', unread)}
                unread={unread}
                content={draft.content}
                caseRecord={caseRecord}
              />
              <Button size="md" onClick={() => setSigning(true)} data-testid="prepare-signature">
                {t('prepare')}
              </Button>
              {signing ? (
                <Signature
                  caseRecord={caseRecord}
                  review={review}
                  content={draft.content}
                  unread={unread}
                  flush={async () => (await Promise.all([draft.flush(), flushAnnotations()])).every(Boolean)}
                  onClose={() => setSigning(false)}
                />
              ) : null}
            </>
          ) : draft.query.isPending ? (
            <ListSkeleton rows={5} />
          ) : null}
        </>
      ) : review.reportId === null ? (
        <Text c="dimmed">{t('notYet')}</Text>
      ) : null}
    </Stack>
  );
}
