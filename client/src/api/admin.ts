import { slideUsage } from '@relecture/shared/slides/schema.js';
import {
  type Account,
  type Availability,
  account,
  type NetworkMembership,
  type OrganisationChange,
  type OrganisationFacts,
  organisation,
  type PostalAddress,
  type Role,
  type SlideRules,
  temporaryPassword,
} from '@relecture/shared/users/schema.js';
import { z } from 'zod';
import { request } from './http';

export type { Account };

/** What an administrator may change of a person. Always sent whole: what is not sent could be emptied. */
export interface AccountChange {
  firstName: string;
  lastName: string;
  title: string;
  rpps: string | null;
  roles: Role[];
  networks: NetworkMembership[];
  national: boolean;
}

export const listAccounts = () =>
  request('GET', '/api/admin/users', { answer: z.object({ items: z.array(account) }) });
/** Answers a password that is shown this once. */
export const createAccount = (body: AccountChange & { email: string; organisationId: string }) =>
  request('POST', '/api/admin/users', { body, answer: account.extend(temporaryPassword.shape) });
export const givePassword = (userId: string) =>
  request('POST', `/api/admin/users/${userId}/password`, { body: {}, answer: temporaryPassword });
export const changeAccount = (
  userId: string,
  body: AccountChange & { active: boolean } & Partial<Availability>,
) => request('PATCH', `/api/admin/users/${userId}`, { body, answer: account });

export const addOrganisation = (body: OrganisationFacts & { address: PostalAddress | null }) =>
  request('POST', '/api/admin/organisations', { body, answer: organisation });
export const changeOrganisation = (organisationId: string, body: OrganisationChange) =>
  request('PATCH', `/api/admin/organisations/${organisationId}`, { body, answer: organisation });

export const changeSlideRules = (organisationId: string, body: SlideRules) =>
  request('PUT', `/api/admin/organisations/${organisationId}/slide-rules`, { body, answer: organisation });
export const listSlideUsage = () =>
  request('GET', '/api/admin/slide-usage', { answer: z.object({ items: z.array(slideUsage) }) });

const accessEntry = z.object({
  seq: z.number().int(),
  at: z.string(),
  actorId: z.string().nullable(),
  action: z.string(),
  recordKind: z.string(),
  recordId: z.string(),
  caseNumber: z.string().nullable(),
});
export type AccessEntry = z.infer<typeof accessEntry>;

export const readAccessLog = (
  filter: { actorId?: string | undefined; recordId?: string | undefined },
  after: number | null,
) =>
  request('GET', '/api/admin/audit', {
    query: { ...filter, after },
    answer: z.object({ items: z.array(accessEntry), next: z.number().int().nullable() }),
  });
export const checkAccessChain = () =>
  request('GET', '/api/admin/audit/check', {
    answer: z.object({ entries: z.number().int(), brokenAt: z.number().int().nullable() }),
  });
