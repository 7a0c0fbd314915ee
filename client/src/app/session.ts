import type { Role, User } from '@relecture/shared/users/schema.js';
import { createContext, use, useSyncExternalStore } from 'react';
import { getSession, onSession } from '../api/session';

export const useSession = () => useSyncExternalStore(onSession, getSession);

/** The signed-in person, given by `SignedIn` to every screen under it. */
export const CurrentUser = createContext<User | null>(null);

export function useUser(): User {
  const user = use(CurrentUser);
  if (!user) throw new Error('useUser outside SignedIn');
  return user;
}

export const hasRole = (user: User, ...roles: Role[]) => roles.some((role) => user.roles.includes(role));

/** Where each role's day starts. */
export function homeOf(user: User): string {
  if (hasRole(user, 'reviewer')) return '/worklist';
  if (hasRole(user, 'coordinator')) return '/board';
  if (hasRole(user, 'submitter', 'preparer')) return '/cases';
  return hasRole(user, 'admin') ? '/admin' : '/cases';
}
