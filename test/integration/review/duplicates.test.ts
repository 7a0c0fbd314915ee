import { readAccessLog } from '@relecture/server/platform/access-log.js';
import type { DuplicatePair } from '@relecture/shared/cases/duplicates.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { expect } from 'chai';
import { completeContent, sendByPost, submitByPost } from '../../factories/cases.js';
import { makePeople, makeUser, PASSWORD, type People } from '../../factories/people.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

interface Page {
  items: DuplicatePair[];
  total: number | null;
  next: string | null;
}

/** One patient, sent by two houses; and by one of them once more for something else. */
describe('duplicates across senders', () => {
  let app: TestApp;
  let people: People;
  let first: CasePage;
  let second: CasePage;
  const { patient } = completeContent();

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    first = await submitByPost(people, { patient });
    second = await sendByPost(people.stranger, {
      // The other house numbers its exams for itself, and has the birth name in small letters.
      patient: { ...patient, birthName: 'Kervella', localExamNumber: 'NICE-1' },
    });
  });
  after(() => app.stop());

  const list = async (client: Client, state = 'suspected') =>
    (await client.get<Page>(`/api/duplicates?state=${state}`)).body;
  const decide = (client: Client, id: string | undefined, state: string) =>
    client.post<DuplicatePair>(`/api/duplicates/${id}/decide`, { state });
  const page = async (client: Client, { id }: { id: string }) =>
    (await client.get<CasePage>(`/api/cases/${id}`)).body;

  it('are found when the second is sent, and shown without the patient', async () => {
    for (const client of [people.coordinator, people.national]) {
      const { items, total } = await list(client);
      expect(total).to.equal(1);
      expect(items[0]?.cases.map(({ number }) => number)).to.deep.equal([first.number, second.number]);
      expect(items[0]?.signs).to.deep.equal(['same_sampling', 'same_site', 'same_morphology']);
      expect(items[0]?.cases.map(({ seen }) => seen)).to.deep.equal([true, true]);
      expect(JSON.stringify(items)).not.to.match(/kervella|maïwenn|1968|26H04512|NICE-1/i);
    }
  });

  it('are not those of one house, nor of somebody else', async () => {
    await sendByPost(people.submitter, { patient });
    await sendByPost(people.stranger);
    const { items } = await list(people.coordinator);
    // The first house sent the patient again: each of its cases with the other house's, never with one another.
    expect(items).to.have.length(2);
    for (const { cases } of items)
      expect(new Set(cases.map(({ organisation }) => organisation))).to.have.length(2);
  });

  it('are for coordinators of a network that has one of them', async () => {
    for (const client of [people.submitter, people.reviewer, people.admin])
      expect((await client.get('/api/duplicates')).status).to.equal(403);
    const elsewhere = await makeUser({
      roles: ['coordinator'],
      organisationId: people.senderOrganisationId as never,
      networks: [{ networkId: 'NETSARC+', as: 'coordinator', competences: [] }],
    });
    const stranger = await app.signIn(elsewhere.email, PASSWORD);
    expect((await list(stranger)).items).to.deep.equal([]);
    const [pair] = (await list(people.coordinator)).items;
    expect((await decide(stranger, pair?.id, 'linked')).status).to.equal(404);
    expect((await decide(people.coordinator, '0'.repeat(24), 'linked')).status).to.equal(404);
  });

  it('are linked by a coordinator: the readers see it, the senders do not, and it is on record', async () => {
    const pair = (await list(people.coordinator)).items.find(({ cases }) => cases[0]?.id === first.id);
    const linked = await decide(people.coordinator, pair?.id, 'linked');
    expect(linked.body).to.include({ state: 'linked' });
    expect(linked.body.decidedBy?.id).to.equal(people.coordinator.userId);
    const reader = [people.reviewer, people.otherReviewer].find(
      ({ userId }) => userId === first.reviews[0]?.assignment?.reviewer.id,
    ) as Client;
    const stranger = (await page(people.coordinator, second)).organisation.name;
    expect((await page(reader, first)).twins).to.deep.equal([
      { id: second.id, number: second.number, organisation: stranger, seen: true },
    ]);
    expect((await page(people.submitter, first)).twins).to.deep.equal([]);
    expect((await page(people.stranger, second)).twins).to.deep.equal([]);
    const [logged] = await readAccessLog({ recordId: second.id, action: 'case.linked' } as never, null, 1);
    expect(logged).to.deep.include({ action: 'case.linked', actorId: people.coordinator.userId });
    expect((await list(people.coordinator, 'linked')).items).to.have.length(1);
  });

  it('may be told apart again, and stay so when the case is looked at anew', async () => {
    const [pair] = (await list(people.coordinator, 'linked')).items;
    expect((await decide(people.national, pair?.id, 'different')).body.state).to.equal('different');
    expect((await page(people.coordinator, first)).twins).to.deep.equal([]);
    await people.submitter.post(`/api/cases/${first.id}/patient`, {
      patient: { ...patient, localExamNumber: '26H04513' },
      reason: 'Faute de frappe.',
    });
    expect((await list(people.coordinator, 'different')).items.map(({ id }) => id)).to.deep.equal([pair?.id]);
  });

  it('go when one of the two is withdrawn, or turns out to be somebody else', async () => {
    const third = await sendByPost(people.stranger, { patient: { ...patient, firstName: 'Annaïg' } });
    const fourth = await sendByPost(people.submitter, { patient: { ...patient, firstName: 'Annaïg' } });
    const found = async () =>
      (await list(people.coordinator)).items.filter(({ cases }) => cases.some(({ id }) => id === fourth.id));
    expect(await found()).to.have.length(1);
    await people.submitter.post(`/api/cases/${fourth.id}/patient`, {
      patient: { ...patient, firstName: 'Annick' },
      reason: 'Un autre prénom.',
    });
    expect(await found()).to.have.length(0);
    await people.submitter.post(`/api/cases/${fourth.id}/patient`, {
      patient: { ...patient, firstName: 'Annaïg' },
      reason: 'Le bon prénom.',
    });
    expect(await found()).to.have.length(1);
    await people.stranger.post(`/api/cases/${third.id}/withdraw`, { reason: 'Erreur de dossier.' });
    expect(await found()).to.have.length(0);
  });
});
