import { passOnUnopened } from '@relecture/server/assignments/index.js';
import { runAt } from '@relecture/server/platform/clock.js';
import { getReview } from '@relecture/server/reviews/index.js';
import { expect } from 'chai';
import { submitByPost } from '../../factories/cases.js';
import { told } from '../../factories/inbox.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

const DAY = 86_400_000;

describe('a reading that nobody opened in time', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const given = async () => {
    const sent = await submitByPost(people);
    const reviewId = sent.reviews[0]?.id ?? '';
    const { assignment, openBy, dueAt } = await getReview(reviewId);
    const readers = [people.reviewer, people.otherReviewer];
    const isReader = ({ userId }: Client) => userId === String(assignment?.reviewerId);
    return {
      caseId: sent.id,
      reviewId,
      dueAt,
      openBy: openBy ?? new Date(0),
      reader: readers.find(isReader) as Client,
      other: readers.find((client) => !isReader(client)) as Client,
    };
  };
  const sweepAt = (at: number) => runAt(new Date(at), passOnUnopened);

  it('goes to the next reader, then to the coordinators, each once; the patient’s clock goes on', async () => {
    const { caseId, reviewId, dueAt, openBy, reader, other } = await given();
    expect(openBy.getTime()).to.be.above(Date.now());
    expect(await sweepAt(openBy.getTime() - 1000)).to.equal(0);
    const moved = await Promise.all([1, 2, 3].map(() => sweepAt(openBy.getTime() + 1000)));
    expect(moved.reduce((sum, count) => sum + count, 0)).to.equal(1);
    const after = await getReview(reviewId);
    expect(String(after.assignment?.reviewerId)).to.equal(other.userId);
    expect(after.dueAt, 'the clock goes on').to.deep.equal(dueAt);
    expect(after.timeline.at(-1)?.params).to.include({ how: 'engine', unopened: true });
    expect(await told(other, 'review.reassigned', caseId)).to.have.length(1);

    // Nobody is left: it stays, and the coordinators hear of it once.
    for (const days of [40, 41]) await sweepAt(Date.now() + days * DAY);
    const left = await getReview(reviewId);
    expect(String(left.assignment?.reviewerId)).to.equal(other.userId);
    expect(left.timeline.filter(({ event }) => event === 'review.left-unopened')).to.have.length(1);
    expect(await told(people.coordinator, 'review.left-unopened', caseId)).to.have.length(1);
    expect(await told(reader, 'review.left-unopened', caseId)).to.deep.equal([]);
  });

  it('stays with whoever opened it', async () => {
    const { reviewId, openBy, reader } = await given();
    expect((await reader.post(`/api/reviews/${reviewId}/open`, {})).status).to.equal(200);
    expect(await sweepAt(openBy.getTime() + DAY)).to.equal(0);
  });

  it('stays where a coordinator put it, who is told', async () => {
    const { caseId, reviewId, other } = await given();
    const answer = await people.coordinator.post(`/api/reviews/${reviewId}/assign`, {
      reviewerId: other.userId,
      reason: 'Son domaine.',
    });
    expect(answer.status).to.equal(200);
    await sweepAt(Date.now() + 40 * DAY);
    expect(String((await getReview(reviewId)).assignment?.reviewerId)).to.equal(other.userId);
    expect(await told(people.coordinator, 'review.left-unopened', caseId)).to.have.length(1);
  });
});
