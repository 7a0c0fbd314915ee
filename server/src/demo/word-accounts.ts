import type { Role } from '@relecture/shared/users/schema.js';
import type { DemoAccount } from '../users/index.js';

const ROLES: Record<Role, string> = {
  submitter: 'pathologiste demandeur',
  preparer: 'préparateur',
  reviewer: 'expert',
  coordinator: 'coordonnateur',
  admin: 'administrateur',
};

/** One line of the terminal for each account: whom to sign in as, for what. */
export function wordAccounts(accounts: readonly DemoAccount[]): string[] {
  const width = Math.max(0, ...accounts.map(({ email }) => email.length));
  return accounts.map(({ email, roles, networks, national }) => {
    const reach = [...networks.map(({ networkId }) => networkId), ...(national ? ['national'] : [])];
    const words = roles.map((role) => ROLES[role]).join(', ');
    return `${email.padEnd(width)}  ${words}${reach.length > 0 ? ` · ${reach.join(', ')}` : ''}`;
  });
}
