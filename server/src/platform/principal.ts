import type { Role } from '@relecture/shared/users/schema.js';

/** Who is asking: what every policy decides on. */
export interface Principal {
  readonly id: string;
  readonly displayName: string;
  readonly organisationId: string;
  readonly organisationName: string;
  readonly region: string;
  readonly roles: readonly Role[];
  readonly networks: ReadonlyArray<{ readonly networkId: string; readonly as: 'reviewer' | 'coordinator' }>;
  readonly national: boolean;
  /** The session this request belongs to, for revocation and sockets. */
  readonly sessionId: string;
}

export const hasRole = (principal: Principal, ...roles: Role[]): boolean =>
  roles.some((role) => principal.roles.includes(role));

export const coordinates = (principal: Principal, networkId: string): boolean =>
  principal.networks.some((network) => network.networkId === networkId && network.as === 'coordinator');

export const readsFor = (principal: Principal, networkId: string): boolean =>
  principal.networks.some((network) => network.networkId === networkId && network.as === 'reviewer');

/** How an act is signed on a timeline; shape of `person` in the shared contract. */
export const asPerson = (principal: Principal) => ({
  id: principal.id,
  displayName: principal.displayName,
  organisation: principal.organisationName,
  region: principal.region,
});
