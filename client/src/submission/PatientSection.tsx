import { Checkbox, Divider, Group, Radio, TextInput } from '@mantine/core';
import { CASE_LIMITS, insStatus, type PatientIdentity, sex } from '@relecture/shared/cases/schema.js';
import { useTranslation } from 'react-i18next';
import { DateField } from '../ui/DateField';
import classes from './CaseForm.module.css';
import { ClashAt } from './Clashes';
import { DuplicateWarning } from './DuplicateWarning';
import { datesBeside } from './date-words';
import { InsFields } from './InsFields';
import { Section, type SectionProps } from './Section';

interface PatientSectionProps extends SectionProps {
  caseId: string | null;
}

export function PatientSection({ content, change, caseId }: PatientSectionProps) {
  const { t } = useTranslation('submission');
  const { t: ui } = useTranslation('ui');
  const patient = content.patient ?? {};
  const set = (part: Partial<PatientIdentity>) => change({ patient: { ...patient, ...part } });
  return (
    <Section id="patient" title={t('patient.title')}>
      <div className={classes.fields}>
        <TextInput
          label={t('patient.birthName')}
          required
          data-line="patient_identity"
          autoComplete="off"
          maxLength={CASE_LIMITS.shortText}
          value={patient.birthName ?? ''}
          onChange={(event) => set({ birthName: event.currentTarget.value })}
        />
        <ClashAt at="patient.birthName" />
        <TextInput
          label={t('patient.firstName')}
          required
          autoComplete="off"
          maxLength={CASE_LIMITS.shortText}
          value={patient.firstName ?? ''}
          onChange={(event) => set({ firstName: event.currentTarget.value })}
        />
        <ClashAt at="patient.firstName" />
        <TextInput
          label={t('patient.usedName')}
          autoComplete="off"
          maxLength={CASE_LIMITS.shortText}
          value={patient.usedName ?? ''}
          onChange={(event) => set({ usedName: event.currentTarget.value })}
        />
        <ClashAt at="patient.usedName" />
        <DateField
          label={t('patient.birthDate')}
          required
          pastOnly
          {...datesBeside(content, 'birth')}
          value={patient.birthDate ?? null}
          onChange={(birthDate) => set({ birthDate: birthDate ?? undefined })}
        />
        <ClashAt at="patient.birthDate" />
        <Radio.Group
          className={classes.two}
          label={t('patient.sex')}
          required
          value={patient.sex ?? null}
          onChange={(value) => set({ sex: sex.parse(value) })}
        >
          <Group gap="lg" mih={36}>
            {sex.options.map((option) => (
              <Radio key={option} value={option} label={ui(`sex.${option}`)} />
            ))}
          </Group>
        </Radio.Group>
        <ClashAt at="patient.sex" word={(value) => ui(`sex.${sex.parse(value)}`)} />
        <TextInput
          label={t('patient.localExamNumber')}
          placeholder="26H04512"
          required
          autoComplete="off"
          maxLength={CASE_LIMITS.shortText}
          value={patient.localExamNumber ?? ''}
          onChange={(event) => set({ localExamNumber: event.currentTarget.value })}
        />
        <ClashAt at="patient.localExamNumber" />
        <InsFields patient={patient} set={set} />
        <div className={classes.wide}>
          <ClashAt
            at="patient.ins"
            word={(value) => {
              const status = insStatus.safeParse(value);
              return status.success ? t(`patient.insStatuses.${status.data}`) : value;
            }}
          />
          <DuplicateWarning patient={patient} caseId={caseId} />
        </div>
      </div>
      <Divider my="md" />
      <div className={classes.fields}>
        <TextInput
          label={t('patient.prescriber')}
          required
          data-line="prescriber"
          autoComplete="off"
          maxLength={CASE_LIMITS.shortText}
          value={content.prescriber?.name ?? ''}
          onChange={(event) =>
            change({
              prescriber: { speciality: '', ...content.prescriber, name: event.currentTarget.value },
            })
          }
        />
        <TextInput
          label={t('patient.speciality')}
          autoComplete="off"
          maxLength={CASE_LIMITS.shortText}
          value={content.prescriber?.speciality ?? ''}
          onChange={(event) =>
            change({ prescriber: { name: '', ...content.prescriber, speciality: event.currentTarget.value } })
          }
        />
        <ClashAt at="prescriber" />
        <DateField
          label={t('patient.tumourBoardOn')}
          {...datesBeside(content, 'tumour_board')}
          value={content.tumourBoardOn}
          onChange={(tumourBoardOn) => change({ tumourBoardOn })}
        />
        <ClashAt at="tumourBoardOn" />
        <Checkbox
          className={classes.wide}
          data-line="patient_informed"
          label={t('patient.informed')}
          description={t('patient.informedAbout')}
          checked={content.patientInformed}
          onChange={(event) => change({ patientInformed: event.currentTarget.checked })}
        />
        <ClashAt at="patientInformed" />
      </div>
    </Section>
  );
}
