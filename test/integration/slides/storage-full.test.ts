import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { bearer, postSlide, problemOf, settled, slidesOf } from './calls.js';
import { pyramid } from './files.js';
import { filesUnder } from './folders.js';
import { type Person, type SlideServer, startSlideServer } from './slide-server.js';

const TUS = { 'Tus-Resumable': '1.0.0' };
const CHUNK = { ...TUS, 'Content-Type': 'application/offset+octet-stream' };

const create = (server: SlideServer, person: Person, caseId: string, length: number) =>
  fetch(`${server.url}/api/uploads`, {
    method: 'POST',
    headers: {
      ...bearer(person),
      ...TUS,
      'Upload-Length': String(length),
      'Upload-Metadata': `caseId ${Buffer.from(caseId).toString('base64')}`,
    },
  });

async function offsetOf(address: string, person: Person): Promise<number> {
  const answer = await fetch(address, { method: 'HEAD', headers: { ...bearer(person), ...TUS } });
  return Number(answer.headers.get('upload-offset'));
}

describe('a full disk', () => {
  it('is told before the first byte, and loses nothing of what was received', async () => {
    const file = await pyramid();
    const open = await startSlideServer();
    const person = await open.person();
    const caseId = await open.caseOf(person);
    const created = await create(open, person, caseId, file.length);
    const path = created.headers.get('location') ?? '';
    const slideId = created.headers.get('slide-id') ?? '';
    const send = (server: SlideServer, from: number, to: number) =>
      fetch(`${server.url}${path}`, {
        method: 'PATCH',
        headers: { ...bearer(person), ...CHUNK, 'Upload-Offset': String(from) },
        body: file.subarray(from, to) as Uint8Array<ArrayBuffer>,
      });
    await send(open, 0, 9000);
    await open.stop('keep');

    const full = await startSlideServer({ folder: open.folder, reserveBytes: Number.MAX_SAFE_INTEGER / 2 });
    for (const refused of [
      await postSlide(full, person, caseId, file),
      await create(full, person, caseId, 1000),
      await send(full, 9000, file.length),
    ]) {
      expect(refused.status).to.equal(507);
      expect((await problemOf(refused)).code).to.equal('STORAGE_FULL');
    }
    expect(await offsetOf(`${full.url}${path}`, person)).to.equal(9000);
    await full.stop('keep');

    const again = await startSlideServer({ folder: open.folder });
    expect((await send(again, 9000, file.length)).status).to.equal(204);
    expect((await settled(again, person, slideId)).state).to.equal('ready');
    await again.stop();
  });

  describe('while bytes are arriving', () => {
    let disk: string | null = null;
    let server: SlideServer;
    let person: Person;
    let caseId: string;

    before(async function () {
      const folder = await mkdtemp(join(tmpdir(), 'relecture-full-'));
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' });
      } catch {
        // Only root may give a test a disk of two megabytes.
        await rm(folder, { recursive: true });
        this.skip();
      }
      disk = folder;
      server = await startSlideServer({ uploadsDir: folder, reserveBytes: 0 });
      person = await server.person();
      caseId = await server.caseOf(person);
    });
    afterEach(async () => {
      if (disk) await rm(join(disk, 'filler'), { force: true });
    });
    after(async () => {
      if (!disk) return;
      const folder = disk;
      disk = null;
      await server.stop();
      execFileSync('umount', [folder]);
      await rm(folder, { recursive: true });
    });

    it('keeps what a resumable upload has sent', async () => {
      const created = await create(server, person, caseId, 1_500_000);
      const address = `${server.url}${created.headers.get('location')}`;
      const refused = await fetch(address, {
        method: 'PATCH',
        headers: { ...bearer(person), ...CHUNK, 'Upload-Offset': '0' },
        body: streamOf(pieces(address)),
        duplex: 'half',
      } as unknown as RequestInit);
      expect(refused.status).to.equal(507);
      expect((await problemOf(refused)).code).to.equal('STORAGE_FULL');
      const offset = await offsetOf(address, person);
      expect(offset).to.be.at.least(400_000);
      await rm(join(disk ?? '', 'filler'));
      const rest = await fetch(address, {
        method: 'PATCH',
        headers: { ...bearer(person), ...CHUNK, 'Upload-Offset': String(offset) },
        body: new Uint8Array(1_500_000 - offset),
      });
      expect(rest.status).to.equal(204);
      await settled(server, person, created.headers.get('slide-id') ?? '');
    });

    it('keeps nothing of a single request, which cannot be resumed', async () => {
      const answer = await fetch(`${server.url}/api/cases/${caseId}/slides`, {
        method: 'POST',
        headers: { ...bearer(person), 'Content-Type': 'multipart/form-data; boundary=line' },
        body: streamOf(form()),
        duplex: 'half',
      } as unknown as RequestInit);
      expect(answer.status).to.equal(507);
      expect(await filesUnder(join(disk ?? '', 'incoming'))).to.deep.equal([]);
      expect((await slidesOf(server, person, caseId)).filter(({ state }) => state === 'receiving')).to.be
        .empty;
    });

    /** Somebody else fills the disk while the second piece is on its way. */
    async function* pieces(address: string): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(500_000);
      const name = address.split('/').at(-1) ?? '';
      for (let arrived = 0; disk && arrived < 400_000; ) {
        const [path] = (await filesUnder(disk ?? '')).filter((file) => file.endsWith(name));
        arrived = path ? statSync(path).size : 0;
      }
      await fillDisk();
      yield new Uint8Array(1_000_000);
    }

    async function fillDisk(): Promise<void> {
      for (let size = 1_600_000; size > 1000; size = Math.floor(size / 2)) {
        await writeFile(join(disk ?? '', 'filler'), new Uint8Array(size), { flag: 'a' }).catch(
          (error: NodeJS.ErrnoException) => expect(error.code).to.equal('ENOSPC'),
        );
      }
    }
  });
});

async function* form(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('--line\r\nContent-Disposition: form-data; name="slide"; filename="a.svs"\r\n\r\n');
  for (let piece = 0; piece < 8; piece += 1) yield new Uint8Array(500_000);
  yield Buffer.from('\r\n--line--\r\n');
}

const streamOf = (parts: AsyncGenerator<Uint8Array>) => Readable.toWeb(Readable.from(parts));
