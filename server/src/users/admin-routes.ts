import {
  account,
  availability,
  networkMembership,
  newOrganisation,
  newPassword,
  organisation,
  organisationChange,
  role,
  slideRules,
  temporaryPassword,
} from '@relecture/shared/users/schema.js';
import { z } from 'zod';
import { type Api, only } from '../platform/endpoint.js';
import { ProblemError } from '../platform/problem.js';
import {
  addOrganisation,
  changeOrganisation,
  changeSlideRules,
  changeUser,
  createAccount,
  getOrganisation,
  getUser,
  listOrganisations,
  listUsers,
} from './accounts.js';
import { givePassword, makeTemporaryPassword } from './change-password.js';
import { presentAccount, presentOrganisation } from './present.js';

const tag = 'People';
const userId = z.object({ userId: z.string().regex(/^[0-9a-f]{24}$/) });

const organisationId = z.object({ organisationId: z.string().regex(/^[0-9a-f]{24}$/) });

const newUser = z.object({
  email: z.email(),
  /** Without one, a temporary password is made, and answered this once. */
  password: newPassword.optional(),
  firstName: z.string().trim().min(1).max(100),
  lastName: z.string().trim().min(1).max(100),
  title: z.string().trim().max(10).default(''),
  rpps: z
    .string()
    .regex(/^\d{11}$/)
    .nullable()
    .default(null),
  roles: z.array(role).min(1),
  organisationId: z.string().regex(/^[0-9a-f]{24}$/),
  networks: z
    .array(
      networkMembership.extend({
        networkId: z.string().max(40),
        competences: z.array(z.string().max(100)).default([]),
      }),
    )
    .default([]),
  national: z.boolean().default(false),
});
const { shape } = newUser;
/** Without the defaults of a new account: zod fills them inside `partial()`, and would empty what was not sent. */
const userChange = z
  .object({
    firstName: shape.firstName,
    lastName: shape.lastName,
    title: shape.title.unwrap(),
    rpps: shape.rpps.unwrap(),
    roles: shape.roles,
    networks: shape.networks.unwrap(),
    national: shape.national.unwrap(),
    active: z.boolean(),
    ...availability.shape,
  })
  .partial();

/** Accounts and houses. */
export function registerAdminRoutes(api: Api): void {
  api.get(
    '/api/organisations',
    {
      summary: 'Organisations',
      tag,
      access: only('admin', 'coordinator'),
      answer: z.object({ items: z.array(organisation) }),
    },
    async () => ({ items: (await listOrganisations()).map(presentOrganisation) }),
  );

  api.post(
    '/api/admin/organisations',
    {
      summary: 'Add an organisation',
      tag,
      access: only('admin'),
      body: newOrganisation,
      answer: organisation,
      status: 201,
      example: { name: 'CH de Kerlenn', city: 'Quimper', region: 'Bretagne', kind: 'ch' },
    },
    async ({ body, principal }) => presentOrganisation(await addOrganisation(body, principal)),
  );

  api.patch(
    '/api/admin/organisations/:organisationId',
    {
      summary: 'What an organisation is called, where it is and where its parcels go',
      tag,
      access: only('admin'),
      params: organisationId,
      body: organisationChange,
      answer: organisation,
      example: {
        address: {
          service: 'Anatomie et cytologie pathologiques',
          street: '12 rue des Écoles',
          postcode: '29000',
          town: 'Quimper',
          phone: '02 61 91 00 01',
        },
      },
    },
    async ({ params, body, principal }) =>
      presentOrganisation(await changeOrganisation(params.organisationId, body, principal)),
  );

  api.put(
    '/api/admin/organisations/:organisationId/slide-rules',
    {
      summary: 'What an organisation decides on its slides: label images, quota, retention',
      tag,
      access: only('admin'),
      params: organisationId,
      body: slideRules,
      answer: organisation,
      example: { labels: 'destroy_after_sign_out', quotaBytes: 500_000_000_000, retentionMonths: 120 },
    },
    async ({ params, body, principal }) =>
      presentOrganisation(await changeSlideRules(params.organisationId, body, principal)),
  );

  const presentForAdmin = async (id: string) => {
    const found = await getUser(id);
    if (!found) throw new ProblemError('NOT_FOUND');
    return presentAccount(found, await getOrganisation(found.organisationId));
  };

  api.get(
    '/api/admin/users',
    { summary: 'All accounts', tag, access: only('admin'), answer: z.object({ items: z.array(account) }) },
    async () => {
      const organisations = new Map((await listOrganisations()).map((item) => [String(item._id), item]));
      const items = (await listUsers()).flatMap((found) => {
        const home = organisations.get(String(found.organisationId));
        return home ? [presentAccount(found, home)] : [];
      });
      return { items };
    },
  );

  api.post(
    '/api/admin/users',
    {
      summary: 'Create an account',
      tag,
      access: only('admin'),
      body: newUser,
      // Null when the administrator chose it.
      answer: account.extend({ temporaryPassword: z.string().nullable() }),
      status: 201,
      example: {
        email: 'nouveau@hopital.test',
        firstName: 'Camille',
        lastName: 'Martin',
        title: 'Dr',
        roles: ['submitter'],
        organisationId: '665f1f77bcf86cd799439011',
      },
    },
    async ({ body, principal }) => {
      const made = body.password === undefined ? makeTemporaryPassword() : null;
      const password = body.password ?? made ?? '';
      const { _id } = await createAccount({ ...body, password }, principal);
      return { ...(await presentForAdmin(String(_id))), temporaryPassword: made };
    },
  );

  api.patch(
    '/api/admin/users/:userId',
    {
      summary: 'Change rights, leave, capacity, or close an account',
      tag,
      access: only('admin'),
      params: userId,
      body: userChange,
      answer: account,
      example: { active: false },
    },
    async ({ params, body, principal }) =>
      presentForAdmin(String((await changeUser(params.userId, body, principal))._id)),
  );

  api.post(
    '/api/admin/users/:userId/password',
    {
      summary: 'Give a temporary password to somebody who forgot theirs; their sessions end',
      tag,
      access: only('admin'),
      params: userId,
      answer: temporaryPassword,
    },
    async ({ params, principal, response }) => {
      response.setHeader('Cache-Control', 'no-store');
      return { temporaryPassword: await givePassword(params.userId, principal) };
    },
  );
}
