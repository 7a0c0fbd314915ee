import { randomUUID } from 'node:crypto';
import type { Annotation, SaveAnnotationBody } from '@relecture/shared/annotations/schema.js';
import { expect } from 'chai';
import mongoose, { Types } from 'mongoose';
import { makePeople, PASSWORD, type People } from '../../factories/people.js';
import { opinion, type Reading, startReading } from '../../factories/readings.js';
import { type Answer, type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';

interface History {
  items: Array<{ version: number; action: string; label: string }>;
}
interface List {
  items: Annotation[];
  next: string | null;
}

describe('annotations', () => {
  let app: TestApp;
  let people: People;
  let reading: Reading;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
    reading = await startReading(people);
  });
  after(() => app.stop());

  const at = (id: string) => `/api/slides/${reading.slideId}/annotations/${id}`;
  const body = (baseVersion: number, overrides: Partial<SaveAnnotationBody> = {}): SaveAnnotationBody => ({
    reviewId: reading.reviewId,
    baseVersion,
    shape: {
      type: 'polygon',
      points: [
        [10, 20],
        [110.25, 20],
        [60, 90.5],
      ],
    },
    category: 'tumour',
    label: 'Plage',
    note: '',
    ...overrides,
  });
  const save = (id: string, baseVersion: number, overrides: Partial<SaveAnnotationBody> = {}) =>
    reading.reader.put<Annotation>(at(id), body(baseVersion, overrides));
  const list = async (client: Client = reading.reader, query = `?reviewId=${reading.reviewId}`) =>
    (await client.get<List>(`/api/slides/${reading.slideId}/annotations${query}`)).body;
  const history = (id: string, client: Client = reading.reader) => client.get<History>(`${at(id)}/history`);
  const reviews = () => mongoose.connection.collection('reviews');
  const reviewKey = () => ({ _id: new Types.ObjectId(reading.reviewId) });

  it('saves a shape to the point, and once however often it is sent', async () => {
    const id = randomUUID();
    const first = await save(id, 0);
    expect(first.status).to.equal(200);
    expect(first.body.shape).to.deep.equal(body(0).shape);
    const again = await save(id, 0);
    expect(again.body).to.deep.equal(first.body);
    const changed = await save(id, 1, { label: 'Autre' });
    expect(changed.body.version).to.equal(2);
    expect((await save(id, 1, { label: 'Autre' })).body.version).to.equal(2);
    expect((await history(id)).body.items.map(({ action }) => action)).to.deep.equal(['created', 'changed']);
  });

  it('refuses a shape none of which lies on the slide, and takes one that passes its edge', async () => {
    const ruler = (x: number): SaveAnnotationBody['shape'] => ({
      type: 'ruler',
      points: [
        [x, 10],
        [x + 500, 20],
      ],
    });
    const beside = await save(randomUUID(), 0, { shape: ruler(701) });
    expect(beside.status).to.equal(400);
    expect(problemOf(beside).fields?.[0]).to.include({ path: 'shape', code: 'beside_slide' });
    expect((await save(randomUUID(), 0, { shape: ruler(650) })).status).to.equal(200);
  });

  it('answers a save on an old version with the current one, and loses neither', async () => {
    const id = randomUUID();
    await save(id, 0);
    await save(id, 1, { label: 'Premier' });
    const late = await save(id, 1, { label: 'Second' });
    expect(late.status).to.equal(409);
    expect(problemOf(late).code).to.equal('CONFLICT');
    const { current } = late.body as unknown as { current: Annotation };
    expect(current).to.include({ id, version: 2, label: 'Premier' });
    expect((await save(id, 7)).status).to.equal(409);
    expect((await save(randomUUID(), 3)).status).to.equal(409);
  });

  it('gives a version to one of many writers at once, and keeps every version that it gave', async () => {
    const id = randomUUID();
    await save(id, 0);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, writer) => save(id, 1, { label: `écrivain ${writer}` })),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won.length).to.equal(1);
    expect(answers.filter(({ status }) => status === 409).length).to.equal(7);
    const entries = (await history(id)).body.items;
    expect(entries.map(({ version }) => version)).to.deep.equal([1, 2]);
    expect(entries[1]?.label).to.equal(won[0]?.body.label);
    expect((await list()).items.find((item) => item.id === id)?.label).to.equal(won[0]?.body.label);
  });

  it('deletes by a mark and restores by a save', async () => {
    const id = randomUUID();
    await save(id, 0);
    expect((await reading.reader.delete(`${at(id)}?baseVersion=1`)).status).to.equal(204);
    expect((await reading.reader.delete(`${at(id)}?baseVersion=1`)).status, 'sent twice').to.equal(204);
    expect((await list()).items.find((item) => item.id === id)).to.include({ deleted: true, version: 2 });
    expect((await save(id, 2)).body).to.include({ deleted: false, version: 3 });
    expect((await history(id)).body.items.map(({ action }) => action)).to.deep.equal([
      'created',
      'deleted',
      'restored',
    ]);
    expect((await reading.reader.delete(`${at(randomUUID())}?baseVersion=1`)).status).to.equal(404);
  });

  it('brings in what a killed server left between the history and the current state', async () => {
    const id = randomUUID();
    await save(id, 0);
    await save(id, 1, { label: 'Juste avant' });
    const versions = mongoose.connection.collection<{ _id: string }>('annotationversions');
    const current = mongoose.connection.collection<{ _id: string }>('annotations');
    await current.updateOne({ _id: id }, { $set: { version: 1, label: 'Plage' } });
    await versions.updateOne({ _id: `${id}:2` }, { $set: { pending: true } });
    expect((await list()).items.find((item) => item.id === id)).to.include({
      version: 2,
      label: 'Juste avant',
    });

    await current.deleteOne({ _id: id });
    await versions.updateMany({ annotationId: id } as never, { $set: { pending: true } });
    expect(
      (await save(id, 1, { label: 'Juste avant' })).body.version,
      'the lost answer, asked again',
    ).to.equal(2);
    expect((await list()).items.find((item) => item.id === id)?.version).to.equal(2);
  });

  it('takes no stroke while a signature is being made, and takes it again afterwards', async () => {
    const id = randomUUID();
    const until = new Date(Date.now() + 60_000);
    await reviews().updateOne(reviewKey(), { $set: { sealing: { token: 't', until } } });
    const refused = await save(id, 0);
    expect(problemOf(refused).code).to.equal('UNAVAILABLE');
    expect((await list()).items.some((item) => item.id === id)).to.equal(false);
    await reviews().updateOne(reviewKey(), { $set: { sealing: { token: 't', until: new Date(0) } } });
    expect((await save(id, 0)).status).to.equal(200);
    await reviews().updateOne(reviewKey(), { $set: { sealing: null } });
  });

  it('pages a long list without losing or repeating a shape', async () => {
    const whole = (await list()).items.map(({ id }) => id);
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const query: string = `?limit=2${next ? `&after=${next}` : ''}`;
      const page: List = await list(reading.reader, query);
      expect(page.items.length).to.be.at.most(2);
      seen.push(...page.items.map(({ id }) => id));
      ({ next } = page);
    } while (next);
    expect(seen).to.deep.equal(whole);
    expect(whole.length).to.be.greaterThan(4);
  });

  it('refuses a cursor that it never gave', async () => {
    for (const parts of [['yesterday', 'somebody'], ['2026-11-20T00:00:00Z'], 'nonsense']) {
      const cursor = Buffer.from(JSON.stringify(parts)).toString('base64url');
      const answer = await reading.reader.get(`/api/slides/${reading.slideId}/annotations?after=${cursor}`);
      expect(answer.status).to.equal(400);
      expect(problemOf(answer).code).to.equal('INVALID_INPUT');
    }
  });

  it('refuses shapes that are none', async () => {
    const wrong: unknown[] = [
      body(0, { shape: { type: 'point', points: [] as never } }),
      body(0, { shape: { type: 'polygon', points: [[0, 0]] as never } }),
      { ...body(0), shape: { type: 'polygon', points: [['a', 1]] } },
      body(0, { label: 'x'.repeat(201) }),
      body(-1),
      {},
    ];
    for (const content of wrong) {
      const answer = await reading.reader.put(at(randomUUID()), content);
      expect(problemOf(answer).code).to.equal('INVALID_INPUT');
    }
    expect((await reading.reader.put(at('not-a-uuid'), body(0))).status).to.equal(400);
  });

  it('shows and gives the strokes of a reading in progress to its reader alone', async () => {
    const id = randomUUID();
    await save(id, 0);
    for (const client of [
      people.submitter,
      people.preparer,
      people.coordinator,
      people.national,
      reading.other,
    ]) {
      expect((await list(client)).items).to.deep.equal([]);
      expect((await history(id, client)).status).to.equal(404);
    }
    expect((await people.stranger.get(`/api/slides/${reading.slideId}/annotations`)).status).to.equal(404);
    expect((await people.admin.get(`/api/slides/${reading.slideId}/annotations`)).status).to.equal(404);
    const refused: Array<Promise<Answer<unknown>>> = [
      reading.other.put(at(id), body(1)),
      people.submitter.put(at(id), body(1)),
      people.coordinator.put(at(id), body(1)),
      reading.other.delete(`${at(id)}?baseVersion=1`),
    ];
    for (const answer of await Promise.all(refused)) expect(answer.status).to.equal(403);
    expect((await app.anonymous.put(at(id), body(1))).status).to.equal(401);
    expect((await list()).items.find((item) => item.id === id)?.version).to.equal(1);
  });

  it('does not let a shape be taken to another slide or review', async () => {
    const id = randomUUID();
    await save(id, 0);
    const elsewhere = await startReading(people);
    const answer = await elsewhere.reader.put(`/api/slides/${elsewhere.slideId}/annotations/${id}`, {
      ...body(1),
      reviewId: elsewhere.reviewId,
    });
    expect(answer.status).to.equal(404);
    const mixed = await elsewhere.reader.put(
      `/api/slides/${elsewhere.slideId}/annotations/${randomUUID()}`,
      body(0),
    );
    expect(mixed.status).to.equal(404);
  });

  it('keeps them from change once signed, and shows them to the sender', async () => {
    const id = randomUUID();
    await save(id, 0, { label: 'Scellée' });
    const before = (await list()).items.filter(({ deleted }) => !deleted);
    const sign = (kind: string) =>
      reading.reader.post<{ seal: { annotations: Array<{ id: string; version: number }> } }>(
        `/api/reviews/${reading.reviewId}/sign-out`,
        { kind, password: PASSWORD, content: opinion() },
      );
    expect((await sign('preliminary')).status).to.equal(201);
    expect((await list(people.submitter)).items, 'reading goes on').to.deep.equal([]);
    const signed = await sign('final');
    expect(signed.status).to.equal(201);
    expect(signed.body.seal.annotations.map(({ id, version }) => `${id}:${version}`)).to.have.members(
      before.map(({ id, version }) => `${id}:${version}`),
    );
    expect((await list(people.submitter)).items.length).to.be.greaterThan(0);
    expect((await list(people.coordinator)).items.length).to.be.greaterThan(0);
    expect((await history(id, people.submitter)).body.items.length).to.equal(1);

    expect(
      (await save(id, 0, { label: 'Scellée' })).body.version,
      'an answer lost before the signature',
    ).to.equal(1);
    for (const answer of [
      await save(id, 1, { label: 'Trop tard' }),
      await save(randomUUID(), 0),
      await reading.reader.delete(`${at(id)}?baseVersion=1`),
    ]) {
      expect(problemOf(answer).code).to.equal('REPORT_SIGNED');
    }
    // A stroke that was on its way when the server was killed, and that no signature saw.
    const versions = mongoose.connection.collection<{ _id: string }>('annotationversions');
    const entry = await versions.findOne({ _id: `${id}:1` });
    await versions.insertOne({
      ...entry,
      _id: `${id}:2`,
      version: 2,
      label: 'Jamais vue',
      pending: true,
    } as never);
    expect((await list()).items.find((item) => item.id === id)?.version).to.equal(1);
    expect((await history(id)).body.items.length).to.equal(1);
  });
});
