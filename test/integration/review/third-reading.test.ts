import { compareRecentActivity, isActivityWhole } from '@relecture/server/monitoring/index.js';
import { createLog } from '@relecture/server/platform/log.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Page } from '@relecture/shared/http/page.js';
import type { Board } from '@relecture/shared/monitoring/schema.js';
import type { Review, ReviewRow } from '@relecture/shared/reviews/schema.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { submitByPost } from '../../factories/cases.js';
import { makeOrganisation, makePeople, makeUser, PASSWORD, type People } from '../../factories/people.js';
import { type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';

const OPINION = {
  microscopy: 'Architecture folliculaire.',
  ancillary: 'CD20 +.',
  conclusion: 'Lymphome folliculaire.',
  morphology: '9690/3',
  topography: 'C77.3',
  outcome: 'diagnosis' as const,
  concordance: { agreement: 'concordant', types: [], therapeuticImpact: 'none', comment: '' },
  recommendation: '',
};

const DISCORDANT = {
  agreement: 'discordant',
  types: ['entity'],
  therapeuticImpact: 'none',
  comment: 'Autre entité.',
};

describe('a third reading', () => {
  let app: TestApp;
  let people: People;
  let third: Client;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    const centre = await makeOrganisation({ city: 'Toulouse', region: 'Occitanie', kind: 'clcc' });
    const { email } = await makeUser({
      roles: ['reviewer'],
      organisationId: centre._id,
      networks: [{ networkId: 'LYMPHOPATH', as: 'reviewer', competences: [], third: true }],
    });
    third = await app.signIn(email, PASSWORD);
  });
  after(() => app.stop());

  const page = async (caseId: string) =>
    (await people.coordinator.get<CasePage>(`/api/cases/${caseId}`)).body;
  const reviewOf = ({ reviews }: CasePage, level: 2 | 3) => reviews.find((review) => review.level === level);
  const sign = async (caseId: string, level: 2 | 3, body: object = {}) => {
    const review = reviewOf(await page(caseId), level);
    const readers = [people.reviewer, people.otherReviewer, third];
    const reader = readers.find(({ userId }) => userId === review?.assignment?.reviewer.id) as Client;
    await reader.post(`/api/reviews/${review?.id}/open`, {});
    const signed = await reader.post(`/api/reviews/${review?.id}/sign-out`, {
      kind: 'final',
      password: PASSWORD,
      content: OPINION,
      ...body,
    });
    expect(signed.status, JSON.stringify(signed.body)).to.equal(201);
    return reader;
  };

  it('opens when the second reader asks, goes to another house’s third reader, and ends the case', async () => {
    const sent = await submitByPost(people);
    const second = await sign(sent.id, 2, { thirdReading: true });
    const between = await page(sent.id);
    expect(between.status, 'not before the third').to.equal('routed');
    expect(reviewOf(between, 2)?.ladder).to.deep.include({ next: 'third', why: 'asked' });
    const opened = reviewOf(between, 3);
    expect(opened?.networkId).to.equal('LYMPHOPATH');
    expect(opened?.status).to.equal('assigned');
    expect(opened?.assignment?.reviewer.id).to.equal(third.userId);

    const answer = await people.coordinator.post(`/api/reviews/${opened?.id}/assign`, {
      reviewerId: second.userId,
      reason: 'La même personne.',
    });
    expect(answer.status, 'never the second reader').to.equal(422);

    await sign(sent.id, 3, {
      content: {
        ...OPINION,
        concordance: {
          agreement: 'discordant',
          types: ['entity'],
          therapeuticImpact: 'none',
          comment: '',
        },
      },
    });
    const ended = await page(sent.id);
    expect(ended.status).to.equal('completed');
    for (const { workingDays, parts } of ended.turnarounds)
      expect(parts.reduce((sum, part) => sum + part.workingDays, 0)).to.be.closeTo(workingDays, 1e-9);
    const listed = await people.coordinator.get<Page<ReviewRow>>('/api/reviews?scope=network&session=true');
    expect(listed.body.items.map(({ caseId, level }) => [caseId, level])).to.deep.equal([[sent.id, 3]]);
  });

  it('leaves the list of the session when a coordinator says that it was discussed, and what was concluded', async () => {
    const list = async (session: string) =>
      (await people.coordinator.get<Page<ReviewRow>>(`/api/reviews?scope=network&session=${session}`)).body
        .items;
    const [row] = await list('true');
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(new Date());
    const reason = 'Lecture du troisième lecteur retenue.';
    const mark = (client: Client, on = today, id = row?.id) =>
      client.post<Review>(`/api/reviews/${id}/session`, { on, reason });
    for (const client of [people.reviewer, people.submitter])
      expect((await mark(client)).status).to.equal(403);
    for (const day of ['2020-01-01', '2999-01-01'])
      expect(problemOf(await mark(people.coordinator, day)).fields?.[0]?.path).to.equal('on');
    const second = reviewOf(await page(row?.caseId ?? ''), 2);
    expect(problemOf(await mark(people.coordinator, today, second?.id)).code).to.equal('STATUS_CONFLICT');

    const marked = await mark(people.coordinator);
    expect(marked.body).to.include({ status: 'signed' });
    expect(marked.body.discussed).to.deep.include({ on: today });
    expect(marked.body.timeline.at(-1)).to.include({ event: 'review.session-discussed' });
    expect(marked.body.timeline.at(-1)?.params).to.include({ reason });
    expect(await list('true')).to.deep.equal([]);
    expect((await list('discussed')).map(({ id }) => id)).to.deep.equal([row?.id]);
    expect(problemOf(await mark(people.coordinator)).code, 'once').to.equal('STATUS_CONFLICT');
    expect((await page(row?.caseId ?? '')).status).to.equal('completed');
  });

  it('does not open where the second one is sure', async () => {
    const sent = await submitByPost(people);
    await sign(sent.id, 2);
    const after = await page(sent.id);
    expect(after.status).to.equal('completed');
    expect(after.reviews).to.have.length(1);
  });

  it('is counted once in the figures of its day, and figures gone wrong are put right', async () => {
    const board = async () => (await people.coordinator.get<Board>('/api/board')).body;
    const before = await board();
    const sent = await submitByPost(people);
    await sign(sent.id, 2, { content: { ...OPINION, concordance: DISCORDANT } });
    const figures = await board();
    const change = (of: (figures: Board) => number | undefined) => (of(figures) ?? 0) - (of(before) ?? 0);
    expect(change(({ turnaround }) => turnaround.count)).to.equal(1);
    expect(change(({ perMonth }) => perMonth.at(-1)?.opened)).to.equal(1);
    expect(change(({ perMonth }) => perMonth.at(-1)?.signed)).to.equal(1);
    expect(change(({ discordance }) => discordance[0]?.discordant)).to.equal(1);

    const lines: string[] = [];
    const log = createLog('info', { write: (line: string) => lines.push(line) });
    await compareRecentActivity(log);
    expect(lines.at(-1)).to.include('"corrected":0');
    expect(await isActivityWhole()).to.equal(true);
    // A restored copy of one collection, a hand on the database: whatever made them differ.
    await mongoose.connection
      .collection('activity')
      .updateMany({ networkId: 'LYMPHOPATH' }, { $set: { opened: 99, tenths: [1] } });
    expect(await board()).to.not.deep.equal(figures);
    expect(await isActivityWhole()).to.equal(false);
    await compareRecentActivity(log);
    expect(lines.at(-1)).to.include('"corrected":1');
    expect(await board()).to.deep.equal(figures);
  });
});
