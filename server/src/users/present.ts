import type { Organisation, Person, User } from '@relecture/shared/users/schema.js';
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
  networks: user.networks.map(({ networkId, as, competences }) => ({
    networkId,
    as,
    competences: [...competences],
  })),
  national: user.national,
  language: user.language,
});

export const presentPerson = (user: UserRecord, organisation: OrganisationRecord): Person => ({
  id: String(user._id),
  displayName: displayName(user),
  organisation: organisation.name,
  region: organisation.region,
});
