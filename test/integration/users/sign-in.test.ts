import { expect } from 'chai';
import { makeOrganisation, makeUser, PASSWORD } from '../../factories/people.js';
import { problemOf, startTestApp, type TestApp } from '../../support/app.js';

interface Opened {
  accessToken: string;
  user: { id: string; email: string };
}

const cookieOf = (headers: Headers, name: string): string | undefined =>
  headers.getSetCookie().find((cookie) => cookie.startsWith(`${name}=`));
const pair = (cookie: string | undefined): string => cookie?.split(';')[0] ?? '';

describe('sign-in', () => {
  let app: TestApp;
  let email: string;

  before(async () => {
    app = await startTestApp();
  });
  after(() => app.stop());
  beforeEach(async () => {
    const organisation = await makeOrganisation();
    email = (await makeUser({ roles: ['submitter'], organisationId: organisation._id })).email;
  });

  const signIn = (password = PASSWORD, as = email) =>
    app.anonymous.post<Opened>('/api/auth/sign-in', { email: as, password });
  const refresh = (cookie: string) =>
    app.anonymous.call<Opened>('POST', '/api/auth/refresh', undefined, { Cookie: cookie });

  it('answers the same for an unknown e-mail and for a wrong password', async () => {
    const unknown = await signIn(PASSWORD, 'nobody@relecture.test');
    const wrong = await signIn('not the password');
    expect(unknown.status).to.equal(401);
    expect(wrong.status).to.equal(401);
    const { requestId: _a, ...first } = problemOf(unknown);
    const { requestId: _b, ...second } = problemOf(wrong);
    expect(first).to.deep.equal(second);
    expect(first.code).to.equal('SIGN_IN_FAILED');
    expect(first.title).to.equal('Adresse ou mot de passe incorrect.');
  });

  it('speaks English when asked to', async () => {
    const answer = await app.anonymous.call(
      'POST',
      '/api/auth/sign-in',
      { email, password: 'wrong' },
      { 'Accept-Language': 'en-GB,en;q=0.9' },
    );
    expect(problemOf(answer).title).to.equal('Incorrect e-mail or password.');
    expect(answer.headers.get('content-type')).to.contain('application/problem+json');
  });

  it('says how long to wait after too many failures, and lets other accounts in', async () => {
    let last = await signIn('wrong');
    for (let tries = 0; tries < 12 && last.status === 401; tries++) last = await signIn('wrong');
    expect(last.status).to.equal(429);
    expect(problemOf(last).retryAfter).to.be.greaterThan(0);
    expect(Number(last.headers.get('retry-after'))).to.be.greaterThan(0);
    const other = await makeUser({ roles: ['submitter'], organisationId: (await makeOrganisation())._id });
    expect((await signIn(PASSWORD, other.email)).status).to.equal(200);
  });

  it('counts guesses sent together before it looks at any of them', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => signIn(`guess number ${n}`)));
    const looked = answers.filter(({ status }) => status === 401);
    expect(looked).to.have.length(8);
    expect(answers.filter(({ status }) => status === 429)).to.have.length(92);
    expect((await signIn()).status, 'the right password, from the address that guessed').to.equal(429);
    // The same answers for an account that does not exist.
    const nobody = `nobody-${email}`;
    const unknown = await Promise.all(Array.from({ length: 12 }, () => signIn('guess', nobody)));
    expect(unknown.filter(({ status }) => status === 401)).to.have.length(8);
  });

  it('lets the owner in while a stranger guesses from another address', async () => {
    const from = (address: string, password: string) =>
      app.anonymous.call('POST', '/api/auth/sign-in', { email, password }, { 'X-Forwarded-For': address });
    const guesses = await Promise.all(Array.from({ length: 20 }, () => from('192.0.2.7', 'guess')));
    expect(guesses.filter(({ status }) => status === 429)).to.have.length(12);
    expect((await from('192.0.2.8', PASSWORD)).status).to.equal(200);
  });

  it('stops an address that tries one password on many accounts, and lets another address in', async () => {
    const from = (address: string, as: string, password: string) =>
      app.anonymous.call(
        'POST',
        '/api/auth/sign-in',
        { email: as, password },
        { 'X-Forwarded-For': address },
      );
    const sprayed = await Promise.all(
      Array.from({ length: 70 }, (_, n) => from('192.0.2.9', `someone-${n}@relecture.test`, 'Automne2026')),
    );
    expect(sprayed.filter(({ status }) => status === 401)).to.have.length(60);
    expect((await from('192.0.2.10', email, PASSWORD)).status).to.equal(200);
  });

  it('takes any number of right passwords at one address', async () => {
    for (let n = 0; n < 65; n += 1) expect((await signIn()).status).to.equal(200);
  });

  it('keeps the refresh token out of reach of scripts and off other paths', async () => {
    const { headers } = await signIn();
    const cookie = cookieOf(headers, 'relecture_refresh') ?? '';
    expect(cookie)
      .to.match(/HttpOnly/i)
      .and.match(/SameSite=Strict/i)
      .and.match(/Path=\/api\/auth/i);
    expect(cookieOf(headers, 'relecture_slides'))
      .to.match(/HttpOnly/i)
      .and.match(/Path=\/api\/slides/i);
  });

  it('rotates: each refresh gives a new token, and an old one used again ends the session', async () => {
    const first = pair(cookieOf((await signIn()).headers, 'relecture_refresh'));
    const second = pair(cookieOf((await refresh(first)).headers, 'relecture_refresh'));
    const third = pair(cookieOf((await refresh(second)).headers, 'relecture_refresh'));
    expect(new Set([first, second, third]).size).to.equal(3);
    const reuse = await refresh(first);
    expect(problemOf(reuse).code).to.equal('SESSION_EXPIRED');
    const newest = await refresh(third);
    expect(problemOf(newest).code).to.equal('SESSION_EXPIRED');
  });

  it('does not take two tabs that refresh at once for a thief', async () => {
    const cookie = pair(cookieOf((await signIn()).headers, 'relecture_refresh'));
    const answers = await Promise.all([refresh(cookie), refresh(cookie)]);
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200]);
    const newest = answers.map(({ headers }) => pair(cookieOf(headers, 'relecture_refresh'))).find(Boolean);
    expect((await refresh(newest ?? '')).status).to.equal(200);
  });

  it('signs out for good', async () => {
    const opened = await signIn();
    const cookie = pair(cookieOf(opened.headers, 'relecture_refresh'));
    const authorization = { Authorization: `Bearer ${opened.body.accessToken}` };
    expect((await app.anonymous.call('GET', '/api/users/me', undefined, authorization)).status).to.equal(200);
    expect(
      (await app.anonymous.call('POST', '/api/auth/sign-out', undefined, authorization)).status,
    ).to.equal(204);
    expect((await app.anonymous.call('GET', '/api/users/me', undefined, authorization)).status).to.equal(401);
    expect((await refresh(cookie)).status).to.equal(401);
  });

  it('refuses a token that was tampered with', async () => {
    const { accessToken } = (await signIn()).body;
    const [head, body, signature] = accessToken.split('.');
    const forged = `${head}.${Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(body ?? '', 'base64url').toString()), sub: '0'.repeat(24) }),
    ).toString('base64url')}.${signature}`;
    const answer = await app.anonymous.call('GET', '/api/users/me', undefined, {
      Authorization: `Bearer ${forged}`,
    });
    expect(problemOf(answer).code).to.equal('NOT_SIGNED_IN');
  });
});
