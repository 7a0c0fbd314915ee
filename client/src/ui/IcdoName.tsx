import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { readIcdo3 } from '../api/icdo3';
import { keys } from '../api/keys';
import { currentLanguage } from '../i18n';

/** A site or a morphology in words, with its code small. */
export function IcdoName({ code, withCode = true }: { code: string; withCode?: boolean }) {
  const language = currentLanguage();
  const { data } = useQuery({
    queryKey: keys.icdo3.one(code, language),
    queryFn: () => readIcdo3(code, language),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <span>
      {data?.label ?? ''}
      {withCode ? (
        <Text span size="xs" c="dimmed">
          {data ? ' ' : ''}
          {code}
        </Text>
      ) : null}
    </span>
  );
}
