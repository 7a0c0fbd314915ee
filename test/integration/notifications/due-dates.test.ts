import { watchDueDates } from '@relecture/server/assignments/index.js';
import { runAt } from '@relecture/server/platform/clock.js';
import { getReview } from '@relecture/server/reviews/index.js';
import { expect } from 'chai';
import { submitByPost } from '../../factories/cases.js';
import { handOnAgain, told } from '../../factories/inbox.js';
import { makePeople, type People } from '../../factories/people.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

const HOUR = 3600_000;

describe('the watch over due dates', () => {
  let app: TestApp;
  let people: People;

  beforeEach(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  afterEach(() => app.stop());

  const given = async () => {
    const sent = await submitByPost(people);
    const [review] = sent.reviews;
    const readers = [people.reviewer, people.otherReviewer];
    const reader = readers.find(({ userId }) => userId === review?.assignment?.reviewer.id) as Client;
    const other = readers.find((client) => client !== reader) as Client;
    const dueAt = new Date(review?.dueAt ?? '').getTime();
    return { caseId: sent.id, reviewId: review?.id ?? '', dueAt, reader, other };
  };
  const sweepAt = (at: number) => runAt(new Date(at), watchDueDates);
  const said = async (reviewId: string) =>
    (await getReview(reviewId)).timeline.flatMap(({ event }) =>
      event === 'review.due-soon' || event === 'review.overdue' ? [event] : [],
    );

  it('says that a reading is due soon, then overdue, each once over many sweeps', async () => {
    const { caseId, reviewId, dueAt, reader, other } = await given();
    expect(await sweepAt(Date.now())).to.equal(0);
    expect(await sweepAt(dueAt - 5 * 24 * HOUR)).to.equal(1);
    expect(await told(reader, 'review.half-elapsed', caseId)).to.have.length(1);
    const soon: number[] = [];
    for (const hours of [-3, -2, -1]) soon.push(await sweepAt(dueAt + hours * HOUR));
    expect(soon).to.deep.equal([1, 0, 0]);
    expect(await said(reviewId)).to.deep.equal(['review.due-soon']);
    const late: number[] = [];
    for (const hours of [1, 2, 30 * 24]) late.push(await sweepAt(dueAt + hours * HOUR));
    expect(late).to.deep.equal([1, 0, 0]);
    expect(await said(reviewId)).to.deep.equal(['review.due-soon', 'review.overdue']);

    await handOnAgain('reviews', reviewId);
    expect(await told(reader, 'review.due-soon', caseId)).to.have.length(1);
    expect(await told(reader, 'review.overdue', caseId)).to.have.length(1);
    expect(await told(people.coordinator, 'review.due-soon', caseId)).to.deep.equal([]);
    expect(await told(people.coordinator, 'review.overdue', caseId)).to.have.length(1);
    for (const client of [other, people.submitter, people.national])
      expect(await told(client, 'review.overdue', caseId)).to.deep.equal([]);
  });

  it('says it once when two sweeps run at once', async () => {
    const { caseId, reviewId, dueAt, reader } = await given();
    const counts = await Promise.all([1, 2, 3, 4].map(() => sweepAt(dueAt + HOUR)));
    expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(1);
    expect(await said(reviewId)).to.deep.equal(['review.overdue']);
    expect(await told(reader, 'review.overdue', caseId)).to.have.length(1);
  });

  it('says it once more to whoever reads it since, and to nobody else', async () => {
    const { caseId, reviewId, dueAt, reader, other } = await given();
    await sweepAt(dueAt + HOUR);
    const assigned = await people.coordinator.post(`/api/reviews/${reviewId}/assign`, {
      reviewerId: other.userId,
      reason: 'Absence imprévue.',
    });
    expect(assigned.status).to.equal(200);
    expect((await getReview(reviewId)).dueAt?.getTime(), 'the clock goes on').to.equal(dueAt);
    const again: number[] = [];
    for (const hours of [2, 3]) again.push(await sweepAt(dueAt + hours * HOUR));
    expect(again).to.deep.equal([1, 0]);
    expect(await said(reviewId)).to.deep.equal(['review.overdue', 'review.overdue']);
    for (const client of [reader, other, people.coordinator])
      expect(await told(client, 'review.overdue', caseId)).to.have.length(1);
  });

  it('says that it is due soon to whoever it was passed on to', async () => {
    const { caseId, reviewId, dueAt, reader, other } = await given();
    await sweepAt(dueAt - 3 * HOUR);
    const assigned = await people.coordinator.post(`/api/reviews/${reviewId}/assign`, {
      reviewerId: other.userId,
      reason: 'Absence imprévue.',
    });
    expect(assigned.status).to.equal(200);
    const again: number[] = [];
    for (const hours of [-2, -1]) again.push(await sweepAt(dueAt + hours * HOUR));
    expect(again).to.deep.equal([1, 0]);
    for (const client of [reader, other])
      expect(await told(client, 'review.due-soon', caseId)).to.have.length(1);
  });

  it('says nothing of a reading that has ended', async () => {
    const { caseId, reviewId, dueAt } = await given();
    await people.submitter.post(`/api/cases/${caseId}/withdraw`, { reason: 'Erreur.' });
    expect(await sweepAt(dueAt + HOUR)).to.equal(0);
    expect(await said(reviewId)).to.deep.equal([]);
  });
});
