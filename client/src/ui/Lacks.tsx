import { Text } from '@mantine/core';
import { type AdmissionLack, isForSender } from '@relecture/shared/assignments/admission.js';
import i18next from 'i18next';
import { formatList } from './format';

const wordLack = ({ code, what, count }: AdmissionLack): string =>
  i18next.t(`lacks.${code}`, { ns: 'ui', what: what ?? '', count: count ?? 1 });

/** « Il manque : une lame HES. En attente : colis en route. », or nothing. */
export function wordLacks(lacks: readonly AdmissionLack[]): string {
  const list = (found: readonly AdmissionLack[]) => formatList([...new Set(found.map(wordLack))]);
  const missing = lacks.filter(isForSender);
  const waiting = lacks.filter((lack) => !isForSender(lack));
  return [
    missing.length > 0 ? i18next.t('lacks.missing', { ns: 'ui', what: list(missing) }) : '',
    waiting.length > 0 ? i18next.t('lacks.waiting', { ns: 'ui', what: list(waiting) }) : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** What a case lacks before it is admitted, in one line. */
export function Lacks({ lacks }: { lacks: readonly AdmissionLack[] }) {
  if (lacks.length === 0) return null;
  return (
    <Text size="sm" data-testid="lacks">
      {wordLacks(lacks)}
    </Text>
  );
}
