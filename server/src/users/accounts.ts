import { type CalendarId, calendarOf } from '@relecture/shared/assignments/calendars.js';
import {
  type Availability,
  type NetworkMembership,
  networkMembership,
  type OrganisationChange,
  type Person,
  type PostalAddress,
  type SlideRules,
} from '@relecture/shared/users/schema.js';
import type { Types } from 'mongoose';
import type { z } from 'zod';
import { recordAccess } from '../platform/access-log.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import {
  OrganisationModel,
  type OrganisationRecord,
  SessionModel,
  UserModel,
  type UserRecord,
} from './model.js';
import { hashPassword } from './passwords.js';
import { presentAvailability, presentPerson } from './present.js';
import { forgetPrincipals } from './sessions.js';

export interface NewUser {
  email: string;
  password: string;
  passwordTemporary?: boolean;
  firstName: string;
  lastName: string;
  title?: string;
  rpps?: string | null;
  roles: UserRecord['roles'];
  organisationId: string | Types.ObjectId;
  networks?: readonly z.input<typeof networkMembership>[];
  national?: boolean;
  language?: 'fr' | 'en';
  demo?: boolean;
  capacity?: number;
}

/** @throws {ProblemError} INVALID_INPUT when the e-mail is taken or the organisation unknown. */
export async function createUser(input: NewUser): Promise<UserRecord> {
  const organisation = await OrganisationModel.exists({ _id: input.organisationId });
  if (!organisation) throw invalid('organisationId', 'unknown');
  const { password, networks = [], ...rest } = input;
  const passwordHash = await hashPassword(password);
  const created = await unlessTaken('email', () =>
    UserModel.create({
      ...rest,
      networks: networks.map((membership) => networkMembership.parse(membership)),
      email: input.email.trim().toLowerCase(),
      passwordHash,
      createdAt: new Date(),
    }),
  );
  return created.toObject();
}

/** @throws {ProblemError} INVALID_INPUT on a field that must be unlike all others. */
async function unlessTaken<T>(field: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if ((error as { code?: number }).code === 11000) throw invalid(field, 'taken');
    throw error;
  }
}

export const invalid = (path: string, code: string) =>
  new ProblemError('INVALID_INPUT', { fields: [{ path, code, message: code }] });

export type UserChange = Partial<
  Pick<
    UserRecord,
    | 'firstName'
    | 'lastName'
    | 'title'
    | 'rpps'
    | 'roles'
    | 'networks'
    | 'national'
    | 'language'
    | 'active'
    | 'capacity'
    | 'leaves'
    | 'conflicts'
  >
>;

/**
 * An account made by an administrator, on record with the rights that it gives. Its owner chooses a password of their
 * own at the first sign-in: the one it is made with is known to two.
 */
export async function createAccount(input: NewUser, by: Actor): Promise<UserRecord> {
  const user = await createUser({ ...input, passwordTemporary: true });
  await record('user.created', by, String(user._id), rightsOf(user));
  return user;
}

/** Null: the command line, which whoever keeps the machine holds. */
export type Actor = Pick<Principal, 'id'> | null;

/**
 * By the person themselves or an administrator. What was changed is on record, rights with their new value.
 * @throws {ProblemError} NOT_FOUND; INVALID_INPUT an unknown organisation among the conflicts
 */
export async function changeUser(userId: string, change: UserChange, by: Actor): Promise<UserRecord> {
  const conflicts = [...new Set(change.conflicts)];
  if ((await OrganisationModel.countDocuments({ _id: { $in: conflicts } })) !== conflicts.length)
    throw invalid('conflicts', 'unknown');
  const user = await UserModel.findByIdAndUpdate(
    userId,
    { $set: change },
    { returnDocument: 'after' },
  ).lean<UserRecord>();
  if (!user) throw new ProblemError('NOT_FOUND');
  await forgetPrincipals(userId);
  await record('user.changed', by, userId, {
    fields: Object.keys(change).sort().join(' '),
    ...rightsOf(change),
  });
  return user;
}

export const record = (action: string, by: Actor, recordId: string, params: Record<string, string> = {}) =>
  recordAccess({ actorId: by?.id ?? null, action, recordKind: action.split('.')[0] ?? '', recordId, params });

/** Who may do what, of what a change names. */
const rightsOf = ({ roles, networks, national, active }: UserChange): Record<string, string> => ({
  ...(roles ? { roles: roles.join(' ') } : {}),
  ...(networks ? { networks: networks.map(({ networkId, as }) => `${networkId}:${as}`).join(' ') } : {}),
  ...(national === undefined ? {} : { national: String(national) }),
  ...(active === undefined ? {} : { active: String(active) }),
});

export async function createOrganisation(
  input: Omit<OrganisationRecord, '_id' | 'address' | 'slideRules'> & {
    address?: PostalAddress | null;
    slideRules?: SlideRules;
  },
): Promise<OrganisationRecord> {
  return (await OrganisationModel.create(input)).toObject();
}

/** A house that an administrator adds. @throws {ProblemError} INVALID_INPUT when the name is taken. */
export async function addOrganisation(
  input: Omit<OrganisationRecord, '_id' | 'slideRules'>,
  by: Actor,
): Promise<OrganisationRecord> {
  const organisation = await unlessTaken('name', () => createOrganisation(input));
  await record('organisation.created', by, String(organisation._id));
  return organisation;
}

export async function changeOrganisation(
  organisationId: string,
  change: OrganisationChange,
  by: Actor,
): Promise<OrganisationRecord> {
  const organisation = await unlessTaken('name', () => setOrganisation(organisationId, change));
  await record('organisation.changed', by, organisationId, { fields: Object.keys(change).sort().join(' ') });
  return organisation;
}

/** Who changed what is destroyed, and when, is on record before anything is. */
export async function changeSlideRules(
  organisationId: string,
  slideRules: SlideRules,
  principal: Principal,
): Promise<OrganisationRecord> {
  const { labels, quotaBytes, retentionMonths } = slideRules;
  await recordAccess({
    actorId: principal.id,
    action: 'organisation.slide-rules-changed',
    recordKind: 'organisation',
    recordId: organisationId,
    params: { labels, quotaBytes: quotaBytes ?? 'none', retentionMonths: retentionMonths ?? 'none' },
  });
  return await setOrganisation(organisationId, { slideRules });
}

async function setOrganisation(
  organisationId: string,
  change: OrganisationChange | { slideRules: SlideRules },
): Promise<OrganisationRecord> {
  const organisation = await OrganisationModel.findByIdAndUpdate(
    organisationId,
    { $set: change },
    { returnDocument: 'after' },
  ).lean<OrganisationRecord>();
  if (!organisation) throw new ProblemError('NOT_FOUND');
  return organisation;
}

export const getUser = (userId: string | Types.ObjectId): Promise<UserRecord | null> =>
  UserModel.findById(userId).lean<UserRecord>().exec();

export const findUserByEmail = (email: string): Promise<UserRecord | null> =>
  UserModel.findOne({ email: email.trim().toLowerCase() }).lean<UserRecord>().exec();

export const findOrganisation = (name: string): Promise<OrganisationRecord | null> =>
  OrganisationModel.findOne({ name }).lean<OrganisationRecord>().exec();

export async function getOrganisation(id: string | Types.ObjectId): Promise<OrganisationRecord> {
  const organisation = await OrganisationModel.findById(id).lean<OrganisationRecord>();
  if (!organisation) throw new ProblemError('NOT_FOUND');
  return organisation;
}

/** Small by nature: some 600 laboratories of pathology in France. */
export const listOrganisations = (): Promise<OrganisationRecord[]> =>
  OrganisationModel.find().sort({ name: 1 }).limit(2000).lean<OrganisationRecord[]>().exec();

/** Every reviewer of a network with what an assignment needs to know of them. */
export interface ReviewerFacts
  extends Availability,
    Pick<NetworkMembership, 'competences' | 'ages' | 'third'> {
  person: Person;
  organisationId: string;
  region: string;
}

export async function listReviewers(networkId: string): Promise<ReviewerFacts[]> {
  const users = await UserModel.find({
    active: true,
    networks: { $elemMatch: { networkId, as: 'reviewer' } },
    roles: 'reviewer',
  })
    .limit(500)
    .lean<UserRecord[]>();
  users.sort((a, b) => a.lastName.localeCompare(b.lastName, 'fr'));
  const organisations = new Map(
    (
      await OrganisationModel.find({ _id: { $in: users.map((user) => user.organisationId) } }).lean<
        OrganisationRecord[]
      >()
    ).map((organisation) => [String(organisation._id), organisation]),
  );
  return users.flatMap((user) => {
    const organisation = organisations.get(String(user.organisationId));
    const membership = user.networks.find(
      (network) => network.networkId === networkId && network.as === 'reviewer',
    );
    if (!organisation || !membership) return [];
    const { competences, ages, third } = networkMembership.parse(membership);
    return {
      person: presentPerson(user, organisation),
      organisationId: String(organisation._id),
      region: organisation.region,
      competences,
      ages,
      third,
      ...presentAvailability(user),
    };
  });
}

/** Everybody who reads in one house, whatever the network: what its preparers prepare for. */
export async function listReadersOf(organisationId: string | Types.ObjectId): Promise<Types.ObjectId[]> {
  const users = await UserModel.find({ organisationId, roles: 'reviewer' }, { _id: 1 })
    .limit(500)
    .lean<UserRecord[]>();
  return users.map(({ _id }) => _id);
}

export async function getPerson(userId: string | Types.ObjectId): Promise<Person | null> {
  const user = await getUser(userId);
  return user ? presentPerson(user, await getOrganisation(user.organisationId)) : null;
}

/** The public holidays that a person keeps: those of the house they work in. */
export async function calendarOfPerson(userId: string | Types.ObjectId): Promise<CalendarId> {
  const user = await getUser(userId);
  return user ? calendarOf(await getOrganisation(user.organisationId)) : 'FR';
}

/** People who coordinate a network, or serve the national dispatch queue. */
export async function listCoordinators(networkId: string | 'national'): Promise<string[]> {
  const filter =
    networkId === 'national'
      ? { national: true }
      : { networks: { $elemMatch: { networkId, as: 'coordinator' } } };
  const users = await UserModel.find({ active: true, ...filter }, { _id: 1 })
    .limit(500)
    .lean();
  return users.map((user) => String(user._id));
}

export async function listAdministrators(): Promise<string[]> {
  const users = await UserModel.find({ active: true, roles: 'admin' }, { _id: 1 }).limit(500).lean();
  return users.map((user) => String(user._id));
}

/** Active people of an organisation who send cases. */
export async function listSenders(organisationId: string | Types.ObjectId): Promise<string[]> {
  const users = await UserModel.find(
    { organisationId, active: true, roles: { $in: ['submitter', 'preparer'] } },
    { _id: 1 },
  )
    .limit(500)
    .lean();
  return users.map((user) => String(user._id));
}

/** Active people who prepare for the readers of these houses. */
export async function listPreparers(organisationIds: readonly Types.ObjectId[]): Promise<string[]> {
  if (organisationIds.length === 0) return [];
  const users = await UserModel.find(
    { organisationId: { $in: [...organisationIds] }, active: true, roles: 'preparer' },
    { _id: 1 },
  )
    .limit(500)
    .lean();
  return users.map((user) => String(user._id));
}

export const countUsers = (): Promise<number> => UserModel.estimatedDocumentCount().exec();
/** Has anybody an account of their own, or ever signed in? */
export const hasStrangers = async (): Promise<boolean> =>
  (await UserModel.exists({ demo: { $ne: true } })) !== null || (await SessionModel.exists({})) !== null;
export type DemoAccount = Pick<UserRecord, 'email' | 'roles' | 'networks' | 'national'>;

export const listDemoAccounts = (): Promise<DemoAccount[]> =>
  UserModel.find({ demo: true }, { email: 1, roles: 1, networks: 1, national: 1, _id: 0 })
    .sort({ email: 1 })
    .limit(100)
    .lean<DemoAccount[]>()
    .exec();

/** Small by nature: France has some 1,600 pathologists (DREES, 2024), and their secretaries. */
export const listUsers = (): Promise<UserRecord[]> =>
  UserModel.find().sort({ lastName: 1, _id: 1 }).limit(5000).lean<UserRecord[]>().exec();
