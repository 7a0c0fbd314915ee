import { getCase, replaceReaders } from '@relecture/server/cases/index.js';
import { refreshReaders, reviewsOfCase } from '@relecture/server/reviews/index.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import { expect } from 'chai';
import { receiveParcel, sendByPost, submitByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

/** Who may see the identity is kept on the case; what counts is who reads, as the reviews say. */
describe('the readers of a case', () => {
  let app: TestApp;
  let lymph: People;
  let soft: People;

  before(async () => {
    app = await startTestApp();
    lymph = await makePeople(app);
    soft = await makePeople(app, 'NETSARC+');
  });
  after(() => app.stop());

  const stored = async (caseId: string) => (await getCase(caseId)).access.readerIds.map(String).sort();
  const byReviews = async (caseId: string) =>
    (await reviewsOfCase(caseId))
      .flatMap(({ status, assignment }) =>
        assignment && status !== 'cancelled' ? [String(assignment.reviewerId)] : [],
      )
      .sort();

  /** One case that two networks read. */
  const readTwice = async () => {
    const sent = await sendByPost(lymph.submitter, {
      contestedRouting: { reason: 'Deux réseaux.' },
    });
    const dispatched = await lymph.national.post<CasePage>(`/api/cases/${sent.id}/dispatch`, {
      networkIds: ['LYMPHOPATH', 'NETSARC+'],
      reason: 'Deux lectures.',
    });
    expect(dispatched.status).to.equal(200);
    await receiveParcel(lymph.coordinator, dispatched.body);
    const { reviews } = (await lymph.submitter.get<CasePage>(`/api/cases/${sent.id}`)).body;
    const of = (networkId: string) => reviews.find((review) => review.networkId === networkId) as Review;
    return { caseId: sent.id, first: of('LYMPHOPATH'), second: of('NETSARC+') };
  };
  const readersOf = (people: People, { assignment }: Review): { reader: Client; other: Client } => {
    const both = [people.reviewer, people.otherReviewer];
    const reader = both.find(({ userId }) => userId === assignment?.reviewer.id) as Client;
    return { reader, other: both.find((client) => client !== reader) as Client };
  };

  it('are those of the stored reviews when two reviews change at once', async () => {
    for (let round = 0; round < 2; round += 1) {
      const { caseId, first, second } = await readTwice();
      const [a, b] = [readersOf(lymph, first), readersOf(soft, second)];
      expect(await stored(caseId)).to.deep.equal([a.reader.userId, b.reader.userId].sort());
      const give = (people: People, review: Review, to: Client) =>
        people.coordinator.post(`/api/reviews/${review.id}/assign`, {
          reviewerId: to.userId,
          reason: 'Absence imprévue.',
        });
      const answers = await Promise.all([give(lymph, first, a.other), give(soft, second, b.other)]);
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200]);
      expect(await stored(caseId)).to.deep.equal([a.other.userId, b.other.userId].sort());
      expect(await stored(caseId)).to.deep.equal(await byReviews(caseId));
    }
  });

  it('are none when the case is withdrawn while one of its reviews is given to somebody else', async () => {
    for (let round = 0; round < 2; round += 1) {
      const { caseId, first } = await readTwice();
      const { other } = readersOf(lymph, first);
      const [withdrawn] = await Promise.all([
        lymph.submitter.post(`/api/cases/${caseId}/withdraw`, { reason: 'Erreur.' }),
        lymph.coordinator.post(`/api/reviews/${first.id}/assign`, {
          reviewerId: other.userId,
          reason: 'Absence imprévue.',
        }),
      ]);
      expect(withdrawn.status).to.equal(200);
      expect((await reviewsOfCase(caseId)).map(({ status }) => status)).to.deep.equal([
        'cancelled',
        'cancelled',
      ]);
      expect(await stored(caseId)).to.deep.equal([]);
    }
  });

  it('are looked for again by whoever looked before another change was written', async () => {
    const sent = await submitByPost(lymph);
    const { _id } = await getCase(sent.id);
    const truth = await byReviews(sent.id);
    expect(truth).to.have.length(1);
    let looks = 0;
    await replaceReaders(_id, async () => {
      looks += 1;
      // An old look, overtaken between its reading and its writing.
      if (looks === 1) await refreshReaders(_id);
      return looks === 1
        ? []
        : truth.map((userId) => ({ userId, organisationId: lymph.senderOrganisationId }));
    });
    expect(looks).to.equal(2);
    expect(await stored(sent.id)).to.deep.equal(truth);
  });
});
