import { Button, Group, Modal, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { type PatientIdentity, patientIdentity, sex } from '@relecture/shared/cases/schema.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { correctPatient } from '../api/cases';
import { keys } from '../api/keys';
import { InsFields } from '../submission/InsFields';
import { DateField } from '../ui/DateField';
import { FormError } from '../ui/FormError';

/** The wrong patient was typed: the former identity stays on record, and the timeline says that it was corrected. */
export function CorrectPatient({ page, onClose }: { page: CasePage; onClose: () => void }) {
  const { t } = useTranslation('case');
  const { t: form } = useTranslation('submission');
  const { t: ui } = useTranslation('ui');
  const client = useQueryClient();
  const [patient, setPatient] = useState<Partial<PatientIdentity>>(page.patient ?? {});
  const [reason, setReason] = useState('');
  const [wrongIns, setWrongIns] = useState(false);
  const set = (part: Partial<PatientIdentity>) => setPatient({ ...patient, ...part });
  const read = patientIdentity.safeParse(patient);
  const complete = read.success && read.data.birthName && read.data.firstName && read.data.localExamNumber;
  const correct = useMutation({
    mutationFn: () => correctPatient(page.id, patientIdentity.parse(patient), reason.trim()),
    onSuccess: (corrected) => {
      client.setQueryData(keys.cases.one(page.id), corrected);
      void client.invalidateQueries({ queryKey: keys.cases.all });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('correctPatient.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': ui('close') }}
    >
      <Stack>
        <Text>{t('correctPatient.about')}</Text>
        <SimpleGrid cols={2}>
          <TextInput
            label={form('patient.birthName')}
            required
            data-autofocus
            value={patient.birthName ?? ''}
            onChange={(event) => set({ birthName: event.currentTarget.value })}
          />
          <TextInput
            label={form('patient.firstName')}
            required
            value={patient.firstName ?? ''}
            onChange={(event) => set({ firstName: event.currentTarget.value })}
          />
          <TextInput
            label={form('patient.usedName')}
            value={patient.usedName ?? ''}
            onChange={(event) => set({ usedName: event.currentTarget.value })}
          />
          <DateField
            label={form('patient.birthDate')}
            required
            value={patient.birthDate ?? null}
            onChange={(birthDate) => set({ birthDate: birthDate ?? undefined })}
          />
          <Select
            label={form('patient.sex')}
            required
            allowDeselect={false}
            data={sex.options.map((value) => ({ value, label: ui(`sex.${value}`) }))}
            value={patient.sex ?? null}
            onChange={(value) => set({ sex: sex.parse(value) })}
          />
          <TextInput
            label={form('patient.localExamNumber')}
            required
            value={patient.localExamNumber ?? ''}
            onChange={(event) => set({ localExamNumber: event.currentTarget.value })}
          />
          <InsFields patient={patient} set={set} onWrong={setWrongIns} />
        </SimpleGrid>
        <Textarea
          label={t('correctPatient.reason')}
          required
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormError error={correct.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button
            disabled={!complete || wrongIns || reason.trim().length < 3}
            loading={correct.isPending}
            onClick={() => correct.mutate()}
          >
            {t('correctPatient.verb')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
