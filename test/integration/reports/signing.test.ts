import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recoverOutbox } from '@relecture/server/events/index.js';
import { type Verdict, verifyPdf } from '@relecture/server/reports/index.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Report } from '@relecture/shared/reports/schema.js';
import { expect } from 'chai';
import mongoose, { Types } from 'mongoose';
import { makePeople, PASSWORD, type People } from '../../factories/people.js';
import { opinion, type Reading, startReading } from '../../factories/readings.js';
import { type Answer, type Client, problemOf, startTestApp, type TestApp } from '../../support/app.js';
import { productEntry } from '../../support/children.js';

type Valid = Extract<Verdict, { verdict: 'valid' }>;

describe('signing a report', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });
  after(() => app.stop());

  const sign = (
    { reader, reviewId }: Reading,
    kind = 'final',
    content = opinion(),
  ): Promise<Answer<Report>> =>
    reader.post<Report>(`/api/reviews/${reviewId}/sign-out`, { kind, password: PASSWORD, content });
  const page = async ({ caseId }: Reading, client: Client = people.submitter) =>
    (await client.get<CasePage>(`/api/cases/${caseId}`)).body;
  const pdfOf = (reportId: string, client: Client = people.submitter) =>
    client.get<Buffer>(`/api/reports/${reportId}.pdf`);
  const reports = () => mongoose.connection.collection('reports');
  const reviews = () => mongoose.connection.collection('reviews');
  const key = (id: string) => ({ _id: new Types.ObjectId(id) });
  const draw = ({ reader, slideId, reviewId }: Reading, id: string, x: number, baseVersion = 0) =>
    reader.put(`/api/slides/${slideId}/annotations/${id}`, {
      reviewId,
      baseVersion,
      shape: { type: 'point', points: [[x, 5]] },
    });

  it('puts the slides and each shape under the seal', async () => {
    const reading = await startReading(people);
    const [kept, moved, gone] = [randomUUID(), randomUUID(), randomUUID()];
    await draw(reading, kept, 10);
    await draw(reading, moved, 20);
    await draw(reading, gone, 30);
    await reading.reader.delete(`/api/slides/${reading.slideId}/annotations/${gone}?baseVersion=1`);
    const first = (await sign(reading, 'preliminary')).body;
    expect(first.seal.slides).to.deep.equal([{ slideId: reading.slideId, sha256: reading.slideSha256 }]);
    expect(first.seal.annotations.map(({ id }) => id)).to.have.members([kept, moved]);
    await draw(reading, moved, 20.01, 1);
    const second = (await sign(reading)).body;
    const hashOf = (report: Report, id: string) =>
      report.seal.annotations.find((shape) => shape.id === id)?.sha256;
    expect(hashOf(second, kept)).to.equal(hashOf(first, kept));
    expect(hashOf(second, moved), 'one vertex moved').to.not.equal(hashOf(first, moved));
    expect(second.seal.previous).to.equal(first.seal.sha256);
    expect((await page(reading)).reports.map(({ number, kind }) => `${number} ${kind}`)).to.deep.equal([
      '1 preliminary',
      '2 final',
    ]);
  });

  it('asks for the slides to be read, and names what is missing', async () => {
    const reading = await startReading(people);
    await reviews().updateOne(key(reading.reviewId), { $set: { readSlideIds: [] } });
    const answer = await sign(reading, 'final', opinion({ morphology: null }));
    expect(answer.status).to.equal(422);
    expect(problemOf(answer).code).to.equal('REPORT_INCOMPLETE');
    expect(problemOf(answer).fields?.map(({ code }) => code)).to.deep.equal(['morphology', 'slides_unread']);
    expect((await page(reading)).reports).to.deep.equal([]);
  });

  it('lets nobody else sign', async () => {
    const reading = await startReading(people);
    for (const reader of [
      reading.other,
      people.submitter,
      people.coordinator,
      people.national,
      people.admin,
    ]) {
      expect((await sign({ ...reading, reader })).status).to.equal(403);
    }
    expect((await sign({ ...reading, reader: people.stranger })).status).to.equal(403);
    expect((await sign({ ...reading, reader: app.anonymous })).status).to.equal(401);
  });

  it('signs once when the button is pressed five times', async () => {
    const reading = await startReading(people);
    const answers = await Promise.all(Array.from({ length: 5 }, () => sign(reading)));
    expect(answers.map(({ status }) => status)).to.deep.equal([201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size, 'all told of the one report').to.equal(1);
    const found = await reports()
      .find({ reviewId: new Types.ObjectId(reading.reviewId) })
      .toArray();
    expect(found.map(({ number, bound }) => ({ number, bound }))).to.deep.equal([{ number: 1, bound: true }]);
    const pdf = await pdfOf(String(found[0]?._id));
    expect(verifyPdf(pdf.body).verdict).to.equal('valid');
  });

  it('answers a signature sent again with the report it made, and adds nothing', async () => {
    const reading = await startReading(people);
    for (const kind of ['preliminary', 'final']) {
      const { body } = await sign(reading, kind);
      const again = await sign(reading, kind);
      expect(again.status).to.equal(201);
      expect(again.body).to.deep.equal(body);
    }
    const path = `/api/reports/${(await page(reading)).reports.at(-1)?.id}/amend`;
    const addendum = { kind: 'addendum', password: PASSWORD, text: 'Réarrangement de USP6 retrouvé.' };
    const added = await Promise.all([1, 2].map(() => reading.reader.post<Report>(path, addendum)));
    expect(added.map(({ status }) => status)).to.deep.equal([201, 201]);
    expect(added[0]?.body.id).to.equal(added[1]?.body.id);
    expect((await page(reading)).reports.map(({ number }) => number)).to.deep.equal([1, 2, 3]);
  });

  it('of two different reports signed at once takes one, and says of the other that it is signed', async () => {
    const reading = await startReading(people);
    const answers = await Promise.all([
      sign(reading),
      sign(reading, 'final', opinion({ conclusion: 'Lymphome folliculaire, grade 3A.' })),
    ]);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map((answer) => [answer.status, problemOf(answer).code])).to.deep.equal([
      [409, 'REPORT_SIGNED'],
    ]);
    const wrong = { kind: 'final', password: 'not this one', content: opinion() };
    expect(
      (await reading.reader.post(`/api/reviews/${reading.reviewId}/sign-out`, wrong)).status,
    ).to.be.within(400, 499);
    expect((await page(reading)).reports.length).to.equal(1);
  });

  it('takes a document that a killed server left before the gate for no report', async () => {
    const model = await startReading(people);
    const example = (await sign(model)).body;
    const copy = await reports().findOne(key(example.id));
    const reading = await startReading(people);
    const orphan = new Types.ObjectId();
    await reports().insertOne({
      ...copy,
      _id: orphan,
      reviewId: new Types.ObjectId(reading.reviewId),
      caseId: new Types.ObjectId(reading.caseId),
      bound: false,
      pdf: { ...copy?.pdf, storedAs: randomUUID() },
    });
    expect((await reading.reader.get(`/api/reports/${orphan.toHexString()}`)).status).to.equal(404);
    expect((await page(reading)).reports).to.deep.equal([]);
    expect((await page(reading)).progress).to.equal('in_review');
    const signed = await sign(reading);
    expect(signed.status).to.equal(201);
    expect(signed.body.number).to.equal(1);
    expect(await reports().findOne({ _id: orphan })).to.equal(null);
  });

  it('binds at the next start what a killed server left after the gate', async () => {
    const reading = await startReading(people);
    const { id } = (await sign(reading)).body;
    const review = await reviews().findOne(key(reading.reviewId));
    const timeline = (review!.timeline as Array<{ event: string; published: boolean }>).map((entry) =>
      entry.event === 'review.signed' ? { ...entry, published: false } : entry,
    );
    await reports().updateOne(key(id), { $set: { bound: false } });
    await reviews().updateOne(key(reading.reviewId), { $set: { timeline, outboxPending: 1 } });
    expect((await people.submitter.get(`/api/reports/${id}`)).status).to.equal(404);
    await recoverOutbox();
    expect((await people.submitter.get<Report>(`/api/reports/${id}`)).body.number).to.equal(1);
  });

  it('keeps the file encrypted under a random name, and gives it without naming the patient', async () => {
    const reading = await startReading(people);
    const { id } = (await sign(reading)).body;
    const folder = join(app.config.dataDir, 'reports');
    for (const name of await readdir(folder)) {
      expect(name).to.match(/^[0-9a-f-]{36}$/);
      expect((await readFile(join(folder, name))).subarray(0, 4).toString()).to.equal('RLC1');
    }
    const first = await pdfOf(id);
    expect(first.headers.get('content-disposition'))
      .to.contain(reading.caseNumber)
      .and.not.contain('KERVELLA');
    expect(first.headers.get('cache-control')).to.equal('private, no-store');
    expect((await pdfOf(id, people.preparer)).body.equals(first.body), 'the same file each time').to.equal(
      true,
    );
  });

  it('gives a coordinator the same sealed report, printed without the patient', async () => {
    const reading = await startReading(people);
    const { id, seal } = (await sign(reading)).body;
    const [full, anonymous] = [(await pdfOf(id)).body, (await pdfOf(id, people.coordinator)).body];
    const sealOf = (pdf: Buffer) => (verifyPdf(pdf) as Valid).seal;
    expect(sealOf(full)).to.equal(seal.sha256);
    expect(sealOf(anonymous)).to.equal(seal.sha256);
    expect(anonymous.equals(full)).to.equal(false);
    const { body } = await people.coordinator.get<Report>(`/api/reports/${id}`);
    expect(JSON.stringify(body)).to.not.contain('KERVELLA');
    expect((await pdfOf(id, reading.other)).status, 'another reader of the network').to.equal(404);
    expect((await pdfOf(id, people.stranger)).status).to.equal(404);
    expect((await pdfOf(id, app.anonymous)).status).to.equal(401);
  });

  it('shows nothing rather than a report changed behind its back', async () => {
    const reading = await startReading(people);
    const { id } = (await sign(reading)).body;
    await reports().updateOne(key(id), { $set: { 'content.conclusion': 'Lymphome folliculaire classique' } });
    for (const path of [`/api/reports/${id}`, `/api/reports/${id}.pdf`]) {
      const answer = await people.submitter.get(path);
      expect(answer.status).to.equal(500);
      expect(problemOf(answer).code).to.equal('REPORT_ALTERED');
    }
  });

  it('corrects as a new version: the first stays, word for word', async () => {
    const reading = await startReading(people);
    const signed = await sign(reading);
    const before = (await pdfOf(signed.body.id)).body;
    const amend = (body: object) => reading.reader.post<Report>(`/api/reports/${signed.body.id}/amend`, body);
    expect(problemOf(await amend({ kind: 'correction', password: 'no', text: 'Latéralité.' })).code).to.equal(
      'PASSWORD_WRONG',
    );
    const incomplete = await amend({
      kind: 'correction',
      password: PASSWORD,
      text: 'Latéralité.',
      content: opinion({ conclusion: '' }),
    });
    expect(problemOf(incomplete).code).to.equal('REPORT_INCOMPLETE');
    const corrected = await amend({
      kind: 'correction',
      password: PASSWORD,
      text: 'Latéralité.',
      content: opinion({ conclusion: 'Lymphome folliculaire, ganglion gauche.' }),
    });
    expect(corrected.status).to.equal(201);
    expect(corrected.body).to.include({ number: 2, kind: 'correction', amendment: 'Latéralité.' });
    expect(corrected.body.seal.previous).to.equal(signed.body.seal.sha256);
    expect((await pdfOf(signed.body.id)).body.equals(before)).to.equal(true);
    expect((await people.submitter.get<Report>(`/api/reports/${signed.body.id}`)).body).to.deep.equal(
      signed.body,
    );
    const { reviews: shown, reports: all } = await page(reading);
    expect(shown[0]).to.include({ status: 'signed', reportId: corrected.body.id });
    expect(all.length).to.equal(2);
    expect((await people.submitter.post(`/api/reports/${signed.body.id}/amend`, {})).status).to.equal(403);
  });

  it('is marked as read by the sender alone, once', async () => {
    const reading = await startReading(people);
    const { id } = (await sign(reading)).body;
    const unread = async () => (await page(reading)).reports[0]?.readBySenderAt;
    expect((await reading.reader.post(`/api/reports/${id}/read`)).status).to.equal(403);
    expect((await people.stranger.post(`/api/reports/${id}/read`)).status).to.equal(404);
    expect(await unread()).to.equal(null);
    expect((await people.preparer.post(`/api/reports/${id}/read`)).status).to.equal(204);
    const at = await unread();
    expect(at).to.be.a('string');
    await people.submitter.post(`/api/reports/${id}/read`);
    expect(await unread()).to.equal(at);
  });

  it('verifies on any machine, with the file alone', async () => {
    const reading = await startReading(people);
    const { id } = (await sign(reading)).body;
    const { body } = await pdfOf(id);
    const { fingerprint } = (await app.anonymous.get<{ fingerprint: string }>('/api/verification-key')).body;
    const intact = join(app.config.dataDir, 'report.pdf');
    await writeFile(intact, body);
    const altered = join(app.config.dataDir, 'altered.pdf');
    await writeFile(altered, Buffer.from(body.map((byte, at) => (at === 900 ? byte ^ 1 : byte))));

    const valid = await verify(intact, '--key', fingerprint, '--json');
    expect(valid.code).to.equal(0);
    expect(JSON.parse(valid.stdout)).to.include({ verdict: 'valid', caseNumber: reading.caseNumber });
    expect((await verify(intact, '--key', '0000000000000000')).code).to.equal(1);
    const wrong = await verify(altered);
    expect(wrong.code).to.equal(1);
    expect(wrong.stdout).to.contain('MODIFIÉ');
    expect((await verify(join(app.config.dataDir, 'nowhere.pdf'))).code).to.equal(2);
  });
});

/** The command as people run it, without the build in front of it. */
function verify(...argv: string[]): Promise<{ code: number; stdout: string }> {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const command = [...productEntry('cli/main'), 'verify'];
  return new Promise((resolve) => {
    execFile(process.execPath, [...command, ...argv], { cwd: root }, (error, stdout) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout }),
    );
  });
}
