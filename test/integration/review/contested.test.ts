import type { CasePage } from '@relecture/shared/cases/page.js';
import type { CaseRow, CreateCaseBody } from '@relecture/shared/cases/schema.js';
import { expect } from 'chai';
import { completeContent, sendByPost } from '../../factories/cases.js';
import { told } from '../../factories/inbox.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

/** A prostate in a woman: the rules object, whatever the tumour. */
const contradictory: CreateCaseBody = {
  primarySite: 'C61.9',
  specimens: completeContent().specimens?.map((specimen) => ({ ...specimen, site: 'C61.9' })),
};
const CONTESTED = { contestedRouting: { reason: 'Patiente transgenre : les données sont exactes.' } };

describe('a case whose data contradict each other', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const queue = async (client: Client) => await client.get<{ items: CaseRow[] }>('/api/dispatch?limit=100');
  const queued = async (id: string) => (await queue(people.national)).body.items.find((row) => row.id === id);

  it('goes back to its sender as long as they do not stand by it', async () => {
    const sent = await sendByPost(people.submitter, contradictory);
    expect(sent.status).to.equal('to_correct');
    expect(sent.routing?.fieldsToCorrect.map(({ field }) => field)).to.have.members(['sex', 'site']);
    expect(await queued(sent.id)).to.equal(undefined);
  });

  it('goes to the national queue with its ranked list when they do', async () => {
    const sent = await sendByPost(people.submitter, { ...contradictory, ...CONTESTED });
    expect(sent).to.include({ status: 'to_dispatch', progress: 'to_dispatch', party: 'dispatcher' });
    expect(sent.reviews).to.deep.equal([]);
    expect(await queued(sent.id)).to.deep.include({ status: 'to_dispatch', patientName: null });
    expect((await queue(people.coordinator)).status).to.equal(403);
    expect((await queue(people.submitter)).status).to.equal(403);
    expect(await told(people.national, 'case.dispatch-asked', sent.id)).to.have.length(1);
    expect(await told(people.coordinator, 'case.dispatch-asked', sent.id)).to.deep.equal([]);
    expect(await told(people.submitter, 'case.correction-asked', sent.id)).to.deep.equal([]);

    const { body } = await people.national.get<CasePage>(`/api/cases/${sent.id}`);
    expect(body.routing?.outcome).to.equal('dispatch');
    expect(body.routing?.fieldsToCorrect.map(({ field }) => field)).to.have.members(['sex', 'site']);
    expect(body.routing?.explanation.join(' ')).to.match(/[a-zà-ÿ]{4,}/);
    const [best] = body.routing?.ranked ?? [];
    expect(best?.networkId).to.equal('LYMPHOPATH');
    expect(best?.for.join(' ')).to.match(/[a-zà-ÿ]{4,}/);
    expect(body.content.contestedRouting).to.deep.equal(CONTESTED.contestedRouting);
    expect(body.patient).to.equal(null);
    expect(body.permissions).to.include('dispatch');

    const dispatched = await people.national.post<CasePage>(`/api/cases/${sent.id}/dispatch`, {
      networkIds: ['LYMPHOPATH'],
      reason: 'Lymphome.',
    });
    expect(dispatched.status).to.equal(200);
    expect(dispatched.body.reviews.map(({ networkId }) => networkId)).to.deep.equal(['LYMPHOPATH']);
    expect(await queued(sent.id)).to.equal(undefined);
  });
});
