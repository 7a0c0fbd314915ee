import { Button } from '@mantine/core';
import { IconMapPinQuestion, IconRefresh } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { isRouteErrorResponse, Link, useRouteError } from 'react-router';
import { EmptyState } from '../ui/EmptyState';
import { wordProblem } from '../ui/problem-words';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyState
      wholePage
      icon={<IconMapPinQuestion />}
      title={t('notFound.title')}
      description={t('notFound.advice')}
      action={
        <Button component={Link} to="/">
          {t('notFound.home')}
        </Button>
      }
    />
  );
}

/** What was asked for is not there, or not for this account: the server does not say which. */
export function NotHere({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const words = wordProblem(error);
  return (
    <EmptyState
      wholePage
      icon={<IconMapPinQuestion />}
      title={words.title}
      description={words.advice}
      action={
        <Button component={Link} to="/">
          {t('notFound.home')}
        </Button>
      }
    />
  );
}

/** A screen that failed to draw or to be fetched: the rest of the page stands. */
export function Crash() {
  const { t } = useTranslation();
  const error = useRouteError();
  useEffect(() => {
    // Never the message: it may quote what was on the screen.
    console.error(error instanceof Error ? error.name : 'screen failed');
  }, [error]);
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  return (
    <EmptyState
      wholePage
      icon={<IconRefresh />}
      title={t('crash.title')}
      description={t('crash.advice')}
      action={<Button onClick={() => window.location.reload()}>{t('crash.reload')}</Button>}
    />
  );
}
