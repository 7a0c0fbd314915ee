import { Text } from '@mantine/core';
import { wordProblem } from './problem-words';

/** What went wrong with what was just sent, and what to do about it; nothing while all is well. */
export function FormError({ error }: { error: unknown }) {
  if (!error) return null;
  const { title, advice } = wordProblem(error);
  return (
    <Text role="alert" c="var(--tone-red)">
      {title} {advice}
    </Text>
  );
}
