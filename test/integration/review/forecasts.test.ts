import { watchForecasts } from '@relecture/server/assignments/index.js';
import { getReview } from '@relecture/server/reviews/index.js';
import type { Board } from '@relecture/shared/monitoring/schema.js';
import type { ReviewRow } from '@relecture/shared/reviews/schema.js';
import { expect } from 'chai';
import mongoose, { Types } from 'mongoose';
import { submitByPost } from '../../factories/cases.js';
import { makePeople, type People } from '../../factories/people.js';
import { startTestApp, type TestApp } from '../../support/app.js';

const DAY = 86_400_000;

describe('the forecast of breaches', () => {
  let app: TestApp;
  let people: People;
  let reviewId: string;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    reviewId = (await submitByPost(people)).reviews[0]?.id ?? '';
  });
  after(() => app.stop());

  const atRisk = async () =>
    (await people.coordinator.get<{ items: ReviewRow[] }>('/api/reviews?scope=network&risk=true')).body.items;
  const figure = async () => (await people.coordinator.get<Board>('/api/board')).body.figures.probablyLate;

  /** Past readings of the network, by somebody else, that took so many days each. */
  async function plantHistory(days: number, count: number): Promise<void> {
    const { _id, caseId, assignment, ...rest } = await getReview(reviewId);
    await mongoose.connection.collection('reviews').insertMany(
      Array.from({ length: count }, (_, index) => {
        const signedAt = new Date(Date.now() - (10 + index) * DAY);
        return {
          ...rest,
          _id: new Types.ObjectId(),
          caseId: new Types.ObjectId(),
          status: 'signed',
          signedAt,
          assignment: {
            ...assignment,
            reviewerId: new Types.ObjectId(),
            assignedAt: new Date(Number(signedAt) - days * DAY),
          },
        };
      }),
    );
  }

  it('says nothing without a history', async () => {
    await watchForecasts();
    expect(await atRisk()).to.deep.equal([]);
    expect(await figure()).to.equal(0);
  });

  it('shows coordinators what will probably be late, why, and counts it', async () => {
    // Given days ago, as the clock cannot be moved under the whole server: due in a few days, past ones took a month.
    await plantHistory(30, 6);
    expect(await watchForecasts()).to.equal(1);
    const [row] = await atRisk();
    expect(row).to.include({ id: reviewId, overdue: false });
    expect(row?.forecast).to.include({ late: true, chance: 1, ahead: 0, queueDays: null });
    expect(await figure()).to.equal(1);
    expect((await people.national.get<Board>('/api/board')).body.figures.probablyLate).to.equal(1);
    // Looked at again, nothing changed: nothing is written.
    expect(await watchForecasts()).to.equal(0);
  });

  it('is nobody’s business elsewhere, and ends with the reading’s time', async () => {
    expect((await people.submitter.get('/api/reviews?scope=network&risk=true')).status).to.equal(403);
    await mongoose.connection
      .collection('reviews')
      .updateOne({ _id: new Types.ObjectId(reviewId) }, { $set: { dueAt: new Date(Date.now() - DAY) } });
    expect(await atRisk(), 'late now, not probably').to.deep.equal([]);
    expect(await watchForecasts()).to.equal(1);
    expect((await getReview(reviewId)).forecast).to.equal(null);
  });
});
