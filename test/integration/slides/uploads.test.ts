import { createHash, randomBytes } from 'node:crypto';
import { readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Upload } from 'tus-js-client';
import { bearer, getSlide, problemOf, settled, slidesOf } from './calls.js';
import { pyramid, sample } from './files.js';
import { filesUnder } from './folders.js';
import { type Person, type SlideServer, startSlideServer } from './slide-server.js';
import { CHUNK, cutPatch, metadata, sha256, uploadsOf } from './uploading.js';

describe('resumable uploads', () => {
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

  it('takes a slide in pieces with their checksums, shows it while it comes, and reads it', async () => {
    const file = await pyramid();
    const half = Math.floor(file.length / 2);
    const { address, slideId } = await uploads.begin(caseId, file.length);
    const started = await getSlide(server, sender, slideId);
    expect(started).to.include({ state: 'receiving', stain: 'HES', block: 'B2', receivedBytes: 0 });
    const first = file.subarray(0, half);
    const firstAnswer = await uploads.send(address, 0, first, {
      'Upload-Checksum': `sha256 ${sha256(first)}`,
    });
    expect(firstAnswer.status).to.equal(204);
    expect(firstAnswer.headers.get('upload-offset')).to.equal(String(half));
    expect((await getSlide(server, sender, slideId)).receivedBytes).to.equal(half);
    const rest = file.subarray(half);
    const last = await uploads.send(address, half, rest, { 'Upload-Checksum': `sha256 ${sha256(rest)}` });
    expect(last.status).to.equal(204);
    const slide = await settled(server, sender, slideId);
    expect(slide.state).to.equal('ready');
    expect(slide.sha256).to.equal(createHash('sha256').update(file).digest('hex'));
    // A sender whose last answer was lost asks again, and is told that nothing is missing.
    expect(await uploads.offsetOf(address)).to.equal(file.length);
    const again = await uploads.send(address, file.length, new Uint8Array());
    expect(again.status).to.equal(204);
  });

  it('keeps nothing of a piece whose checksum is wrong, and goes on from where it was', async () => {
    const file = await pyramid({ seed: 1 });
    const { address, slideId } = await uploads.begin(caseId, file.length);
    const good = file.subarray(0, 5000);
    await uploads.send(address, 0, good);
    const wrong = await uploads.send(address, 5000, file.subarray(5000), {
      'Upload-Checksum': `sha256 ${sha256(good)}`,
    });
    expect(wrong.status).to.equal(460);
    expect((await problemOf(wrong)).code).to.equal('CHECKSUM_MISMATCH');
    expect(await uploads.offsetOf(address)).to.equal(5000);
    expect((await filesUnder(join(server.uploadsDir, 'incoming'))).filter((path) => /part/.test(path))).to.be
      .empty;
    const rest = file.subarray(5000);
    const sha1 = createHash('sha1').update(rest).digest('base64');
    expect((await uploads.send(address, 5000, rest, { 'Upload-Checksum': `sha1 ${sha1}` })).status).to.equal(
      204,
    );
    const slide = await settled(server, sender, slideId);
    expect(slide.sha256).to.equal(createHash('sha256').update(file).digest('hex'));
    const unknown = await uploads.begin(caseId, 100);
    const odd = await uploads.send(unknown.address, 0, new Uint8Array(10), { 'Upload-Checksum': 'md5 AAAA' });
    expect(odd.status).to.equal(400);
  });

  it('keeps what came before a cut, and resumes there', async () => {
    const file = await pyramid({ seed: 2 });
    const { address, slideId } = await uploads.begin(caseId, file.length);
    await cutPatch(address, sender, file.length, file.subarray(0, 30_000));
    let offset = 0;
    while (offset === 0) offset = await uploads.offsetOf(address);
    expect(offset).to.be.at.most(30_000);
    expect((await uploads.send(address, offset, file.subarray(offset))).status).to.equal(204);
    const slide = await settled(server, sender, slideId);
    expect(slide.state).to.equal('ready');
    expect(slide.sha256).to.equal(createHash('sha256').update(file).digest('hex'));
  });

  it('keeps nothing of a cut piece that promised a checksum', async () => {
    const file = await pyramid({ seed: 2 });
    const { address } = await uploads.begin(caseId, file.length);
    await cutPatch(address, sender, file.length, file.subarray(0, 30_000), `sha256 ${sha256(file)}`);
    const answer = await uploads.send(address, 0, file, { 'Upload-Checksum': `sha256 ${sha256(file)}` });
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
      const { address, slideId } = await uploads.begin(caseId, bytes.length);
      if (bytes.length > 0) expect((await uploads.send(address, 0, bytes)).status).to.equal(204);
      const slide = await settled(server, sender, slideId);
      expect(slide.state).to.equal('rejected');
      expect(slide.refusal?.code).to.equal(code);
    }
    expect(await filesUnder(join(server.uploadsDir, 'incoming'))).to.satisfy((files: string[]) =>
      files.every((path) => !path.includes('PLANTE')),
    );
  });

  it('trusts the disk, not its memory: a file cut behind its back is asked for again', async () => {
    const file = await pyramid({ seed: 4 });
    const { address, slideId } = await uploads.begin(caseId, file.length);
    await uploads.send(address, 0, file.subarray(0, 6000));
    const name = address.split('/').at(-1) ?? '';
    await truncate(join(server.uploadsDir, 'incoming', name), 4000);
    expect(await uploads.offsetOf(address)).to.equal(4000);
    await uploads.send(address, 4000, file.subarray(4000));
    const slide = await settled(server, sender, slideId);
    expect(slide.sha256).to.equal(createHash('sha256').update(file).digest('hex'));
    expect(slide.state).to.equal('ready');
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
