import { Button, Group, Stack, Text } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Report } from '@relecture/shared/reports/schema.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { IconFileTypePdf, IconRosetteDiscountCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openReportPdf } from '../api/reports';
import { formatDateTime } from '../ui/format';
import { PersonName } from '../ui/PersonName';
import { tellProblem } from '../ui/tell';
import { AmendForm } from './AmendForm';
import { Note } from './Note';
import classes from './report.module.css';

interface SignedReportsProps {
  caseRecord: CasePage;
  review: Review;
  mine: boolean;
}

/** Each signed version with its PDF and its code; the last one can be added to or corrected, never changed. */
export function SignedReports({ caseRecord, review, mine }: SignedReportsProps) {
  const { t } = useTranslation('report');
  const [amending, setAmending] = useState<'addendum' | 'correction' | null>(null);
  const reports = caseRecord.reports
    .filter((report) => report.reviewId === review.id)
    .sort((a, b) => b.number - a.number);
  const latest = reports[0];
  if (!latest) return null;
  return (
    <Stack gap="sm">
      {review.status === 'signed' ? (
        <Note tone="green" icon={<IconRosetteDiscountCheck size={20} />}>
          {t('signed.fixed')}
        </Note>
      ) : null}
      {reports.map((report) => (
        <SignedReport key={report.id} report={report} />
      ))}
      {mine && review.status === 'signed' ? (
        <Group gap="xs">
          <Button variant="default" onClick={() => setAmending('addendum')}>
            {t('kind.addendum')}
          </Button>
          <Button variant="default" onClick={() => setAmending('correction')}>
            {t('kind.correction')}
          </Button>
        </Group>
      ) : null}
      {amending ? (
        <AmendForm
          caseRecord={caseRecord}
          kind={amending}
          report={latest}
          reports={reports}
          onClose={() => setAmending(null)}
        />
      ) : null}
    </Stack>
  );
}

function SignedReport({ report }: { report: Report }) {
  const { t } = useTranslation('report');
  const [opening, setOpening] = useState(false);
  const open = async () => {
    setOpening(true);
    try {
      await openReportPdf(report.id, `${report.caseNumber}-${report.number}.pdf`);
    } catch (error) {
      tellProblem(error);
    } finally {
      setOpening(false);
    }
  };
  return (
    <div className={classes.signed} data-testid="signed-report">
      <Text fw={600}>{t(`kind.${report.kind}`)}</Text>
      <Text size="sm" c="dimmed">
        {formatDateTime(report.signedAt)} · <PersonName person={report.signedBy} />
      </Text>
      <Text className={classes.prose} mt={4}>
        {report.kind === 'addendum' ? report.amendment : report.content.conclusion}
      </Text>
      {report.kind === 'correction' ? (
        <Text size="sm" className={classes.prose} mt={4}>
          {t('signed.why', { reason: report.amendment })}
        </Text>
      ) : null}
      <Group justify="space-between" mt="xs">
        <Button
          size="compact-sm"
          variant="default"
          loading={opening}
          leftSection={<IconFileTypePdf size={16} aria-hidden />}
          onClick={() => void open()}
        >
          {t('signed.pdf')}
        </Button>
        <Text size="sm">
          {t('signed.code')} <span className={classes.code}>{report.verificationCode}</span>
        </Text>
      </Group>
    </div>
  );
}
