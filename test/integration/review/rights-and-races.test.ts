import { type CaseRecord, getCase } from '@relecture/server/cases/index.js';
import { transition } from '@relecture/server/events/index.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { expect } from 'chai';
import { createCase, submitByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';

const PATIENT = {
  birthName: 'KERVELLA',
  firstName: 'Maïwenn',
  birthDate: '1968-04-12',
  sex: 'F',
  ins: null,
  localExamNumber: '26H04512',
};

/** Two people at once, people whose right has ended, and cursors nobody issued. */
describe('rights and races on the path', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const readerOf = (sent: CasePage): Client =>
    [people.reviewer, people.otherReviewer].find(
      ({ userId }) => userId === sent.reviews[0]?.assignment?.reviewer.id,
    ) as Client;

  it('holds a passage to the version that its caller looked at', async () => {
    const draft = await createCase(people.submitter);
    const saved = await people.submitter.patch(`/api/cases/${draft.id}`, {
      version: draft.version,
      content: { question: '' },
    });
    expect(saved.status).to.equal(200);
    const late = await transition<CaseRecord>({
      kind: 'case',
      id: draft.id,
      event: 'case.submitted',
      from: ['draft'],
      to: 'submitted',
      party: 'admission',
      by: null,
      version: draft.version,
    }).catch((error: { code: string }) => error.code);
    expect(late).to.equal('CONFLICT');
    expect((await getCase(draft.id)).status).to.equal('draft');
  });

  it('takes the identity away from the reader of a withdrawn case', async () => {
    const sent = await submitByPost(people);
    const reader = readerOf(sent);
    expect((await reader.get<CasePage>(`/api/cases/${sent.id}`)).body.patient?.birthName).to.equal(
      'KERVELLA',
    );
    const withdrawn = await people.submitter.post(`/api/cases/${sent.id}/withdraw`, { reason: 'Erreur.' });
    expect(withdrawn.status).to.equal(200);
    expect((await getCase(sent.id)).access.readerIds).to.deep.equal([]);
    const seen = await reader.get<CasePage>(`/api/cases/${sent.id}`);
    expect(seen.body.patient ?? null).to.equal(null);
    const [attachment] = sent.attachments;
    const document = await reader.get(`/api/cases/${sent.id}/attachments/${attachment?.id}`);
    expect(document.status).to.be.oneOf([403, 404]);
  });

  it('opens the readings of one dispatcher when two decide at once', async () => {
    const sent = await submitByPost(people, {
      contestedRouting: { reason: 'Plutôt un autre réseau.' },
    });
    expect(sent.status).to.equal('to_dispatch');
    const decide = (networkId: string) =>
      people.national.post(`/api/cases/${sent.id}/dispatch`, { networkIds: [networkId], reason: 'Choix.' });
    const answers = await Promise.all([decide('LYMPHOPATH'), decide('NETSARC+')]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
    const winner = answers[0]?.status === 200 ? 'LYMPHOPATH' : 'NETSARC+';
    const page = (await people.submitter.get<CasePage>(`/api/cases/${sent.id}`)).body;
    expect(page.reviews.map(({ networkId }) => networkId)).to.deep.equal([winner]);
    expect(page.networks.map(({ networkId }) => networkId)).to.deep.equal([winner]);
    expect((await getCase(sent.id)).access.networkIds).to.deep.equal([winner]);
  });

  it('loses no identity when two people correct the patient at once', async () => {
    const sent = await submitByPost(people);
    const correct = (birthName: string) =>
      people.submitter.post(`/api/cases/${sent.id}/patient`, {
        patient: { ...PATIENT, birthName },
        reason: 'Mauvaise patiente.',
      });
    const answers = await Promise.all([correct('ABGRALL'), correct('LE GOFF')]);
    const done = answers.filter(({ status }) => status === 200).length;
    expect(done).to.be.at.least(1);
    const { formerIdentities, identity } = await getCase(sent.id);
    const hashes = [...formerIdentities.map((former) => former.identity.nameHash), identity.nameHash];
    expect(formerIdentities).to.have.length(done);
    expect(new Set(hashes).size).to.equal(done + 1);
  });

  it('refuses a cursor that it never gave', async () => {
    const cursor = Buffer.from(JSON.stringify(['yesterday', 'somebody'])).toString('base64url');
    for (const path of ['/api/cases?', '/api/notifications?', '/api/reviews?scope=mine&']) {
      const client = path.includes('reviews') ? people.reviewer : people.submitter;
      const answer = await client.get(`${path}after=${cursor}`);
      expect(problemOf(answer).code, path).to.equal('INVALID_INPUT');
    }
  });
});
