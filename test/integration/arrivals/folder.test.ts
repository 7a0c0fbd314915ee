import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { makePeople, type People } from '../../factories/people.js';
import { problemOf, startTestApp, type TestApp } from '../../support/app.js';
import { pyramid } from '../slides/files.js';
import { filesUnder } from '../slides/folders.js';
import { buildSeries } from './series.js';
import { draftOf, readySlide, slidesOf, tray, until } from './waiting.js';

const PATIENT = 'MARTINPLANTE';

describe('slides from a scanner’s folder', () => {
  let root: string;
  let app: TestApp;
  let people: People;
  let seed = 0;

  const folder = () => join(root, 'chu');
  const set = (change: object = {}) =>
    people.admin.put(`/api/admin/organisations/${people.senderOrganisationId}/arrivals`, {
      folder: { active: true, path: 'chu', pattern: '', removeTaken: false, ...change },
      pacs: { active: false, url: '', user: '' },
    });
  const slideFile = () => pyramid({ seed: ++seed });

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'relecture-watch-'));
    await mkdir(folder());
    app = await startTestApp({ WATCH_ROOT: root, ARRIVAL_QUIET_SECONDS: '0.3' });
    people = await makePeople(app);
    expect((await set()).status).to.equal(200);
  });
  after(async () => {
    await app.stop();
    await rm(root, { recursive: true, force: true });
  });

  it('goes to the case whose exam number stands in its name, once, and stays in its folder', async () => {
    const caseId = await draftOf(people.submitter, '26H04512');
    const bytes = await slideFile();
    const path = join(folder(), `${PATIENT}_26-H-04512_A1_HES.svs`);
    await writeFile(path, bytes);
    const slide = await readySlide(people.submitter, caseId);
    expect(slide.block).to.equal('A1');
    expect(slide.sha256).to.equal(createHash('sha256').update(bytes).digest('hex'));
    expect(await readdir(folder())).to.include(`${PATIENT}_26-H-04512_A1_HES.svs`);
    // Looked at again and again, it is taken once; under another name, it is known by its hash.
    await rename(path, join(folder(), 'copie_26H04512.svs'));
    const twin = await until(async () => (await tray(people.submitter)).find(({ duplicate }) => duplicate));
    expect(twin.state).to.equal('waiting');
    expect(twin.proposed.map((each) => each.caseId)).to.deep.equal([caseId]);
    expect(await slidesOf(people.submitter, caseId)).to.have.length(1);
    expect((await people.submitter.delete(`/api/arrivals/${twin.id}`)).status).to.equal(204);
  });

  it('waits in the tray of its organisation when no case is named, and is attached by hand', async () => {
    const caseId = await draftOf(people.submitter, '26H00001');
    await writeFile(join(folder(), `${PATIENT}.svs`), await slideFile());
    const waiting = await until(async () =>
      (await tray(people.preparer)).find(({ state }) => state === 'waiting'),
    );
    expect(waiting.name).to.equal(`${PATIENT}.svs`);
    expect(await tray(people.stranger)).to.deep.equal([]);
    const attach = { caseId, stain: 'CD20', block: 'B2' };
    const stranger = await people.stranger.post(`/api/arrivals/${waiting.id}/attach`, attach);
    expect(problemOf(stranger).code).to.equal('NOT_FOUND');
    const attached = await people.preparer.post(`/api/arrivals/${waiting.id}/attach`, attach);
    expect(attached.status).to.equal(200);
    const slide = await readySlide(people.submitter, caseId);
    expect([slide.stain, slide.block]).to.deep.equal(['CD20', 'B2']);
    expect(await until(async () => (await tray(people.preparer)).length === 0)).to.equal(true);
    const again = await people.preparer.post(`/api/arrivals/${waiting.id}/attach`, attach);
    expect(problemOf(again).code).to.equal('STATUS_CONFLICT');
  });

  it('reads the names by the pattern of the organisation', async () => {
    const caseId = await draftOf(people.submitter, '26H77777');
    await set({ pattern: '*_{exam}_{block}_{stain}', removeTaken: true });
    await writeFile(join(folder(), `${PATIENT}_26H77777_C3_Ki-67.svs`), await slideFile());
    const slide = await readySlide(people.submitter, caseId);
    expect([slide.stain, slide.block]).to.deep.equal(['Ki-67', 'C3']);
    // Told to, it clears away what it has taken.
    expect(
      await until(async () => !(await readdir(folder())).some((name) => name.includes('77777'))),
    ).to.equal(true);
    await set();
  });

  it('takes a series of DICOM files as one slide, by its accession number', async () => {
    const caseId = await draftOf(people.submitter, '26H88888');
    await mkdir(join(folder(), 'serie'));
    const instances = await buildSeries({ study: '1.2.3', series: '1.2.3.9', accession: '26H88888' });
    for (const [n, bytes] of instances.entries()) await writeFile(join(folder(), 'serie', `${n}`), bytes);
    const slide = await readySlide(people.submitter, caseId);
    expect(slide.levels.map(({ width }) => width)).to.deep.equal([768, 384]);
    expect(await slidesOf(people.submitter, caseId)).to.have.length(1);
  });

  it('takes a file when it is whole, and leaves what is no slide', async () => {
    const caseId = await draftOf(people.submitter, '26H99999');
    const bytes = await slideFile();
    await writeFile(join(folder(), 'notice.txt'), 'un texte');
    const path = join(folder(), '26H99999.svs');
    await writeFile(path, bytes.subarray(0, bytes.length / 2));
    await symlink('/etc/passwd', join(folder(), 'lien_26H99999.svs'));
    await appendFile(path, bytes.subarray(bytes.length / 2));
    const slide = await readySlide(people.submitter, caseId);
    expect(slide.sha256).to.equal(createHash('sha256').update(bytes).digest('hex'));
    expect(await tray(people.submitter)).to.deep.equal([]);
  });

  it('does not leave the folder that the server allows, and says when it cannot be read', async () => {
    for (const path of ['..', '/etc', '../../etc']) {
      const { status, body } = await set({ path });
      expect(status, path).to.equal(400);
      expect(JSON.stringify(body)).to.include('outside_root');
    }
    await set({ path: 'nowhere' });
    const settings = await until(async () => {
      const { body } = await people.admin.get<{ folderTrouble: string | null }>(
        `/api/admin/organisations/${people.senderOrganisationId}/arrivals`,
      );
      return body.folderTrouble;
    });
    expect(settings).to.equal('missing');
    await set();
  });

  it('writes the patient’s name nowhere in clear', async () => {
    const { db } = mongoose.connection;
    for (const name of ['arrivals', 'slides', 'accesslog', 'arrivalsources', 'jobs']) {
      const kept = JSON.stringify(await db?.collection(name).find().toArray());
      expect(kept, name).to.not.include(PATIENT);
    }
    expect(app.logged()).to.not.include(PATIENT);
    expect((await filesUnder(app.config.uploadsDir)).join('\n')).to.not.include(PATIENT);
    expect(await filesUnder(join(app.config.uploadsDir, 'arrivals'))).to.deep.equal([]);
  });
});
