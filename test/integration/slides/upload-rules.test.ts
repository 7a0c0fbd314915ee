import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepSlides } from '@relecture/server/slides/index.js';
import { expect } from 'chai';
import { bearer, problemOf, slidesOf } from './calls.js';
import { filesUnder } from './folders.js';
import { type Person, type SlideServer, startSlideServer } from './slide-server.js';
import { CHUNK, TUS, uploadsOf } from './uploading.js';

describe('the rules of resumable uploads', () => {
  let server: SlideServer;
  let sender: Person;
  let caseId: string;
  let uploads: ReturnType<typeof uploadsOf>;

  before(async () => {
    server = await startSlideServer();
    sender = await server.person();
    uploads = uploadsOf(server, sender);
  });
  beforeEach(async () => {
    caseId = await server.caseOf(sender);
  });
  after(() => server.stop());

  it('forgets the file name it was told', async () => {
    await uploads.begin(caseId, 1000);
    for (const path of await filesUnder(server.folder)) {
      expect(path).not.to.contain('MARTINPLANTE');
      expect((await readFile(path)).includes('MARTINPLANTE'), path).to.equal(false);
      expect((await readFile(path)).includes(Buffer.from('MARTINPLANTE.svs').toString('base64'))).to.equal(
        false,
      );
    }
  });

  it('lets nobody but its sender touch an upload', async () => {
    const { address } = await uploads.begin(caseId, 1000);
    const colleague = await server.person({ organisationId: sender.organisationId });
    for (const method of ['HEAD', 'PATCH', 'DELETE', 'GET', 'OPTIONS']) {
      const nobody = await fetch(address, { method, headers: CHUNK });
      expect(nobody.status, method).to.equal(401);
    }
    const foreign = (method: string) =>
      fetch(address, { method, headers: { ...bearer(colleague), ...CHUNK, 'Upload-Offset': '0' } });
    expect((await foreign('HEAD')).status).to.equal(404);
    expect((await problemOf(await foreign('PATCH'))).code).to.equal('NOT_FOUND');
    expect((await foreign('DELETE')).status).to.equal(404);
    expect((await foreign('GET')).status).to.equal(405);
    expect(await uploads.offsetOf(address)).to.equal(0);
    const nowhere = await fetch(`${server.url}/api/uploads/${'0'.repeat(32)}`, {
      method: 'HEAD',
      headers: { ...bearer(sender), ...TUS },
    });
    expect(nowhere.status).to.equal(404);
  });

  it('begins only in a case that may take slides, with labels that fit, of a size that fits', async () => {
    const stranger = await server.person();
    const codes = async (answer: Promise<Response>) => (await problemOf(await answer)).code;
    expect(await codes(uploads.create(10, { caseId }, stranger))).to.equal('NOT_FOUND');
    expect(await codes(uploads.create(10, { caseId: '0'.repeat(24) }))).to.equal('NOT_FOUND');
    expect(await codes(uploads.create(10, { caseId: '../../etc' }))).to.equal('INVALID_INPUT');
    expect(await codes(uploads.create(10, { caseId, stain: 'x'.repeat(61) }))).to.equal('INVALID_INPUT');
    expect(await codes(uploads.create(11 * 1024 ** 3, { caseId }))).to.equal('FILE_TOO_LARGE');
    const withoutVersion = await fetch(`${server.url}/api/uploads`, {
      method: 'POST',
      headers: { ...bearer(sender), 'Upload-Length': '10' },
    });
    expect(withoutVersion.status).to.equal(412);
    expect((await problemOf(withoutVersion)).code).to.equal('UPLOAD_PROTOCOL');
    expect(await slidesOf(server, sender, caseId)).to.deep.equal([]);
  });

  it('answers a wrong offset and too many bytes without losing anything', async () => {
    const { address } = await uploads.begin(caseId, 100);
    await uploads.send(address, 0, new Uint8Array(40));
    const early = await uploads.send(address, 10, new Uint8Array(10));
    expect(early.status).to.equal(409);
    expect((await problemOf(early)).code).to.equal('UPLOAD_OFFSET_CONFLICT');
    const many = await uploads.send(address, 40, new Uint8Array(80));
    expect(many.status).to.equal(413);
    expect(await uploads.offsetOf(address)).to.equal(40);
  });

  it('cancels: the slide leaves the list, its bytes the disk, its address says gone', async () => {
    const { address, slideId } = await uploads.begin(caseId, 1000);
    await uploads.send(address, 0, new Uint8Array(400));
    const name = address.split('/').at(-1) ?? '';
    const cancelled = await fetch(address, { method: 'DELETE', headers: { ...bearer(sender), ...TUS } });
    expect(cancelled.status).to.equal(204);
    expect(await slidesOf(server, sender, caseId)).to.deep.equal([]);
    expect((await filesUnder(server.uploadsDir)).filter((path) => path.includes(name))).to.be.empty;
    const late = await uploads.send(address, 400, new Uint8Array(10));
    expect(late.status).to.equal(410);
    expect((await problemOf(late)).code).to.equal('UPLOAD_GONE');
    expect((await fetch(`${server.url}/api/slides/${slideId}`, { headers: bearer(sender) })).status).to.equal(
      404,
    );
    const other = await uploads.begin(caseId, 1000);
    const removed = await fetch(`${server.url}/api/slides/${other.slideId}`, {
      method: 'DELETE',
      headers: bearer(sender),
    });
    expect(removed.status).to.equal(204);
    expect((await uploads.send(other.address, 0, new Uint8Array(10))).status).to.equal(410);
  });

  it('sweeps away what nobody came back for, and nothing else', async () => {
    const { address, slideId } = await uploads.begin(caseId, 1000);
    await uploads.send(address, 0, new Uint8Array(400));
    await sweepSlides();
    expect(await uploads.offsetOf(address)).to.equal(400);
    await sweepSlides(new Date(Date.now() + 8 * 24 * 3600 * 1000));
    expect(await slidesOf(server, sender, caseId)).to.deep.equal([]);
    expect(slideId).to.have.length(24);
    expect(await filesUnder(join(server.uploadsDir, 'incoming'))).to.deep.equal([]);
  });

  it('names what it can do', async () => {
    const answer = await fetch(`${server.url}/api/uploads`, { method: 'OPTIONS', headers: bearer(sender) });
    expect(answer.status).to.equal(204);
    expect(answer.headers.get('tus-extension')).to.equal(
      'creation,creation-with-upload,termination,expiration,checksum',
    );
    expect(answer.headers.get('tus-checksum-algorithm')).to.equal('sha256,sha1');
    expect(answer.headers.get('tus-max-size')).to.equal(String(10 * 1024 ** 3));
    expect(answer.headers.get('access-control-allow-origin')).to.equal(null);
  });
});
