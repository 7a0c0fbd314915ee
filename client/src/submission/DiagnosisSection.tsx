import { Group, Radio, Stack, Textarea } from '@mantine/core';
import { CASE_LIMITS, type FirstDiagnosis } from '@relecture/shared/cases/schema.js';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DateField } from '../ui/DateField';
import { IcdoSearch } from '../ui/IcdoSearch';
import { ClashAt } from './Clashes';
import { datesBeside } from './date-words';
import { Section, type SectionProps } from './Section';

const EMPTY: FirstDiagnosis = { formal: true, morphology: null, text: '', date: null };

interface DiagnosisSectionProps extends SectionProps {
  /** The local report stands with the diagnosis it states. */
  children: ReactNode;
}

export function DiagnosisSection({ content, change, children }: DiagnosisSectionProps) {
  const { t } = useTranslation(['submission', 'ui']);
  const diagnosis = content.firstDiagnosis ?? EMPTY;
  const set = (part: Partial<FirstDiagnosis>) => change({ firstDiagnosis: { ...diagnosis, ...part } });
  return (
    <Section id="diagnosis" title={t('diagnosis.title')} about={t('diagnosis.about')}>
      <Stack gap="sm">
        <Radio.Group
          aria-label={t('diagnosis.formal')}
          value={diagnosis.formal ? 'yes' : 'no'}
          onChange={(value) => set(value === 'yes' ? { formal: true } : { formal: false, morphology: null })}
        >
          <Group gap="lg">
            <Radio value="yes" label={t('diagnosis.formalYes')} />
            <Radio value="no" label={t('diagnosis.formalNo')} />
          </Group>
        </Radio.Group>
        <ClashAt at="firstDiagnosis.formal" />
        {diagnosis.formal ? (
          <IcdoSearch
            kind="morphology"
            label={t('diagnosis.morphology')}
            required
            line="first_diagnosis"
            value={diagnosis.morphology}
            // The words follow the code as long as nobody has written others.
            onChange={(morphology, entry) =>
              set({ morphology, ...(diagnosis.text === '' && entry ? { text: entry.label } : {}) })
            }
          />
        ) : null}
        <Textarea
          label={diagnosis.formal ? t('diagnosis.text') : t('diagnosis.suspicion')}
          description={t('ui:noName.text')}
          required
          autosize
          minRows={2}
          maxLength={CASE_LIMITS.text}
          data-line={diagnosis.formal ? undefined : 'first_diagnosis'}
          value={diagnosis.text}
          onChange={(event) => set({ text: event.currentTarget.value })}
        />
        <ClashAt at="firstDiagnosis.text" />
        <ClashAt at="firstDiagnosis.morphology" />
        <DateField
          label={diagnosis.formal ? t('diagnosis.date') : t('diagnosis.reportDate')}
          required={diagnosis.formal}
          maw={240}
          pastOnly
          data-line="first_diagnosis_date"
          {...datesBeside(content, 'diagnosis')}
          value={diagnosis.date}
          onChange={(date) => set({ date })}
        />
        <ClashAt at="firstDiagnosis.date" />
        {children}
      </Stack>
    </Section>
  );
}
