import { z } from 'zod';
import { language, objectId } from '../http/page.js';

export const role = z.enum(['submitter', 'preparer', 'reviewer', 'coordinator', 'admin']);
export type Role = z.infer<typeof role>;

/** Where parcels reach a house, as an envelope says it. */
export const postalAddress = z.object({
  /** The department that opens the parcels; empty when the house has only one. */
  service: z.string().trim().max(100).default(''),
  street: z.string().trim().min(1).max(100),
  postcode: z.string().regex(/^\d{5}$/),
  town: z.string().trim().min(1).max(60),
  phone: z
    .string()
    .trim()
    .max(30)
    .regex(/^[+\d .()-]*$/)
    .default(''),
});
export type PostalAddress = z.infer<typeof postalAddress>;

/** What an organisation decides on its slides. */
export const slideRules = z.object({
  /** The photographs of labels, which may carry names: kept, or destroyed once every reading is signed. */
  labels: z.enum(['keep', 'destroy_after_sign_out']),
  /** Bytes of slides that its cases may keep; null: no limit but the disk's. */
  quotaBytes: z.number().int().min(1_000_000).max(1e15).nullable(),
  /** Months after the last sign-out before slides are purged; null: never. */
  retentionMonths: z.number().int().min(1).max(1200).nullable(),
});
export type SlideRules = z.infer<typeof slideRules>;

/** The regions of France, INSEE's names (code officiel géographique, 2025). */
export const REGIONS = [
  'Auvergne-Rhône-Alpes',
  'Bourgogne-Franche-Comté',
  'Bretagne',
  'Centre-Val de Loire',
  'Corse',
  'Grand Est',
  'Guadeloupe',
  'Guyane',
  'Hauts-de-France',
  'Île-de-France',
  'La Réunion',
  'Martinique',
  'Mayotte',
  'Normandie',
  'Nouvelle-Aquitaine',
  'Occitanie',
  'Pays de la Loire',
  'Provence-Alpes-Côte d’Azur',
] as const;

export const organisationKind = z.enum(['chu', 'clcc', 'ch', 'private']);

/** What a house is called and where it is. */
export const organisationFacts = z.object({
  name: z.string().trim().min(1).max(120),
  city: z.string().trim().min(1).max(60),
  region: z.enum(REGIONS),
  kind: organisationKind,
});
export type OrganisationFacts = z.infer<typeof organisationFacts>;

export const organisation = z.object({
  id: objectId,
  name: z.string(),
  city: z.string(),
  /** French administrative region, INSEE name. */
  region: z.string(),
  kind: organisationKind,
  /** Null until an administrator has given it: no slip can be printed for a house without one. */
  address: postalAddress.nullable(),
  slideRules,
});
export type Organisation = z.infer<typeof organisation>;

/** What a network makes of a person: reads for it, or coordinates it. */
export const networkMembership = z.object({
  networkId: z.string(),
  as: z.enum(['reviewer', 'coordinator']),
  /** Entity families the reviewer is competent for; empty means all of the network's. */
  competences: z.array(z.string()).default([]),
  /** Patients a reviewer reads for; a child is under 18. */
  ages: z.enum(['all', 'adult', 'child']).default('all'),
  /** Of a coordinating centre: takes third readings. */
  third: z.boolean().default(false),
});
export type NetworkMembership = z.infer<typeof networkMembership>;

/** Calendar days, both included. */
export const leave = z
  .object({ from: z.iso.date(), to: z.iso.date() })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'before_from' });
export type Leave = z.infer<typeof leave>;

/** When, how much and for whom a reviewer reads. */
export const availability = z.object({
  leaves: z.array(leave).max(100),
  /** Open reviews a reviewer accepts at a time; an urgent one counts for two. */
  capacity: z.number().int().min(0).max(200),
  /** Organisations whose cases the reviewer does not read: a declared conflict of interest. */
  conflicts: z.array(objectId).max(100),
});
export type Availability = z.infer<typeof availability>;

/** `GET /api/users/me/availability`, with the organisations one may name. */
export const ownAvailability = availability.extend({
  organisations: z.array(z.object({ id: objectId, name: z.string() })),
});

export const user = z.object({
  id: objectId,
  email: z.email(),
  firstName: z.string(),
  lastName: z.string(),
  /** "Dr", "Pr" or empty. */
  title: z.string(),
  /** Répertoire partagé des professionnels de santé, 11 digits. */
  rpps: z.string().nullable(),
  roles: z.array(role),
  organisation,
  networks: z.array(networkMembership),
  /** Coordinators who also serve the national dispatch queue. */
  national: z.boolean(),
  language,
  /** Given by an administrator: its owner chooses another before anything else. */
  passwordTemporary: z.boolean(),
});
export type User = z.infer<typeof user>;

/** What an administrator sees of an account. */
export const account = user.extend({ active: z.boolean() }).extend(availability.shape);
export type Account = z.infer<typeof account>;

/** How a person is named to others: never more than this travels with a case. */
export const person = z.object({
  id: objectId,
  displayName: z.string(),
  organisation: z.string(),
  region: z.string().optional(),
});
export type Person = z.infer<typeof person>;

/** `POST /api/admin/organisations` */
export const newOrganisation = organisationFacts.extend({ address: postalAddress.nullable().default(null) });
/** `PATCH /api/admin/organisations/:organisationId` */
export const organisationChange = organisationFacts.extend({ address: postalAddress }).partial();
export type OrganisationChange = z.infer<typeof organisationChange>;

/** Long rather than odd: ANSSI, Recommandations relatives à l'authentification multifacteur et aux mots de passe (2021). */
export const PASSWORD_MIN = 12;
export const newPassword = z.string().min(PASSWORD_MIN).max(200);
/** `PUT /api/users/me/password` */
export const ownPassword = z.object({ current: z.string().max(200), password: newPassword });
/** A new account, or one whose owner forgot: shown to the administrator this once. */
export const temporaryPassword = z.object({ temporaryPassword: z.string() });

export const signInBody = z.object({ email: z.string().max(254), password: z.string().max(200) });
export const session = z.object({
  accessToken: z.string(),
  /** Seconds the access token lives. */
  expiresIn: z.number().int(),
  user,
});
export type Session = z.infer<typeof session>;

export const languageBody = z.object({ language });
