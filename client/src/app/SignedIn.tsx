import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import { chosenLanguage, currentLanguage, speak } from '../i18n';
import { useRealtime } from '../realtime/hooks';
import { Opening } from './Opening';
import { CurrentUser, useSession } from './session';

const FirstPassword = lazy(() => import('../account/FirstPassword'));

/** Every screen but the sign-in stands behind this door. */
export function SignedIn() {
  const session = useSession();
  const location = useLocation();
  const client = useQueryClient();
  const user = session.status === 'signed-in' ? session.user : null;
  const userId = user?.id ?? null;
  const lastUser = useRef<string | null>(null);
  useRealtime(userId);

  useEffect(() => {
    // Another person took the seat: nothing the former one had loaded may show.
    if (lastUser.current !== null && lastUser.current !== userId) client.clear();
    lastUser.current = userId;
  }, [client, userId]);

  const language = user?.language;
  useEffect(() => {
    if (language && chosenLanguage() === null && language !== currentLanguage()) void speak(language);
  }, [language]);

  if (session.status === 'unknown') return <Opening />;
  if (!user) {
    const from = `${location.pathname}${location.search}`;
    return (
      <Navigate
        to="/sign-in"
        replace
        state={{ from: session.status === 'signed-out' && session.reason === 'chosen' ? '/' : from }}
      />
    );
  }
  return (
    <CurrentUser value={user}>
      {user.passwordTemporary ? (
        <Suspense fallback={<Opening />}>
          <FirstPassword />
        </Suspense>
      ) : (
        <Outlet />
      )}
    </CurrentUser>
  );
}
