import { Fieldset, Radio, Stack, Textarea } from '@mantine/core';
import { REPORT_LIMITS, type ReportContent, reportContent } from '@relecture/shared/reports/schema.js';
import { useTranslation } from 'react-i18next';
import { IcdoSearch } from '../ui/IcdoSearch';
import { ConcordanceFields } from './ConcordanceFields';

const OUTCOMES = reportContent.shape.outcome.unwrap().options;

interface ReportFormProps {
  content: ReportContent;
  onChange: (part: Partial<ReportContent>) => void;
}

/** The report as it is written: the conclusion leads, as it will on paper. */
export function ReportForm({ content, onChange }: ReportFormProps) {
  const { t } = useTranslation('report');
  const prose = (field: 'conclusion' | 'microscopy' | 'ancillary' | 'recommendation', rows: number) => (
    <Textarea
      label={t(`field.${field}`)}
      required={field === 'conclusion'}
      autosize
      minRows={rows}
      maxRows={24}
      maxLength={REPORT_LIMITS.text}
      value={content[field]}
      onChange={(event) => onChange({ [field]: event.currentTarget.value })}
      data-testid={`report-${field}`}
    />
  );
  return (
    <Stack gap="sm">
      {prose('conclusion', 3)}
      <Radio.Group
        label={t('outcome.label')}
        value={content.outcome}
        onChange={(next) => {
          const outcome = OUTCOMES.find((each) => each === next);
          if (outcome) onChange({ outcome });
        }}
      >
        <Stack gap={6} mt={4}>
          {OUTCOMES.map((outcome) => (
            <Radio key={outcome} value={outcome} label={t(`outcome.${outcome}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <IcdoSearch
        kind="morphology"
        label={t('field.morphology')}
        required={content.outcome === 'diagnosis'}
        value={content.morphology}
        onChange={(morphology) => onChange({ morphology })}
        testId="report-morphology"
      />
      <IcdoSearch
        kind="topography"
        label={t('field.topography')}
        value={content.topography}
        onChange={(topography) => onChange({ topography })}
        testId="report-topography"
      />
      {prose('microscopy', 3)}
      {prose('ancillary', 2)}
      <Fieldset legend={t('concordance')}>
        <ConcordanceFields
          value={content.concordance}
          onChange={(value) => onChange({ concordance: value })}
        />
      </Fieldset>
      {prose('recommendation', 2)}
    </Stack>
  );
}
