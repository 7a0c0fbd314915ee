import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { expect } from 'chai';
import { removeFolder } from '../../support/app.js';
import { testEntry } from '../../support/children.js';
import { bearer, getSlide, postSlide, settled } from './calls.js';
import { photograph, pyramid } from './files.js';
import { filesUnder } from './folders.js';
import { type Person, type SlideServer, startSlideServer } from './slide-server.js';

/**
 * The server is killed with -9, as a power cut or an out-of-memory would. What was acknowledged is there at the
 * next start, and what was under way goes on by itself.
 */
describe('a server that is killed', () => {
  let folder: string;
  let setting: { person: Person; caseId: string };
  let running: ChildProcess | null = null;

  const uploads = () => join(folder, 'uploads');

  /** Starts the server in a process of its own, on the same folder. */
  async function start(): Promise<Pick<SlideServer, 'url' | 'uploadsDir'>> {
    const script = fileURLToPath(new URL('serve.ts', import.meta.url));
    const child = spawn(process.execPath, testEntry(script), {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, SLIDE_SERVER_FOLDER: folder },
    });
    running = child;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('{'))
        return { url: (JSON.parse(line) as { url: string }).url, uploadsDir: uploads() };
    }
    throw new Error('the server did not start');
  }

  async function kill(): Promise<void> {
    const child = running;
    running = null;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-crash-'));
    const server = await startSlideServer({ folder });
    const person = await server.person();
    setting = { person, caseId: await server.caseOf(person) };
    await server.stop('keep');
  });
  afterEach(async () => {
    await kill();
    await removeFolder(folder);
  });

  it('resumes an upload from what is on its disk', async () => {
    const { person, caseId } = setting;
    const file = await pyramid({ width: 3000, height: 2000 });
    const first = await start();
    const created = await fetch(`${first.url}/api/uploads`, {
      method: 'POST',
      headers: {
        ...bearer(person),
        'Tus-Resumable': '1.0.0',
        'Upload-Length': String(file.length),
        'Upload-Metadata': `caseId ${Buffer.from(caseId).toString('base64')}`,
      },
    });
    const path = created.headers.get('location') ?? '';
    const slideId = created.headers.get('slide-id') ?? '';
    const patch = (url: string, offset: number, end: number) =>
      fetch(`${url}${path}`, {
        method: 'PATCH',
        headers: {
          ...bearer(person),
          'Tus-Resumable': '1.0.0',
          'Content-Type': 'application/offset+octet-stream',
          'Upload-Offset': String(offset),
        },
        body: file.subarray(offset, end) as Uint8Array<ArrayBuffer>,
      });
    expect((await patch(first.url, 0, 50_000)).status).to.equal(204);
    const lost = patch(first.url, 50_000, file.length).catch(() => null);
    await kill();
    await lost;

    const second = await start();
    const head = await fetch(`${second.url}${path}`, {
      method: 'HEAD',
      headers: { ...bearer(person), 'Tus-Resumable': '1.0.0' },
    });
    expect(head.status).to.equal(200);
    const offset = Number(head.headers.get('upload-offset'));
    expect(offset).to.be.at.least(50_000);
    if (offset < file.length) expect((await patch(second.url, offset, file.length)).status).to.equal(204);
    const slide = await settled(second as SlideServer, person, slideId);
    expect(slide.state).to.equal('ready');
    expect(slide.sha256).to.equal(createHash('sha256').update(file).digest('hex'));
  });

  for (const [what, make] of [
    ['read where it lies', () => pyramid({ width: 6000, height: 5000 })],
    ['converted', () => photograph('CRASH')],
  ] as const) {
    it(`finishes the preparation of a slide that is ${what}`, async () => {
      const { person, caseId } = setting;
      const file = await make();
      const first = await start();
      const answer = await postSlide(first as SlideServer, person, caseId, file);
      const { id } = (await answer.json()) as Slide;
      await kill();

      const second = await start();
      const slide = await settled(second as SlideServer, person, id);
      expect(slide.state).to.equal('ready');
      expect(slide.sha256).to.equal(createHash('sha256').update(file).digest('hex'));
      expect(slide.steps.map(({ step }) => step)).to.deep.equal([
        'received',
        'hash_verified',
        'identified',
        'deidentified',
        'levels_indexed',
        'quality_checked',
        'ready',
      ]);
      expect(slide.checks.filter(({ outcome }) => outcome === 'pending')).to.have.length(0);
      const tile = await fetch(`${second.url}/api/slides/${id}/tiles/0/1/1`, { headers: bearer(person) });
      expect(tile.status).to.equal(200);
      expect((await filesUnder(uploads())).map((path) => path.split('/').at(-1))).to.deep.equal(['slide']);
      expect(await getSlide(second as SlideServer, person, id)).to.deep.equal(slide);
    });
  }
});
