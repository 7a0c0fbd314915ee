import { verifySigner } from '@relecture/server/users/index.js';
import { expect } from 'chai';
import { makePeople, PASSWORD, type People } from '../../factories/people.js';
import { problemOf, startTestApp, type TestApp } from '../../support/app.js';

interface Account {
  id: string;
  email: string;
  title: string;
  rpps: string | null;
  active: boolean;
  networks: Array<{ networkId: string; as: string }>;
}

describe('accounts', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const make = (email: string) =>
    people.admin.post<Account>('/api/admin/users', {
      email,
      password: PASSWORD,
      firstName: 'Camille',
      lastName: 'Martin',
      title: 'Dr',
      rpps: '10101010101',
      roles: ['reviewer'],
      organisationId: people.senderOrganisationId,
      networks: [{ networkId: 'LYMPHOPATH', as: 'reviewer' }],
    });

  it('changes what was sent and leaves the rest of an account as it is', async () => {
    const { body: made } = await make('camille@relecture.test');
    const { status, body } = await people.admin.patch<Account>(`/api/admin/users/${made.id}`, {
      lastName: 'Durand',
    });
    expect(status).to.equal(200);
    expect(body).to.deep.include({ title: 'Dr', rpps: '10101010101', active: true });
    expect(body.networks.map(({ networkId }) => networkId)).to.deep.equal(['LYMPHOPATH']);
  });

  it('refuses an e-mail that is taken, whatever its case', async () => {
    await make('taken@relecture.test');
    expect(problemOf(await make('Taken@relecture.test')).fields?.[0]).to.include({
      path: 'email',
      code: 'taken',
    });
  });

  it('shuts a closed account out at once', async () => {
    const { body: made } = await make('leaving@relecture.test');
    const client = await app.signIn(made.email, PASSWORD);
    expect((await client.get('/api/users/me')).status).to.equal(200);
    await people.admin.patch(`/api/admin/users/${made.id}`, { active: false });
    expect((await client.get('/api/users/me')).status).to.equal(401);
    await expectRefused(made.email);
  });

  it('is given a password that its owner replaces by one nobody else knows', async () => {
    const { body: made } = await people.admin.post<Account & { temporaryPassword: string }>(
      '/api/admin/users',
      {
        email: 'temporary@relecture.test',
        firstName: 'Noé',
        lastName: 'Le Gall',
        roles: ['reviewer'],
        organisationId: people.senderOrganisationId,
      },
    );
    const first = await app.signIn(made.email, made.temporaryPassword);
    const isTemporary = async () =>
      (await first.get<{ passwordTemporary: boolean }>('/api/users/me')).body.passwordTemporary;
    expect(await isTemporary()).to.equal(true);
    const refused = await verifySigner(made.id, made.temporaryPassword).catch((error: Error) => error);
    expect(refused, 'nobody signs with it').to.include({ code: 'PASSWORD_TO_CHOOSE' });

    const choose = (current: string, password: string) =>
      first.put('/api/users/me/password', { current, password });
    expect(problemOf(await choose('not this one at all', PASSWORD)).code).to.equal('PASSWORD_WRONG');
    const same = await choose(made.temporaryPassword, made.temporaryPassword);
    expect(problemOf(same).fields?.[0]).to.include({ path: 'password', code: 'unchanged' });
    expect(problemOf(await choose(made.temporaryPassword, 'short')).code).to.equal('INVALID_INPUT');
    const elsewhere = await app.signIn(made.email, made.temporaryPassword);
    expect((await choose(made.temporaryPassword, PASSWORD)).status).to.equal(200);
    expect(await isTemporary()).to.equal(false);
    expect((await elsewhere.get('/api/users/me')).status, 'whoever knew the former one').to.equal(401);
    await verifySigner(made.id, PASSWORD);

    const given = await people.admin.post<{ temporaryPassword: string }>(
      `/api/admin/users/${made.id}/password`,
      {},
    );
    expect((await first.get('/api/users/me')).status).to.equal(401);
    await expectRefused(made.email);
    const again = await app.signIn(made.email, given.body.temporaryPassword);
    expect((await again.get('/api/users/me')).body).to.include({ passwordTemporary: true });

    const log = await people.admin.get<{ items: { action: string; recordId: string }[] }>('/api/admin/audit');
    const actions = log.body.items.filter(({ recordId }) => recordId === made.id).map(({ action }) => action);
    expect(actions).to.include.members(['user.created', 'user.password-changed', 'user.password-given']);
    expect(app.logged()).to.not.include(made.temporaryPassword);
  });

  it('belongs to a house that an administrator adds and corrects', async () => {
    const house = { name: 'Centre de Roscoat', city: 'Brest', region: 'Bretagne', kind: 'ch' };
    const { status, body } = await people.admin.post<{ id: string }>('/api/admin/organisations', house);
    expect(status).to.equal(201);
    expect(body).to.include({ ...house, address: null });
    const twin = await people.admin.post('/api/admin/organisations', house);
    expect(problemOf(twin).fields?.[0]).to.include({ path: 'name', code: 'taken' });
    const elsewhere = await people.admin.post('/api/admin/organisations', { ...house, region: 'Bavière' });
    expect(problemOf(elsewhere).fields?.[0]).to.include({ path: 'region' });
    const changed = await people.admin.patch(`/api/admin/organisations/${body.id}`, { city: 'Roscoff' });
    expect(changed.body).to.include({ name: house.name, city: 'Roscoff' });
  });

  async function expectRefused(email: string): Promise<void> {
    const answer = await app.anonymous.post('/api/auth/sign-in', { email, password: PASSWORD });
    expect(problemOf(answer).code).to.equal('SIGN_IN_FAILED');
  }
});
