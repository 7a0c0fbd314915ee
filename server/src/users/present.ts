import {
  type Account,
  type Availability,
  networkMembership,
  type Organisation,
  type Person,
  type User,
} from '@relecture/shared/users/schema.js';
import { type OrganisationRecord, slideRulesOf, type UserRecord } from './model.js';

export const displayName = (user: Pick<UserRecord, 'title' | 'firstName' | 'lastName'>): string =>
  [user.title, user.firstName, user.lastName].filter(Boolean).join(' ');

export const presentOrganisation = (organisation: OrganisationRecord): Organisation => ({
  id: String(organisation._id),
  name: organisation.name,
  city: organisation.city,
  region: organisation.region,
  kind: organisation.kind,
  // A house of before addresses were kept has no such field.
  address: organisation.address ?? null,
  slideRules: slideRulesOf(organisation),
});

export const presentUser = (user: UserRecord, organisation: OrganisationRecord): User => ({
  id: String(user._id),
  email: user.email,
  firstName: user.firstName,
  lastName: user.lastName,
  title: user.title,
  rpps: user.rpps,
  roles: user.roles,
  organisation: presentOrganisation(organisation),
  // An account of before has neither ages nor levels.
  networks: user.networks.map((membership) => networkMembership.parse(membership)),
  national: user.national,
  language: user.language,
  // An account of before has no such field.
  passwordTemporary: user.passwordTemporary ?? false,
});

export const presentPerson = (user: UserRecord, organisation: OrganisationRecord): Person => ({
  id: String(user._id),
  displayName: displayName(user),
  organisation: organisation.name,
  region: organisation.region,
});

export const presentAvailability = ({ leaves, capacity, conflicts }: UserRecord): Availability => ({
  leaves: leaves.map(({ from, to }) => ({ from, to })),
  capacity,
  conflicts: [...(conflicts ?? [])],
});

export const presentAccount = (user: UserRecord, organisation: OrganisationRecord): Account => ({
  ...presentUser(user, organisation),
  active: user.active,
  ...presentAvailability(user),
});
