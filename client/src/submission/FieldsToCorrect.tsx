import { Text } from '@mantine/core';
import { correctableFields } from '@relecture/shared/routing/schema.js';
import { useTranslation } from 'react-i18next';

interface FieldsToCorrectProps {
  fields: readonly { field: string; message: string }[];
}

/** « Sexe, siège de la tumeur : … »: each contradiction once, with the fields it stands between. */
export function FieldsToCorrect({ fields }: FieldsToCorrectProps) {
  const { t } = useTranslation('submission');
  const byMessage = new Map<string, string[]>();
  for (const { field, message } of fields) {
    const known = correctableFields.find((name) => name === field);
    const words = byMessage.get(message) ?? [];
    if (known) words.push(t(`correctable.${known}`));
    byMessage.set(message, words);
  }
  return [...byMessage].map(([message, words]) => (
    <Text key={message}>
      {words.length > 0 ? <strong>{t('correctable.named', { fields: words.join(', ') })} </strong> : null}
      {message}
    </Text>
  ));
}
