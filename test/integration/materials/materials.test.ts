import { recoverOutbox } from '@relecture/server/events/index.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { MaterialRequest } from '@relecture/shared/materials/schema.js';
import { expect } from 'chai';
import mongoose, { Types } from 'mongoose';
import { makePeople, PASSWORD, type People } from '../../factories/people.js';
import { opinion, type Reading, startReading } from '../../factories/readings.js';
import { type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';

describe('material requests', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const wish = { items: [{ kind: 'stain', detail: 'PD1' }], reason: 'Phénotype à préciser.' };
  const ask = ({ reader, reviewId }: Reading, body: object = wish) =>
    reader.post<MaterialRequest>(`/api/reviews/${reviewId}/material-requests`, body);
  const answer = (id: string, body: object, client: Client = people.submitter) =>
    client.post<MaterialRequest>(`/api/material-requests/${id}/answer`, body);
  const page = async ({ caseId }: Reading) =>
    (await people.submitter.get<CasePage>(`/api/cases/${caseId}`)).body;

  it('stops the reviewer’s clock and starts the sender’s, until the answer', async () => {
    const reading = await startReading(people);
    const pin = { slideId: reading.slideId, at: [120, 80] };
    const asked = await ask(reading, { ...wish, pin });
    expect(asked.status).to.equal(201);
    expect(asked.body).to.deep.include({ status: 'open', pin });
    expect(await page(reading)).to.include({ progress: 'on_hold', party: 'material' });
    const answered = await answer(asked.body.id, { slideIds: [reading.slideId], comment: 'PD1 ajouté.' });
    expect(answered.status).to.equal(200);
    expect(answered.body.status).to.equal('answered');
    expect(answered.body.answeredBy?.id).to.equal(people.submitter.userId);
    expect(answered.body.answer).to.deep.equal({
      comment: 'PD1 ajouté.',
      slideIds: [reading.slideId],
      shipmentId: null,
      unavailable: false,
    });
    const after = await page(reading);
    expect(after).to.include({ progress: 'in_review', party: 'reviewer' });
    expect(after.materialRequests.map(({ status }) => status)).to.deep.equal(['answered']);
    expect(problemOf(await answer(asked.body.id, { comment: 'Encore.' })).code).to.equal('STATUS_CONFLICT');
  });

  it('has one open request a review, also when two are asked at once', async () => {
    const reading = await startReading(people);
    const both = await Promise.all([ask(reading), ask(reading)]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([201, 409]);
    expect((await page(reading)).materialRequests.length).to.equal(1);
    expect(problemOf(await ask(reading)).code).to.equal('STATUS_CONFLICT');
  });

  it('keeps one answer of two sent at once', async () => {
    const reading = await startReading(people);
    const { id } = (await ask(reading)).body;
    const both = await Promise.all([
      answer(id, { comment: 'Premier' }),
      answer(id, { comment: 'Second' }, people.preparer),
    ]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([200, 409]);
    const won = both.find(({ status }) => status === 200)?.body;
    const [kept] = (await page(reading)).materialRequests;
    expect(kept).to.deep.equal(won);
    expect(kept?.answeredBy?.id).to.equal(
      kept?.answer?.comment === 'Premier' ? people.submitter.userId : people.preparer.userId,
    );
  });

  it('resumes after a preliminary report where it was', async () => {
    const reading = await startReading(people);
    await reading.reader.post(`/api/reviews/${reading.reviewId}/sign-out`, {
      kind: 'preliminary',
      password: PASSWORD,
      content: opinion(),
    });
    const { id } = (await ask(reading)).body;
    await answer(id, { unavailable: true });
    const { progress, reviews } = await page(reading);
    expect(progress).to.equal('preliminary');
    expect(reviews[0]?.party).to.equal('reviewer');
  });

  it('lets the reviewer give it up, and nobody else', async () => {
    const reading = await startReading(people);
    const { id } = (await ask(reading)).body;
    for (const client of [reading.other, people.submitter, people.coordinator]) {
      expect((await client.post(`/api/material-requests/${id}/cancel`)).status).to.equal(403);
    }
    const cancelled = await reading.reader.post<MaterialRequest>(`/api/material-requests/${id}/cancel`);
    expect(cancelled.body).to.include({ status: 'cancelled', answeredAt: null });
    expect((await page(reading)).progress).to.equal('in_review');
    expect(problemOf(await answer(id, { comment: 'Trop tard.' })).code).to.equal('STATUS_CONFLICT');
  });

  it('refuses strangers, empty answers, and slides of another case', async () => {
    const reading = await startReading(people);
    const elsewhere = await startReading(people);
    for (const client of [reading.other, people.submitter, people.coordinator]) {
      expect((await ask({ ...reading, reader: client })).status).to.equal(403);
    }
    expect((await ask(reading, { ...wish, items: [] })).status).to.equal(400);
    const pin = { slideId: elsewhere.slideId, at: [1, 1] };
    expect((await ask(reading, { ...wish, pin })).status).to.equal(404);
    const { id } = (await ask(reading)).body;
    expect((await answer(id, { comment: 'x' }, people.stranger)).status).to.equal(404);
    expect((await answer(id, { comment: 'x' }, reading.reader)).status).to.equal(403);
    expect(problemOf(await answer(id, {})).code).to.equal('INVALID_INPUT');
    expect((await answer(id, { slideIds: [elsewhere.slideId] })).status).to.equal(404);
    expect((await answer(id, { shipmentId: elsewhere.slideId })).status).to.equal(404);
    expect((await page(reading)).progress).to.equal('on_hold');
  });

  it('asks nothing more of the sender of a withdrawn case', async () => {
    const reading = await startReading(people);
    const { id } = (await ask(reading)).body;
    await people.submitter.post(`/api/cases/${reading.caseId}/withdraw`, { reason: 'Doublon.' });
    const after = await page(reading);
    expect(after.progress).to.equal('withdrawn');
    expect(after.permissions).to.not.include('answer_material');
    expect(after.materialRequests).to.deep.equal([]);
    expect((await answer(id, { comment: 'Trop tard.' })).status).to.equal(409);
  });

  it('settles at the next start what a killed server left after the gate', async () => {
    const reading = await startReading(people);
    const { id } = (await ask(reading)).body;
    const answered = (await answer(id, { comment: 'PD1 +' })).body;
    const reviews = mongoose.connection.collection('reviews');
    const key = { _id: new Types.ObjectId(reading.reviewId) };
    const review = await reviews.findOne(key);
    const timeline = (review!.timeline as Array<{ event: string; published: boolean }>).map((entry) =>
      entry.event === 'review.material-answered' ? { ...entry, published: false } : entry,
    );
    await reviews.updateOne(key, { $set: { timeline, outboxPending: 1 } });
    await mongoose.connection
      .collection('materialrequests')
      .updateOne(
        { _id: new Types.ObjectId(id) },
        { $set: { answeredAt: null, answeredBy: null, answer: null } },
      );
    await recoverOutbox();
    expect((await page(reading)).materialRequests).to.deep.equal([answered]);
  });
});
