import { watchForecasts } from '@relecture/server/assignments/index.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Report } from '@relecture/shared/reports/schema.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { createCase, submitByPost } from '../../factories/cases.js';
import { makePeople, PASSWORD, type People } from '../../factories/people.js';
import { type Client, startTestApp, type TestApp } from '../../support/app.js';

interface Asked {
  collection: string;
  method: string;
  filter: Record<string, unknown>;
  options: { sort?: Record<string, 1 | -1> };
}

/** Small by nature, and read once at start or for one screen: some thirty networks, a handful of rule sets. */
const SMALL = ['networks', 'rulesets', 'organisations', 'jobs'];
const READS = [
  'find',
  'findOne',
  'countDocuments',
  'updateOne',
  'updateMany',
  'findOneAndUpdate',
  'deleteOne',
  'deleteMany',
];

/** Sorted in memory on purpose: what a crash left over, a handful at the most. */
const FEW = ['annotationversions'];

const shapeOf = ({ collection, filter, options }: Asked): string =>
  `${collection} ${JSON.stringify(filter, (_key, value) => (typeof value === 'object' ? value : '?'))} ${JSON.stringify(options.sort ?? {})}`;

/**
 * Every query that the whole road asks of the store, caught as mongoose sends it and explained: none may read a
 * collection from end to end. A million cases must cost what ten do.
 */
describe('queries', () => {
  let app: TestApp;
  let people: People;
  const asked = new Map<string, Asked>();

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    mongoose.set('debug', (collection: string, method: string, filter: unknown, ...rest: unknown[]) => {
      if (!READS.includes(method) || SMALL.includes(collection)) return;
      const options = (rest.at(-1) ?? {}) as Asked['options'];
      const one: Asked = { collection, method, filter: (filter ?? {}) as Record<string, unknown>, options };
      asked.set(shapeOf(one), one);
    });
    await walkTheRoad();
    mongoose.set('debug', false);
  });
  after(async () => {
    mongoose.set('debug', false);
    await app.stop();
  });

  async function walkTheRoad(): Promise<void> {
    const { submitter, preparer, coordinator, national, admin } = people;
    const sent = await submitByPost(people);
    const review = sent.reviews[0];
    const reader = [people.reviewer, people.otherReviewer].find(
      ({ userId }) => userId === review?.assignment?.reviewer.id,
    ) as Client;
    const opinion = {
      conclusion: 'Lymphome folliculaire.',
      morphology: '9690/3',
      concordance: { agreement: 'concordant', types: [], therapeuticImpact: 'none', comment: '' },
    };
    await createCase(submitter);
    for (const path of [
      '/api/cases?limit=1',
      '/api/cases?toDo=true',
      '/api/cases?progress=assigned',
      `/api/cases/${sent.id}`,
      `/api/cases/${sent.id}/messages`,
      `/api/cases/${sent.id}/slides`,
      '/api/notifications?limit=1',
    ]) {
      await submitter.get(path);
    }
    const first = await submitter.get<{ next: string | null }>('/api/cases?limit=1');
    await submitter.get(`/api/cases?limit=1&after=${first.body.next}`);
    await submitter.post('/api/cases/search', { text: 'KERVELLA' });
    await submitter.post('/api/cases/duplicates', {
      patient: {
        birthName: 'A',
        firstName: 'B',
        birthDate: '1968-04-12',
        sex: 'F',
        localExamNumber: '26H04512',
      },
    });
    await submitter.post(`/api/cases/${sent.id}/messages`, { text: 'Bonjour.' });
    for (const path of [
      '/api/reviews',
      '/api/reviews?scope=unassigned',
      '/api/reviews?open=false',
      '/api/cases',
      '/api/notifications',
    ]) {
      await reader.get(path);
    }
    for (const path of [
      '/api/reviews?scope=network',
      '/api/reviews?scope=network&overdue=true',
      '/api/reviews?scope=network&status=on_hold',
      '/api/reviews?scope=network&sort=age',
      '/api/board',
      `/api/reviews/${review?.id}/candidates`,
      '/api/cases?networkId=LYMPHOPATH',
    ]) {
      await coordinator.get(path);
    }
    await national.get('/api/dispatch');
    await national.get('/api/reviews?scope=network&limit=1');
    await national.get('/api/reviews?scope=network&sort=age&limit=1');
    for (const client of [coordinator, national])
      for (const by of ['signedFrom', 'openedFrom'])
        await client.get(`/api/reviews?scope=network&${by}=2026-01-01&limit=1`);
    for (const client of [coordinator, national])
      await client.get('/api/reviews?scope=network&risk=true&limit=1');
    await watchForecasts();
    for (const client of [coordinator, national]) await client.get('/api/duplicates');
    await coordinator.get('/api/board/groups?by=region');
    await preparer.get('/api/reviews');
    await preparer.get('/api/reviews?sort=age');
    await admin.get('/api/admin/audit');
    await admin.get(`/api/admin/audit?recordId=${sent.id}`);
    await reader.post(`/api/reviews/${review?.id}/open`, {});
    const asking = await reader.post<{ id: string }>(`/api/reviews/${review?.id}/material-requests`, {
      items: [{ kind: 'stain', detail: 'PD1' }],
      reason: 'À préciser.',
    });
    await submitter.post(`/api/material-requests/${asking.body.id}/answer`, { comment: 'PD1 +' });
    const signed = await reader.post<Report>(`/api/reviews/${review?.id}/sign-out`, {
      kind: 'final',
      password: PASSWORD,
      content: opinion,
    });
    await submitter.get(`/api/reports/${signed.body.id}`);
    await submitter.post(`/api/reports/${signed.body.id}/read`);
    const after = await submitter.get<CasePage>(`/api/cases/${sent.id}`);
    if (after.body.progress !== 'signed') throw new Error(`the road ended at ${after.body.progress}`);
  }

  it('caught the queries of the road', () => {
    expect(asked.size).to.be.greaterThan(30);
  });

  it('answers each of them by an index', async () => {
    const scans: string[] = [];
    for (const [shape, { collection, filter, options }] of asked) {
      const cursor = mongoose.connection.collection(collection).find(filter as never);
      const explained = await (options.sort ? cursor.sort(options.sort) : cursor).explain('queryPlanner');
      const { winningPlan, rejectedPlans = [] } = explained.queryPlanner;
      const [taken = '', ...others] = [winningPlan, ...rejectedPlans].map((plan) => JSON.stringify(plan));
      // With a few documents a MongoDB takes any plan of several; one of them must give the order.
      const sorts =
        [taken, ...others].every((plan) => /"stage":"SORT"/.test(plan)) && !FEW.includes(collection);
      if (taken.includes('COLLSCAN') || sorts) scans.push(shape);
    }
    expect(scans).to.deep.equal([]);
  });
});
