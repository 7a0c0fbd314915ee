import {
  account,
  availability,
  languageBody,
  networkMembership,
  organisation,
  organisationChange,
  ownAvailability,
  person,
  role,
  session,
  signInBody,
  slideRules,
  user,
} from '@relecture/shared/users/schema.js';
import type { Response } from 'express';
import { z } from 'zod';
import type { Config } from '../config/index.js';
import { type Api, anyone, only, signedIn } from '../platform/endpoint.js';
import { ProblemError } from '../platform/problem.js';
import {
  changeAddress,
  changeSlideRules,
  changeUser,
  createAccount,
  getOrganisation,
  getUser,
  listOrganisations,
  listReviewers,
  listUsers,
} from './accounts.js';
import { presentAccount, presentAvailability, presentOrganisation, presentUser } from './present.js';
import { endSession, type OpenSession, REFRESH_COOKIE, refresh, SLIDE_COOKIE, signIn } from './sessions.js';
import { ACCESS_SECONDS, SESSION_SECONDS, SLIDE_COOKIE_SECONDS } from './tokens.js';

const tag = 'People';
const userId = z.object({ userId: z.string().regex(/^[0-9a-f]{24}$/) });

const organisationId = z.object({ organisationId: z.string().regex(/^[0-9a-f]{24}$/) });

const newUser = z.object({
  email: z.email(),
  password: z.string().min(12).max(200),
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

export function registerUserRoutes(api: Api, config: Pick<Config, 'publicUrl'>): void {
  const secure = config.publicUrl?.startsWith('https:') ?? false;
  const cookie = { httpOnly: true, sameSite: 'strict', secure } as const;

  const answerSession = (response: Response, opened: OpenSession) => {
    if (opened.refreshToken) {
      response.cookie(REFRESH_COOKIE, opened.refreshToken, {
        ...cookie,
        path: '/api/auth',
        maxAge: SESSION_SECONDS * 1000,
      });
    }
    response.cookie(SLIDE_COOKIE, opened.slideToken, {
      ...cookie,
      path: '/api/slides',
      maxAge: SLIDE_COOKIE_SECONDS * 1000,
    });
    response.setHeader('Cache-Control', 'no-store');
    return {
      accessToken: opened.accessToken,
      expiresIn: ACCESS_SECONDS,
      user: presentUser(opened.user, opened.organisation),
    };
  };

  api.post(
    '/api/auth/sign-in',
    {
      summary: 'Open a session with e-mail and password',
      tag,
      problems: ['SIGN_IN_FAILED', 'TOO_MANY_ATTEMPTS'],
      access: anyone,
      body: signInBody,
      answer: session,
      example: { email: 'pathologiste@demo.test', password: 'the demo password' },
    },
    async ({ body, request, response }) =>
      answerSession(response, await signIn(body.email, body.password, request.ip ?? 'unknown')),
  );

  api.post(
    '/api/auth/refresh',
    {
      summary: 'Renew the access token with the refresh cookie',
      tag,
      problems: ['NOT_SIGNED_IN', 'SESSION_EXPIRED'],
      access: anyone,
      answer: session,
    },
    async ({ request, response }) =>
      answerSession(response, await refresh((request.cookies as Record<string, string>)[REFRESH_COOKIE])),
  );

  api.post(
    '/api/auth/sign-out',
    { summary: 'Close the session', tag, access: signedIn },
    async ({ principal, response }) => {
      await endSession(principal.sessionId);
      response.clearCookie(REFRESH_COOKIE, { ...cookie, path: '/api/auth' });
      response.clearCookie(SLIDE_COOKIE, { ...cookie, path: '/api/slides' });
    },
  );

  const self = async (id: string) => {
    const found = await getUser(id);
    if (!found) throw new ProblemError('NOT_SIGNED_IN');
    return presentUser(found, await getOrganisation(found.organisationId));
  };

  api.get(
    '/api/users/me',
    { summary: 'The person signed in', tag, access: signedIn, answer: user },
    ({ principal }) => self(principal.id),
  );

  api.patch(
    '/api/users/me',
    {
      summary: 'Change the language',
      tag,
      access: signedIn,
      body: languageBody,
      answer: user,
      example: { language: 'en' },
    },
    async ({ principal, body }) => {
      await changeUser(principal.id, body, principal);
      return await self(principal.id);
    },
  );

  const ownTime = async (id: string) => {
    const found = await getUser(id);
    if (!found) throw new ProblemError('NOT_SIGNED_IN');
    return {
      ...presentAvailability(found),
      organisations: (await listOrganisations())
        .filter(({ _id }) => String(_id) !== String(found.organisationId))
        .map(({ _id, name }) => ({ id: String(_id), name })),
    };
  };

  api.get(
    '/api/users/me/availability',
    {
      summary: 'One’s own leave, capacity and declared conflicts of interest',
      tag,
      access: only('reviewer'),
      answer: ownAvailability,
    },
    ({ principal }) => ownTime(principal.id),
  );

  api.put(
    '/api/users/me/availability',
    {
      summary: 'Say when, how much and for whom one reads',
      tag,
      access: only('reviewer'),
      body: availability,
      answer: ownAvailability,
      example: { leaves: [{ from: '2026-12-21', to: '2027-01-03' }], capacity: 12, conflicts: [] },
    },
    async ({ principal, body }) => {
      await changeUser(principal.id, body, principal);
      return await ownTime(principal.id);
    },
  );

  api.get(
    '/api/users',
    {
      summary: 'Reviewers of a network, to wish for or to reassign to',
      tag,
      access: signedIn,
      query: z.object({ networkId: z.string().max(40) }),
      answer: z.object({ items: z.array(person) }),
    },
    async ({ query }) => ({
      items: (await listReviewers(query.networkId)).map((reviewer) => reviewer.person),
    }),
  );

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

  api.patch(
    '/api/admin/organisations/:organisationId',
    {
      summary: 'Where the parcels of an organisation go',
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
      presentOrganisation(await changeAddress(params.organisationId, body.address, principal)),
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
      answer: account,
      status: 201,
      example: {
        email: 'nouveau@hopital.test',
        password: 'a long sentence to remember',
        firstName: 'Camille',
        lastName: 'Martin',
        title: 'Dr',
        roles: ['submitter'],
        organisationId: '665f1f77bcf86cd799439011',
      },
    },
    async ({ body, principal }) => presentForAdmin(String((await createAccount(body, principal))._id)),
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
}
