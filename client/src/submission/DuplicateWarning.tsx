import { Anchor, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { PatientIdentity } from '@relecture/shared/cases/schema.js';
import { IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { findDuplicates } from '../api/cases';
import { Notice } from '../ui/Notice';

interface DuplicateWarningProps {
  patient: Partial<PatientIdentity>;
  caseId: string | null;
}

/** Warns when this person, or this exam number, is already in; it never prevents. */
export function DuplicateWarning({ patient, caseId }: DuplicateWarningProps) {
  const { t } = useTranslation('submission');
  const { birthName, firstName, birthDate, sex, ins, localExamNumber } = patient;
  const asked = { birthName, firstName, birthDate, sex, ins, localExamNumber };
  const [settled] = useDebouncedValue(JSON.stringify(asked), 900);
  const enough = Boolean(localExamNumber || ins || (birthName && firstName && birthDate));
  const found = useQuery({
    // The key must not hold a name: it stays in the developer's tools. The text itself is asked afresh each time.
    queryKey: ['duplicates', caseId, fold(settled)],
    queryFn: () => findDuplicates(JSON.parse(settled) as Partial<PatientIdentity>, caseId ?? undefined),
    enabled: enough,
    gcTime: 0,
  });
  const person = found.data?.samePerson ?? [];
  const exam = (found.data?.sameExam ?? []).filter((other) => !person.some((item) => item.id === other.id));
  if (person.length + exam.length === 0) return null;
  const links = (items: { id: string; number: string }[]) =>
    items.map((item, index) => (
      <span key={item.id}>
        {index > 0 ? ', ' : ''}
        <Anchor component={Link} to={`/cases/${item.id}`} target="_blank" underline="always">
          {item.number}
        </Anchor>
      </span>
    ));
  return (
    <Notice
      tone="amber"
      icon={<IconUsers size={20} />}
      title={t('duplicates.title')}
      testId="duplicate-warning"
    >
      {person.length > 0 ? (
        <Text>
          {t('duplicates.person')} {links(person)}
        </Text>
      ) : null}
      {exam.length > 0 ? (
        <Text>
          {t('duplicates.exam')} {links(exam)}
        </Text>
      ) : null}
      <Text size="sm">{t('duplicates.advice')}</Text>
    </Notice>
  );
}

function fold(text: string): number {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return hash;
}
