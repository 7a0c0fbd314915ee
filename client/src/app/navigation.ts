import type { User } from '@relecture/shared/users/schema.js';
import { hasRole } from './session';

export interface NavigationItem {
  to: string;
  key: 'cases' | 'arrivals' | 'worklist' | 'board' | 'dispatch' | 'networks' | 'admin';
}

export function navigationOf(user: User): NavigationItem[] {
  const items: (NavigationItem & { shown: boolean })[] = [
    { to: '/worklist', key: 'worklist', shown: hasRole(user, 'reviewer', 'preparer') },
    { to: '/cases', key: 'cases', shown: hasRole(user, 'submitter', 'preparer') },
    { to: '/arrivals', key: 'arrivals', shown: hasRole(user, 'submitter', 'preparer') },
    { to: '/board', key: 'board', shown: hasRole(user, 'coordinator') },
    { to: '/dispatch', key: 'dispatch', shown: user.national },
    { to: '/networks', key: 'networks', shown: true },
    { to: '/admin', key: 'admin', shown: hasRole(user, 'admin') },
  ];
  return items.filter((item) => item.shown);
}
