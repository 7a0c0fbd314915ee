import { Center, Loader, Stack, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { resumeSession } from '../api/session';
import { ErrorState } from '../ui/ErrorState';

/** While the page asks whether somebody is signed in; says so when the server does not answer. */
export function Opening() {
  const { t } = useTranslation();
  const [failure, setFailure] = useState<unknown>(null);
  const ask = useCallback(() => {
    setFailure(null);
    resumeSession().catch(setFailure);
  }, []);
  useEffect(ask, [ask]);
  return (
    <Center h="100vh">
      {failure ? (
        <ErrorState error={failure} onRetry={ask} />
      ) : (
        <Stack align="center" role="status">
          <Loader size="sm" />
          <Text c="dimmed">{t('starting')}</Text>
        </Stack>
      )}
    </Center>
  );
}
