import { Select, TextInput } from '@mantine/core';
import { insStatus, type PatientIdentity } from '@relecture/shared/cases/schema.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readIns } from './ins';

interface InsFieldsProps {
  patient: Partial<PatientIdentity>;
  set: (part: Partial<PatientIdentity>) => void;
  /** What stands in the field is not a matricule, so nothing of it is kept. */
  onWrong?: (wrong: boolean) => void;
}

/** Only a matricule whose key is right is kept; until then it stays in the field, and the field says why. */
export function InsFields({ patient, set, onWrong }: InsFieldsProps) {
  const { t } = useTranslation('submission');
  const [typed, setTyped] = useState(patient.ins?.matricule ?? '');
  const [left, setLeft] = useState(false);
  const kept = patient.ins?.matricule ?? null;
  const mine = readIns(typed);
  // Another tab may have changed it since: a right matricule on the screen is always the one that is kept.
  const text = (mine.valid ? mine.matricule : null) === kept ? typed : (kept ?? '');
  const read = readIns(text);
  const wrong = text.trim() !== '' && !read.valid;
  const [chosen, setChosen] = useState(patient.ins?.status ?? 'provisional');
  const status = patient.ins?.status ?? chosen;
  return (
    <>
      <TextInput
        label={t('patient.ins')}
        placeholder="1 85 05 78 006 084 36"
        autoComplete="off"
        inputMode="text"
        maxLength={24}
        value={text}
        error={wrong && left ? t('patient.insWrong') : undefined}
        onBlur={() => setLeft(true)}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          const next = readIns(event.currentTarget.value);
          onWrong?.(!next.valid && event.currentTarget.value.trim() !== '');
          if (next.valid) set({ ins: { matricule: next.matricule, status } });
          else if (patient.ins) set({ ins: null });
        }}
      />
      <Select
        label={t('patient.insStatus')}
        allowDeselect={false}
        data={insStatus.options.map((value) => ({ value, label: t(`patient.insStatuses.${value}`) }))}
        value={status}
        onChange={(value) => {
          const next = insStatus.parse(value);
          setChosen(next);
          if (patient.ins) set({ ins: { ...patient.ins, status: next } });
        }}
      />
    </>
  );
}
