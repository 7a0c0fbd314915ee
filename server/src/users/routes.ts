import {
  availability,
  languageBody,
  ownAvailability,
  ownPassword,
  person,
  session,
  signInBody,
  user,
} from '@relecture/shared/users/schema.js';
import type { Response } from 'express';
import { z } from 'zod';
import type { Config } from '../config/index.js';
import { type Api, anyone, only, signedIn } from '../platform/endpoint.js';
import { ProblemError } from '../platform/problem.js';
import { changeUser, getOrganisation, getUser, listOrganisations, listReviewers } from './accounts.js';
import { registerAdminRoutes } from './admin-routes.js';
import { choosePassword } from './change-password.js';
import { presentAvailability, presentUser } from './present.js';
import { endSession, type OpenSession, REFRESH_COOKIE, refresh, SLIDE_COOKIE, signIn } from './sessions.js';
import { ACCESS_SECONDS, SESSION_SECONDS, SLIDE_COOKIE_SECONDS } from './tokens.js';

const tag = 'People';

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

  api.put(
    '/api/users/me/password',
    {
      summary: 'Choose a password; other sessions of mine end',
      tag,
      problems: ['PASSWORD_WRONG', 'TOO_MANY_ATTEMPTS'],
      access: signedIn,
      body: ownPassword,
      answer: user,
      example: { current: 'the one of before', password: 'a long sentence to remember' },
    },
    async ({ principal, body }) => {
      await choosePassword(principal, body.current, body.password);
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

  registerAdminRoutes(api);
}
