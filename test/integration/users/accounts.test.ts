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

  async function expectRefused(email: string): Promise<void> {
    const answer = await app.anonymous.post('/api/auth/sign-in', { email, password: PASSWORD });
    expect(problemOf(answer).code).to.equal('SIGN_IN_FAILED');
  }
});
