import { createHash } from 'node:crypto';
import type { Arrival, FoundSeries } from '@relecture/shared/arrivals/schema.js';
import { expect } from 'chai';
import { api } from 'dicomweb-client';
import mongoose from 'mongoose';
import { makePeople, type People } from '../../factories/people.js';
import { problemOf, startTestApp, type TestApp } from '../../support/app.js';
import { filesUnder } from '../slides/folders.js';
import { type ForeignServer, startForeignServer } from './foreign-server.js';
import { buildSeries } from './series.js';
import { draftOf, readySlide, slidesOf, tray, until } from './waiting.js';
import { XmlHttpRequest } from './xml-http-request.js';

type Values = Record<string, { Value?: unknown[] }>;
const PASSWORD = 'un mot de passe du PACS';

describe('slides by DICOMweb', () => {
  let app: TestApp;
  let people: People;
  let token: string;
  let foreign: ForeignServer | null = null;

  const organisation = () => `/api/admin/organisations/${people.senderOrganisationId}`;
  const url = () => `${app.url}/api/dicomweb`;
  const machine = (bearer = token) => ({ Authorization: `Bearer ${bearer}` });
  const makeToken = async () =>
    (
      await people.admin.post<{ token: string; id: string }>(`${organisation()}/dicom-tokens`, {
        label: 'Scanner 1',
      })
    ).body;
  const store = (instances: readonly Buffer[], bearer = token, path = '/studies', end = '') => {
    const boundary = 'limite-1';
    const parts = instances.flatMap((bytes) => [
      Buffer.from(`\r\n--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
      bytes,
    ]);
    const body = Buffer.concat([...parts, Buffer.from(end || `\r\n--${boundary}--\r\n`)]);
    return fetch(`${url()}${path}`, {
      method: 'POST',
      headers: {
        ...machine(bearer),
        'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
      },
      body,
    });
  };
  const query = async (path: string) => {
    const answer = await fetch(`${url()}${path}`, { headers: machine() });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.match(/^application\/dicom\+json/);
    return (await answer.json()) as Values[];
  };

  before(async () => {
    app = await startTestApp({ ARRIVAL_QUIET_SECONDS: '2' });
    people = await makePeople(app);
    ({ token } = await makeToken());
  });
  after(async () => {
    await foreign?.stop();
    await app.stop();
  });

  it('takes what dicomweb-client stores; instances in pieces are one slide of the case of their accession number', async () => {
    const caseId = await draftOf(people.submitter, '26H10001');
    const [first, second] = await buildSeries({ study: '1.2.10', series: '1.2.10.1', accession: '26H10001' });
    Object.assign(globalThis, { XMLHttpRequest: XmlHttpRequest });
    const client = new api.DICOMwebClient({ url: url(), headers: machine(), singlepart: false });
    const buffer = (bytes: Buffer | undefined) => Uint8Array.from(bytes ?? []).buffer;
    await client.storeInstances({ datasets: [buffer(first)] });
    await client.storeInstances({ datasets: [buffer(second), buffer(first)] });
    const slide = await readySlide(people.submitter, caseId);
    expect(slide.levels.map(({ width }) => width)).to.deep.equal([768, 384]);
    expect(slide.block).to.equal('A1');
    expect(await slidesOf(people.submitter, caseId)).to.have.length(1);
    expect(
      await filesUnder(app.config.uploadsDir).then((paths) =>
        paths.filter((path) => path.includes('/arrivals/')),
      ),
    ).to.deep.equal([]);
  });

  it('answers each instance as the standard says, and keeps nothing of what is no slide', async () => {
    const [good] = await buildSeries({ study: '1.2.11', series: '1.2.11.1', accession: 'X1' });
    const mixed = await store([good ?? Buffer.alloc(0), Buffer.from('no DICOM')]);
    expect(mixed.status).to.equal(202);
    const answer = (await mixed.json()) as Values;
    expect(answer['00081199']?.Value).to.have.length(1);
    expect(answer['00081198']?.Value).to.have.length(1);
    expect((await store([Buffer.from('no DICOM')])).status).to.equal(409);
    expect((await store([good ?? Buffer.alloc(0)], token, '/studies/9.9.9')).status).to.equal(409);
    const waiting = await until(async () =>
      (await tray(people.submitter)).find(({ state }) => state === 'waiting'),
    );
    expect(waiting.source).to.equal('stow');
    await people.submitter.delete(`/api/arrivals/${waiting.id}`);
    const cut = await store([good ?? Buffer.alloc(0)], token, '/studies', '\r\n');
    expect(cut.status).to.equal(400);
    const json = await fetch(`${url()}/studies`, {
      method: 'POST',
      headers: { ...machine(), 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect(json.status).to.equal(415);
  });

  it('tells the organisation’s own slides, page by page, and nobody else’s', async () => {
    const [study] = await query('/studies?AccessionNumber=R&limit=5');
    expect(study).to.equal(undefined);
    const studies = await query('/studies?limit=50');
    expect(studies).to.have.length(1);
    const uid = String(studies[0]?.['0020000D']?.Value?.[0]);
    expect(uid).to.match(/^2\.25\.\d+$/);
    const [series] = await query(`/studies/${uid}/series`);
    const seriesUid = String(series?.['0020000E']?.Value?.[0]);
    const instances = await query(`/studies/${uid}/series/${seriesUid}/instances`);
    expect(instances.map((each) => each['00480006']?.Value?.[0])).to.deep.equal([768, 384]);
    const second = await query(`/instances?limit=1&offset=1`);
    expect(second).to.deep.equal([instances[1]]);
    expect(await query('/instances?limit=1&offset=2')).to.deep.equal([]);
    expect(await query('/series?Modality=CT')).to.deep.equal([]);
    expect(JSON.stringify(studies)).to.not.include('PLANTEE');
    const other = await people.admin.post<{ token: string }>(
      `/api/admin/organisations/${await organisationOf(people)}/dicom-tokens`,
      { label: 'Autre' },
    );
    const foreignStudies = await fetch(`${url()}/studies`, { headers: machine(other.body.token) });
    expect(await foreignStudies.json()).to.deep.equal([]);
    const bySeries = await fetch(`${url()}/studies/${uid}/series`, { headers: machine(other.body.token) });
    expect(await bySeries.json()).to.deep.equal([]);
  });

  it('keeps of a token its hash only, and refuses it once revoked', async () => {
    const made = await makeToken();
    const kept = JSON.stringify(await mongoose.connection.db?.collection('dicomtokens').find().toArray());
    expect(kept).to.not.include(made.token);
    expect(kept).to.include(createHash('sha256').update(made.token).digest('hex'));
    expect((await fetch(`${url()}/studies`, { headers: machine(made.token) })).status).to.equal(200);
    expect((await people.admin.delete(`${organisation()}/dicom-tokens/${made.id}`)).status).to.equal(204);
    const refused = await fetch(`${url()}/studies`, { headers: machine(made.token) });
    expect(refused.status).to.equal(401);
    // A person’s token is no machine’s.
    expect((await people.submitter.get('/api/dicomweb/studies')).status).to.equal(401);
    expect(app.logged()).to.not.include(made.token);
  });

  it('fetches a series from the organisation’s own server, whatever is cut on the way', async () => {
    const uids = { study: '1.2.20', series: '1.2.20.1', accession: '26H20001' };
    foreign = await startForeignServer({ ...uids, instances: await buildSeries(uids) }, PASSWORD);
    const search = () =>
      people.submitter.post<{ items: FoundSeries[] }>('/api/arrivals/search', { accession: '26H20001' });
    expect(problemOf(await search()).code).to.equal('PACS_NOT_SET');
    const settings = (pacs: object) =>
      people.admin.put<{ pacs: object }>(`${organisation()}/arrivals`, {
        folder: { active: false, path: '', pattern: '', removeTaken: false },
        pacs: { active: true, url: foreign?.url, user: 'relecture', ...pacs },
      });
    await settings({ password: 'wrong' });
    expect(problemOf(await search()).code).to.equal('PACS_UNREACHABLE');
    expect(JSON.stringify((await settings({ password: PASSWORD })).body)).to.not.include(PASSWORD);
    const kept = JSON.stringify(await mongoose.connection.db?.collection('arrivalsources').find().toArray());
    expect(kept).to.not.include(PASSWORD);
    const { body } = await search();
    expect(body.items).to.deep.equal([
      { study: '1.2.20', series: '1.2.20.1', description: 'Lame A1 HES', date: '20261102', instances: 2 },
    ]);
    expect(
      (await people.submitter.post<{ items: [] }>('/api/arrivals/search', { accession: 'AUTRE' })).body.items,
    ).to.deep.equal([]);

    const caseId = await draftOf(people.submitter, '26H20001');
    foreign.cutNext();
    const order = { caseId, stain: 'HES', block: 'A1', study: '1.2.20', series: '1.2.20.1' };
    const ordered = await people.submitter.post<Arrival>('/api/arrivals/fetch', order);
    expect(ordered.status).to.equal(202);
    expect((await people.submitter.post<Arrival>('/api/arrivals/fetch', order)).body.id).to.equal(
      ordered.body.id,
    );
    const slide = await readySlide(people.submitter, caseId);
    expect(slide.levels).to.have.length(2);
    expect([slide.stain, slide.block]).to.deep.equal(['HES', 'A1']);
    expect(app.logged()).to.not.include('26H20001');
    const refused = await people.stranger.post('/api/arrivals/fetch', { ...order });
    expect(problemOf(refused).code).to.be.oneOf(['PACS_NOT_SET', 'NOT_FOUND']);
  });

  it('asks no other machine than the one that was set, wherever it is sent', async () => {
    const uids = { study: '1.2.30', series: '1.2.30.1', accession: 'ELSEWHERE' };
    const liar = await startForeignServer({ ...uids, instances: [] }, PASSWORD);
    try {
      await people.admin.put(`${organisation()}/arrivals`, {
        folder: { active: false, path: '', pattern: '', removeTaken: false },
        pacs: { active: true, url: liar.url, user: 'relecture', password: PASSWORD },
      });
      const answer = await people.submitter.post('/api/arrivals/search', { accession: 'ELSEWHERE' });
      expect(problemOf(answer).code).to.equal('PACS_UNREACHABLE');
      const caseId = await draftOf(people.submitter, '26H30001');
      const order = { caseId, study: '../../..', series: '1.2' };
      expect((await people.submitter.post('/api/arrivals/fetch', order)).status).to.equal(400);
      expect(liar.asked.every((path) => path.startsWith('/dicom-web/'))).to.equal(true);
    } finally {
      await liar.stop();
    }
  });
});

async function organisationOf(people: People): Promise<string> {
  const { body } = await people.stranger.get<{ organisation: { id: string } }>('/api/users/me');
  return body.organisation.id;
}
