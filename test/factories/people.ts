import { randomUUID } from 'node:crypto';
import { createOrganisation, createUser, type NewUser } from '@relecture/server/users/index.js';
import type { Client, TestApp } from '../support/app.js';

export const PASSWORD = 'correct horse battery';

export async function makeOrganisation(overrides: Partial<Parameters<typeof createOrganisation>[0]> = {}) {
  return await createOrganisation({
    name: `CHU ${randomUUID().slice(0, 8)}`,
    city: 'Rennes',
    region: 'Bretagne',
    kind: 'chu',
    ...overrides,
  });
}

export async function makeUser(overrides: Partial<NewUser> & Pick<NewUser, 'roles' | 'organisationId'>) {
  return await createUser({
    email: `${randomUUID()}@relecture.test`,
    password: PASSWORD,
    firstName: 'Claude',
    lastName: `Personne-${randomUUID().slice(0, 4)}`,
    title: 'Dr',
    ...overrides,
  });
}

export interface People {
  readonly submitter: Client;
  readonly preparer: Client;
  readonly reviewer: Client;
  readonly otherReviewer: Client;
  readonly coordinator: Client;
  readonly national: Client;
  readonly admin: Client;
  /** Same roles as `submitter`, in an organisation that has nothing to do with the case. */
  readonly stranger: Client;
  readonly senderOrganisationId: string;
}

/** One person a role, for one network; each in the organisation that the rules expect. */
export async function makePeople(app: TestApp, networkId = 'LYMPHOPATH'): Promise<People> {
  const sender = await makeOrganisation();
  const expert = await makeOrganisation({ city: 'Lille', region: 'Hauts-de-France' });
  const second = await makeOrganisation({ city: 'Lyon', region: 'Auvergne-Rhône-Alpes', kind: 'clcc' });
  const far = await makeOrganisation({ city: 'Nice', region: 'Provence-Alpes-Côte d’Azur', kind: 'ch' });
  const reads = [{ networkId, as: 'reviewer' as const, competences: [] }];
  const coordinates = [{ networkId, as: 'coordinator' as const, competences: [] }];
  const account = async (
    roles: NewUser['roles'],
    organisationId: NewUser['organisationId'],
    rest: Partial<NewUser> = {},
  ) => {
    const user = await makeUser({ roles, organisationId, ...rest });
    return await app.signIn(user.email, PASSWORD);
  };
  return {
    submitter: await account(['submitter'], sender._id),
    preparer: await account(['preparer'], sender._id),
    reviewer: await account(['reviewer'], expert._id, { networks: reads }),
    otherReviewer: await account(['reviewer'], second._id, { networks: reads }),
    coordinator: await account(['coordinator'], expert._id, { networks: coordinates }),
    national: await account(['coordinator'], second._id, { national: true }),
    admin: await account(['admin'], far._id),
    stranger: await account(['submitter'], far._id),
    senderOrganisationId: String(sender._id),
  };
}
