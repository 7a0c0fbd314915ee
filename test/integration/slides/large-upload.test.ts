import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { hashOf, writeLargeSlide } from '../../bench/upload/large-slide.js';
import { watchGrowth } from '../../bench/upload/memory.js';
import { beginUpload, offsetOf, PIECE, sendStretch, type Target } from '../../bench/upload/send.js';
import { removeFolder } from '../../support/app.js';
import { testEntry } from '../../support/children.js';
import { settled } from './calls.js';
import { type Person, type SlideServer, startSlideServer } from './slide-server.js';

/** What `npm run bench:upload` measures with gigabytes, in little. */
describe('a large upload', () => {
  const BYTES = 160_000_000;
  let folder: string;
  let person: Person;
  let caseId: string;
  let running: ChildProcess | null = null;

  async function start(): Promise<Target> {
    const script = fileURLToPath(new URL('serve.ts', import.meta.url));
    const child = spawn(process.execPath, testEntry(script), {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, SLIDE_SERVER_FOLDER: folder },
    });
    running = child;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('{'))
        return { url: (JSON.parse(line) as { url: string }).url, token: person.token };
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

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-large-'));
    const server = await startSlideServer({ folder });
    person = await server.person();
    caseId = await server.caseOf(person);
    await server.stop('keep');
  });
  after(async () => {
    await kill();
    await removeFolder(folder);
  });

  it('survives cuts and a kill -9, and the server’s memory does not grow with it', async () => {
    const file = join(folder, 'slide.tif');
    await writeLargeSlide(file, BYTES);
    let target = await start();
    const upload = await beginUpload(target, caseId, BYTES);
    let at = 0;
    for (const [place, killed] of [
      [BYTES / 4, false],
      [BYTES / 2, true],
      [BYTES * 0.75, false],
    ] as const) {
      await sendStretch(target, upload, { file, from: at, to: place + 99, cut: true });
      if (killed) {
        await kill();
        target = await start();
      }
      at = await offsetOf(target, upload);
      // Everything acknowledged is there; a cut costs a piece at most.
      expect(at).to.be.within(place + 99 - PIECE, place + 99);
    }
    const grown = watchGrowth(running?.pid ?? 0);
    await sendStretch(target, upload, { file, from: at, to: BYTES });
    const slide = await settled(target as unknown as SlideServer, person, upload.slideId);
    expect(grown().server.rssMb).to.be.lessThan(64);
    expect(slide.state).to.equal('ready');
    expect(slide.sha256).to.equal(await hashOf(file));
  });
});
