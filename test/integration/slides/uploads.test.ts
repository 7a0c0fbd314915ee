import { createHash, randomBytes } from 'node:crypto';
import { readFile, truncate } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { sweepSlides } from '@relecture/server/slides/index.js';
import { expect } from 'chai';
import { Upload } from 'tus-js-client';
import { bearer, getSlide, problemOf, settled, slidesOf } from './calls.js';
import { pyramid, sample } from './files.js';
import { filesUnder } from './folders.js';
import { type Person, type SlideServer, startSlideServer } from './slide-server.js';

const TUS = { 'Tus-Resumable': '1.0.0' };
const CHUNK = { ...TUS, 'Content-Type': 'application/offset+octet-stream' };

const metadata = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');

describe('resumable uploads', () => {
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

  interface Begun {
    readonly address: string;
    readonly slideId: string;
  }

  const create = (length: number, values: Record<string, string>, person = sender) =>
    fetch(`${server.url}/api/uploads`, {
      method: 'POST',
      headers: {
        ...bearer(person),
        ...TUS,
        'Upload-Length': String(length),
        'Upload-Metadata': metadata(values),
      },
    });

  async function begin(length: number): Promise<Begun> {
    const answer = await create(length, { caseId, filename: 'MARTINPLANTE.svs', stain: 'HES', block: 'B2' });
    expect(answer.status).to.equal(201);
    const location = answer.headers.get('location') ?? '';
    expect(location).to.match(/^\/api\/uploads\/[0-9a-f]{32}$/);
    return { address: `${server.url}${location}`, slideId: answer.headers.get('slide-id') ?? '' };
  }

  const send = (address: string, offset: number, bytes: Uint8Array, headers = {}, person = sender) =>
    fetch(address, {
      method: 'PATCH',
      headers: { ...bearer(person), ...CHUNK, 'Upload-Offset': String(offset), ...headers },
      body: bytes as Uint8Array<ArrayBuffer>,
    });

  async function offsetOf(address: string, person = sender): Promise<number> {
    const answer = await fetch(address, { method: 'HEAD', headers: { ...bearer(person), ...TUS } });
    expect(answer.status).to.equal(200);
    return Number(answer.headers.get('upload-offset'));
  }

  it('takes a slide in pieces with their checksums, shows it while it comes, and reads it', async () => {
    const file = await pyramid();
    const half = Math.floor(file.length / 2);
    const { address, slideId } = await begin(file.length);
    const started = await getSlide(server, sender, slideId);
    expect(started).to.include({ state: 'receiving', stain: 'HES', block: 'B2', receivedBytes: 0 });
    const first = file.subarray(0, half);
    const firstAnswer = await send(address, 0, first, { 'Upload-Checksum': `sha256 ${sha256(first)}` });
    expect(firstAnswer.status).to.equal(204);
    expect(firstAnswer.headers.get('upload-offset')).to.equal(String(half));
    expect((await getSlide(server, sender, slideId)).receivedBytes).to.equal(half);
    const rest = file.subarray(half);
    const last = await send(address, half, rest, { 'Upload-Checksum': `sha256 ${sha256(rest)}` });
    expect(last.status).to.equal(204);
    const slide = await settled(server, sender, slideId);
    expect(slide.state).to.equal('ready');
    expect(slide.sha256).to.equal(createHash('sha256').update(file).digest('hex'));
    // A sender whose last answer was lost asks again, and is told that nothing is missing.
    expect(await offsetOf(address)).to.equal(file.length);
    const again = await send(address, file.length, new Uint8Array());
    expect(again.status).to.equal(204);
  });

  it('keeps nothing of a piece whose checksum is wrong, and goes on from where it was', async () => {
    const file = await pyramid({ seed: 1 });
    const { address, slideId } = await begin(file.length);
    const good = file.subarray(0, 5000);
    await send(address, 0, good);
    const wrong = await send(address, 5000, file.subarray(5000), {
      'Upload-Checksum': `sha256 ${sha256(good)}`,
    });
    expect(wrong.status).to.equal(460);
    expect((await problemOf(wrong)).code).to.equal('CHECKSUM_MISMATCH');
    expect(await offsetOf(address)).to.equal(5000);
    expect((await filesUnder(join(server.uploadsDir, 'incoming'))).filter((path) => /part/.test(path))).to.be
      .empty;
    const rest = file.subarray(5000);
    const sha1 = createHash('sha1').update(rest).digest('base64');
    expect((await send(address, 5000, rest, { 'Upload-Checksum': `sha1 ${sha1}` })).status).to.equal(204);
    const slide = await settled(server, sender, slideId);
    expect(slide.sha256).to.equal(createHash('sha256').update(file).digest('hex'));
    const unknown = await begin(100);
    const odd = await send(unknown.address, 0, new Uint8Array(10), { 'Upload-Checksum': 'md5 AAAA' });
    expect(odd.status).to.equal(400);
  });

  it('keeps what came before a cut, and resumes there', async () => {
    const file = await pyramid({ seed: 2 });
    const { address, slideId } = await begin(file.length);
    await cutPatch(address, sender, file.length, file.subarray(0, 30_000));
    let offset = 0;
    while (offset === 0) offset = await offsetOf(address);
    expect(offset).to.be.at.most(30_000);
    expect((await send(address, offset, file.subarray(offset))).status).to.equal(204);
    const slide = await settled(server, sender, slideId);
    expect(slide.state).to.equal('ready');
    expect(slide.sha256).to.equal(createHash('sha256').update(file).digest('hex'));
  });

  it('keeps nothing of a cut piece that promised a checksum', async () => {
    const file = await pyramid({ seed: 2 });
    const { address } = await begin(file.length);
    await cutPatch(address, sender, file.length, file.subarray(0, 30_000), `sha256 ${sha256(file)}`);
    const answer = await send(address, 0, file, { 'Upload-Checksum': `sha256 ${sha256(file)}` });
    expect(answer.status).to.equal(204);
  });

  it('works with the client that pages use, in pieces, resumed after an abort', async () => {
    const file = await pyramid({ width: 2000, height: 1500 });
    const options = (resolve: () => void, reject: (error: Error) => void, stopAt?: number) => ({
      endpoint: `${server.url}/api/uploads`,
      chunkSize: 40_000,
      retryDelays: [10, 20],
      metadata: { caseId, filename: 'x.svs', stain: 'HES', block: 'A1' },
      headers: bearer(sender),
      onSuccess: resolve,
      onError: reject,
      onChunkComplete(this: unknown, _size: number, accepted: number) {
        if (stopAt !== undefined && accepted >= stopAt) resolve();
      },
    });
    const first = await new Promise<Upload>((resolve, reject) => {
      const upload: Upload = new Upload(
        file,
        options(() => resolve(upload), reject, 80_000),
      );
      upload.start();
    });
    await first.abort();
    await new Promise<void>((resolve, reject) => {
      const upload = new Upload(file, { ...options(resolve, reject), uploadUrl: first.url });
      upload.start();
    });
    const [slide] = await slidesOf(server, sender, caseId);
    const ready = await settled(server, sender, slide?.id ?? '');
    expect(ready.state).to.equal('ready');
    expect(ready.sha256).to.equal(createHash('sha256').update(file).digest('hex'));
  });

  it('shows why a file is no slide: text, nothing at all, a cut slide', async () => {
    const expected: ReadonlyArray<readonly [Uint8Array, string]> = [
      [Buffer.from('Compte rendu de Mme X. '.repeat(100)), 'SLIDE_NOT_A_SLIDE'],
      [new Uint8Array(), 'SLIDE_EMPTY_FILE'],
      [(await pyramid()).subarray(0, 20_000), 'SLIDE_TRUNCATED'],
      [randomBytes(5000), 'SLIDE_NOT_A_SLIDE'],
    ];
    for (const [bytes, code] of expected) {
      const { address, slideId } = await begin(bytes.length);
      if (bytes.length > 0) expect((await send(address, 0, bytes)).status).to.equal(204);
      const slide = await settled(server, sender, slideId);
      expect(slide.state).to.equal('rejected');
      expect(slide.refusal?.code).to.equal(code);
    }
    expect(await filesUnder(join(server.uploadsDir, 'incoming'))).to.satisfy((files: string[]) =>
      files.every((path) => !path.includes('PLANTE')),
    );
  });

  it('forgets the file name it was told', async () => {
    await begin(1000);
    for (const path of await filesUnder(server.folder)) {
      expect(path).not.to.contain('MARTINPLANTE');
      expect((await readFile(path)).includes('MARTINPLANTE'), path).to.equal(false);
      expect((await readFile(path)).includes(Buffer.from('MARTINPLANTE.svs').toString('base64'))).to.equal(
        false,
      );
    }
  });

  it('lets nobody but its sender touch an upload', async () => {
    const { address } = await begin(1000);
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
    expect(await offsetOf(address)).to.equal(0);
    const nowhere = await fetch(`${server.url}/api/uploads/${'0'.repeat(32)}`, {
      method: 'HEAD',
      headers: { ...bearer(sender), ...TUS },
    });
    expect(nowhere.status).to.equal(404);
  });

  it('begins only in a case that may take slides, with labels that fit, of a size that fits', async () => {
    const stranger = await server.person();
    const codes = async (answer: Promise<Response>) => (await problemOf(await answer)).code;
    expect(await codes(create(10, { caseId }, stranger))).to.equal('NOT_FOUND');
    expect(await codes(create(10, { caseId: '0'.repeat(24) }))).to.equal('NOT_FOUND');
    expect(await codes(create(10, { caseId: '../../etc' }))).to.equal('INVALID_INPUT');
    expect(await codes(create(10, { caseId, stain: 'x'.repeat(61) }))).to.equal('INVALID_INPUT');
    expect(await codes(create(11 * 1024 ** 3, { caseId }))).to.equal('FILE_TOO_LARGE');
    const withoutVersion = await fetch(`${server.url}/api/uploads`, {
      method: 'POST',
      headers: { ...bearer(sender), 'Upload-Length': '10' },
    });
    expect(withoutVersion.status).to.equal(412);
    expect((await problemOf(withoutVersion)).code).to.equal('UPLOAD_PROTOCOL');
    expect(await slidesOf(server, sender, caseId)).to.deep.equal([]);
  });

  it('answers a wrong offset and too many bytes without losing anything', async () => {
    const { address } = await begin(100);
    await send(address, 0, new Uint8Array(40));
    const early = await send(address, 10, new Uint8Array(10));
    expect(early.status).to.equal(409);
    expect((await problemOf(early)).code).to.equal('UPLOAD_OFFSET_CONFLICT');
    const many = await send(address, 40, new Uint8Array(80));
    expect(many.status).to.equal(413);
    expect(await offsetOf(address)).to.equal(40);
  });

  it('cancels: the slide leaves the list, its bytes the disk, its address says gone', async () => {
    const { address, slideId } = await begin(1000);
    await send(address, 0, new Uint8Array(400));
    const name = address.split('/').at(-1) ?? '';
    const cancelled = await fetch(address, { method: 'DELETE', headers: { ...bearer(sender), ...TUS } });
    expect(cancelled.status).to.equal(204);
    expect(await slidesOf(server, sender, caseId)).to.deep.equal([]);
    expect((await filesUnder(server.uploadsDir)).filter((path) => path.includes(name))).to.be.empty;
    const late = await send(address, 400, new Uint8Array(10));
    expect(late.status).to.equal(410);
    expect((await problemOf(late)).code).to.equal('UPLOAD_GONE');
    expect((await fetch(`${server.url}/api/slides/${slideId}`, { headers: bearer(sender) })).status).to.equal(
      404,
    );
    const other = await begin(1000);
    const removed = await fetch(`${server.url}/api/slides/${other.slideId}`, {
      method: 'DELETE',
      headers: bearer(sender),
    });
    expect(removed.status).to.equal(204);
    expect((await send(other.address, 0, new Uint8Array(10))).status).to.equal(410);
  });

  it('sweeps away what nobody came back for, and nothing else', async () => {
    const { address, slideId } = await begin(1000);
    await send(address, 0, new Uint8Array(400));
    await sweepSlides();
    expect(await offsetOf(address)).to.equal(400);
    await sweepSlides(new Date(Date.now() + 8 * 24 * 3600 * 1000));
    expect(await slidesOf(server, sender, caseId)).to.deep.equal([]);
    expect(slideId).to.have.length(24);
    expect(await filesUnder(join(server.uploadsDir, 'incoming'))).to.deep.equal([]);
  });

  it('trusts the disk, not its memory: a file cut behind its back is asked for again', async () => {
    const file = await pyramid({ seed: 4 });
    const { address, slideId } = await begin(file.length);
    await send(address, 0, file.subarray(0, 6000));
    const name = address.split('/').at(-1) ?? '';
    await truncate(join(server.uploadsDir, 'incoming', name), 4000);
    expect(await offsetOf(address)).to.equal(4000);
    await send(address, 4000, file.subarray(4000));
    const slide = await settled(server, sender, slideId);
    expect(slide.sha256).to.equal(createHash('sha256').update(file).digest('hex'));
    expect(slide.state).to.equal('ready');
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

  const svs = sample('CMU-1-Small-Region.svs');
  (svs ? it : it.skip)('takes the real SVS with the request that creates it', async () => {
    const file = await readFile(svs ?? '');
    const answer = await fetch(`${server.url}/api/uploads`, {
      method: 'POST',
      headers: {
        ...bearer(sender),
        ...CHUNK,
        'Upload-Length': String(file.length),
        'Upload-Metadata': metadata({ caseId }),
        'Upload-Checksum': `sha256 ${sha256(file)}`,
      },
      body: file as Uint8Array<ArrayBuffer>,
    });
    expect(answer.status).to.equal(201);
    const slide = await settled(server, sender, answer.headers.get('slide-id') ?? '');
    expect(slide).to.include({ state: 'ready', hasLabel: true });
  });
});

/** Sends the head of a PATCH and some of its body, then hangs up. */
async function cutPatch(
  address: string,
  person: Person,
  length: number,
  bytes: Uint8Array,
  checksum?: string,
): Promise<void> {
  const { hostname, port, pathname } = new URL(address);
  const socket = createConnection(Number(port), hostname);
  const lines = [
    `PATCH ${pathname} HTTP/1.1`,
    `Host: ${hostname}`,
    `Authorization: Bearer ${person.token}`,
    'Tus-Resumable: 1.0.0',
    'Content-Type: application/offset+octet-stream',
    'Upload-Offset: 0',
    `Content-Length: ${length}`,
    ...(checksum ? [`Upload-Checksum: ${checksum}`] : []),
    '',
    '',
  ];
  socket.write(lines.join('\r\n'));
  await new Promise((resolve) => socket.write(bytes, resolve));
  socket.destroy();
}
