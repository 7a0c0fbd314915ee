import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { expect } from 'chai';
import { bearer, getSlide, postSlide, problemOf, readySlide, settled, slidesOf } from './calls.js';
import { photograph, pyramid, sample } from './files.js';
import { filesUnder } from './folders.js';
import { type Person, type SlideServer, startSlideServer } from './slide-server.js';

describe('slides in one request', () => {
  let server: SlideServer;
  let sender: Person;
  let caseId: string;

  before(async () => {
    server = await startSlideServer();
    sender = await server.person();
  });
  beforeEach(async () => {
    caseId = await server.caseOf(sender);
  });
  after(() => server.stop());

  it('takes a pyramidal TIFF to ready, step by step', async () => {
    const file = await pyramid();
    const answer = await postSlide(server, sender, caseId, file, { stain: 'HES', block: 'é1' });
    expect(answer.status).to.equal(201);
    const received = (await answer.json()) as Slide;
    expect(received).to.include({ caseId, stain: 'HES', block: 'é1', bytes: file.length, late: false });
    const slide = await settled(server, sender, received.id);
    expect(slide.state).to.equal('ready');
    expect(slide).to.include({ width: 900, height: 700, format: 'tiled-tiff' });
    expect(slide.steps.map(({ step }) => step)).to.deep.equal([
      'received',
      'hash_verified',
      'identified',
      'deidentified',
      'levels_indexed',
      'quality_checked',
      'ready',
    ]);
    expect(slide.levels[0]).to.deep.equal({
      width: 900,
      height: 700,
      tileWidth: 256,
      tileHeight: 256,
      downsample: 1,
    });
    expect((await slidesOf(server, sender, caseId)).map(({ id }) => id)).to.deep.equal([slide.id]);
  });

  it('makes a pyramid of a photograph and keeps nothing of the original', async () => {
    const name = 'DUPONTPLANTE';
    const answer = await postSlide(server, sender, caseId, await photograph(name), { name: `${name}.jpg` });
    const slide = await settled(server, sender, ((await answer.json()) as Slide).id);
    expect(slide.state).to.equal('ready');
    expect(slide).to.include({ width: 1500, height: 1100, format: 'jpeg' });
    expect(slide.warnings).to.include('converted');
    expect(slide.levels.length).to.be.greaterThan(1);
    for (const path of await filesUnder(server.folder)) {
      expect(path).not.to.contain(name);
      expect((await readFile(path)).includes(name), path).to.equal(false);
    }
  });

  const wrong: ReadonlyArray<readonly [string, () => Promise<Uint8Array>, string]> = [
    [
      'a text file named .svs',
      async () => Buffer.from('Madame PLANTEE, bloc A1\n'.repeat(50)),
      'SLIDE_NOT_A_SLIDE',
    ],
    ['a file of 0 bytes', async () => new Uint8Array(), 'SLIDE_EMPTY_FILE'],
    ['a cut TIFF', async () => (await pyramid()).subarray(0, 20_000), 'SLIDE_TRUNCATED'],
    ['a PDF', async () => Buffer.from(`%PDF-1.7\n${'0'.repeat(3000)}`), 'SLIDE_NOT_A_SLIDE'],
  ];
  for (const [what, make, code] of wrong) {
    it(`refuses ${what} at once, says why, and keeps the reason on the list but not the bytes`, async () => {
      const before = await filesUnder(server.uploadsDir);
      const answer = await postSlide(server, sender, caseId, await make());
      expect(answer.status).to.equal(422);
      const problem = await problemOf(answer);
      expect(problem.code).to.equal('SLIDE_REFUSED');
      expect(problem.params?.refusal).to.equal(code);
      expect(problem.fields?.[0]).to.include({ path: 'slide', code });
      expect(problem.fields?.[0]?.message).to.have.length.greaterThan(20);
      const [slide, ...others] = await slidesOf(server, sender, caseId);
      expect(others).to.deep.equal([]);
      expect(slide?.state).to.equal('rejected');
      expect(slide?.refusal?.code).to.equal(code);
      expect(slide?.id).to.equal(problem.params?.slideId);
      expect(await filesUnder(server.uploadsDir)).to.deep.equal(before);
    });
  }

  it('says the reason in the language asked for', async () => {
    const text = Buffer.from('just some text, and more of it');
    const problem = await problemOf(await postSlide(server, sender, caseId, text, { language: 'en' }));
    expect(problem.fields?.[0]?.message).to.match(/^This file is not a digitised slide/);
  });

  it('warns when the same file comes twice into one case, and only then', async () => {
    const file = await pyramid({ seed: 7 });
    const first = await readySlide(server, sender, caseId, file);
    const second = await readySlide(server, sender, caseId, file);
    const elsewhere = await readySlide(server, sender, await server.caseOf(sender), file);
    expect(first.warnings).not.to.include('duplicate_in_case');
    expect(second.warnings).to.include('duplicate_in_case');
    expect(elsewhere.warnings).not.to.include('duplicate_in_case');
  });

  it('asks for a session, for the case, for a file, for one file', async () => {
    const address = `${server.url}/api/cases/${caseId}/slides`;
    const nobody = await fetch(address, { method: 'POST', body: new FormData() });
    expect(nobody.status).to.equal(401);
    const stranger = await server.person();
    expect((await postSlide(server, stranger, caseId, await pyramid())).status).to.equal(404);
    expect((await postSlide(server, sender, '0'.repeat(24), await pyramid())).status).to.equal(404);
    expect((await postSlide(server, sender, 'nonsense', await pyramid())).status).to.equal(404);
    const reviewer = await server.person({ roles: ['reviewer'], organisationId: sender.organisationId });
    expect((await postSlide(server, reviewer, caseId, await pyramid())).status).to.equal(403);
    const without = await fetch(address, { method: 'POST', headers: bearer(sender), body: new FormData() });
    expect((await problemOf(without)).code).to.equal('FILE_MISSING');
    const form = new FormData();
    form.append('other', new Blob([new Uint8Array(await pyramid())]), 'x.svs');
    const misnamed = await fetch(address, { method: 'POST', headers: bearer(sender), body: form });
    expect((await problemOf(misnamed)).code).to.equal('FILE_MISSING');
    const json = await fetch(address, {
      method: 'POST',
      headers: { ...bearer(sender), 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect((await problemOf(json)).code).to.equal('FILE_MISSING');
    expect(await slidesOf(server, sender, caseId)).to.deep.equal([]);
  });

  it('refuses labels that are too long and clears the file away', async () => {
    const before = await filesUnder(server.uploadsDir);
    const answer = await postSlide(server, sender, caseId, await pyramid(), { stain: 'x'.repeat(61) });
    expect((await problemOf(answer)).fields?.[0]?.path).to.equal('stain');
    expect(await filesUnder(server.uploadsDir)).to.deep.equal(before);
  });

  it('keeps nothing of a request that was cut', async () => {
    const before = await filesUnder(server.uploadsDir);
    await cutRequest(server, sender, caseId);
    for (let files = await filesUnder(server.uploadsDir); files.length > before.length; ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      files = await filesUnder(server.uploadsDir);
    }
    expect(await slidesOf(server, sender, caseId)).to.deep.equal([]);
  });

  it('lets stain, block and scale be corrected, and says so when the scale is a person’s', async () => {
    const slide = await readySlide(server, sender, caseId, await pyramid({ seed: 9 }));
    const answer = await fetch(`${server.url}/api/slides/${slide.id}`, {
      method: 'PATCH',
      headers: { ...bearer(sender), 'Content-Type': 'application/json' },
      body: JSON.stringify({ stain: 'CD20', mpp: 0.25 }),
    });
    expect(answer.status).to.equal(200);
    const described = await getSlide(server, sender, slide.id);
    expect(described).to.include({ stain: 'CD20', block: 'A1', mpp: 0.25, mppSource: 'manual' });
    expect(described.version).to.be.greaterThan(slide.version);
    const bad = await fetch(`${server.url}/api/slides/${slide.id}`, {
      method: 'PATCH',
      headers: { ...bearer(sender), 'Content-Type': 'application/json' },
      body: JSON.stringify({ mpp: -1 }),
    });
    expect((await problemOf(bad)).code).to.equal('INVALID_INPUT');
    const stranger = await server.person();
    const foreign = await fetch(`${server.url}/api/slides/${slide.id}`, {
      method: 'PATCH',
      headers: { ...bearer(stranger), 'Content-Type': 'application/json' },
      body: JSON.stringify({ stain: 'x' }),
    });
    expect(foreign.status).to.equal(404);
  });

  it('removes a slide of a draft with every byte of it', async () => {
    const before = await filesUnder(server.uploadsDir);
    const slide = await readySlide(server, sender, caseId, await pyramid({ seed: 11 }));
    const remove = () =>
      fetch(`${server.url}/api/slides/${slide.id}`, { method: 'DELETE', headers: bearer(sender) });
    expect((await remove()).status).to.equal(204);
    expect((await remove()).status).to.equal(404);
    expect(await slidesOf(server, sender, caseId)).to.deep.equal([]);
    expect(await filesUnder(server.uploadsDir)).to.deep.equal(before);
    const tile = await fetch(`${server.url}/api/slides/${slide.id}/tiles/0/0/0`, { headers: bearer(sender) });
    expect(tile.status).to.equal(404);
  });

  const svs = sample('CMU-1-Small-Region.svs');
  (svs ? it : it.skip)('reads the real SVS and refuses it when its end is missing', async () => {
    const whole = await readFile(svs ?? '');
    const slide = await readySlide(server, sender, caseId, whole);
    expect(slide).to.include({ format: 'aperio-svs', mppSource: 'scanner', hasLabel: true, hasMacro: true });
    expect(slide.mpp).to.be.closeTo(0.499, 0.001);
    expect(slide.objective).to.equal(20);
    const cut = await postSlide(server, sender, caseId, whole.subarray(0, whole.length * 0.6));
    expect((await problemOf(cut)).params?.refusal).to.equal('SLIDE_TRUNCATED');
  });
});

/** Announces a megabyte, sends a little of it, hangs up. */
async function cutRequest(server: SlideServer, sender: Person, caseId: string): Promise<void> {
  const { hostname, port } = new URL(server.url);
  const socket = createConnection(Number(port), hostname);
  const head = [
    '--line',
    'Content-Disposition: form-data; name="slide"; filename="a.svs"',
    'Content-Type: application/octet-stream',
    '',
    'II*\0',
  ].join('\r\n');
  socket.write(
    [
      `POST /api/cases/${caseId}/slides HTTP/1.1`,
      `Host: ${hostname}`,
      `Authorization: Bearer ${sender.token}`,
      'Content-Type: multipart/form-data; boundary=line',
      'Content-Length: 1000000',
      '',
      head + 'x'.repeat(200_000),
    ].join('\r\n'),
  );
  for (let files = 0; files === 0; ) {
    files = (await filesUnder(`${server.uploadsDir}/incoming`)).length;
  }
  socket.destroy();
}
