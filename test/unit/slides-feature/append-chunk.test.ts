import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '@relecture/server/platform/problem.js';
import {
  appendChunk,
  appendVerifiedChunk,
  type ChunkTarget,
} from '@relecture/server/slides/storage/append-chunk.js';
import { expect } from 'chai';
import fc from 'fast-check';

async function* stream(bytes: Uint8Array, piece: number, failAt = Number.POSITIVE_INFINITY) {
  for (let at = 0; at < bytes.length; at += piece) {
    if (at >= failAt) throw new Error('cut');
    yield Buffer.from(bytes.subarray(at, at + piece));
  }
}

describe('appending to an upload', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-append-'));
    path = join(folder, 'upload');
    await writeFile(path, '');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const target = (offset: number): ChunkTarget => ({
    path,
    offset,
    running: null,
    onProgress: () => undefined,
  });
  const digestOf = (bytes: Uint8Array) => ({
    algorithm: 'sha256' as const,
    digest: createHash('sha256').update(bytes).digest(),
  });

  it('holds exactly the verified pieces in order, whatever wrong or cut ones come between', async () => {
    const piece = fc.record({
      bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fate: fc.constantFrom('right', 'wrong', 'cut'),
      size: fc.integer({ min: 1, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
        await writeFile(path, '');
        let kept = Buffer.alloc(0);
        for (const { bytes, fate, size } of pieces) {
          const expected = digestOf(fate === 'wrong' ? Buffer.concat([bytes, Buffer.of(0)]) : bytes);
          const source = stream(bytes, size, fate === 'cut' ? 0 : undefined);
          const reached = await appendVerifiedChunk(source, target(kept.length), expected).catch(
            (error: Error) => error,
          );
          if (fate === 'right') kept = Buffer.concat([kept, bytes]);
          if (fate === 'wrong') {
            expect(reached).to.be.instanceOf(ProblemError).with.property('code', 'CHECKSUM_MISMATCH');
          }
          if (fate === 'right') expect(reached).to.equal(kept.length);
          expect(await readdir(folder)).to.deep.equal(['upload']);
        }
        expect((await readFile(path)).equals(kept)).to.equal(true);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps every byte before a cut when no checksum was promised', async () => {
    const bytes = Buffer.from('0123456789');
    const error = await appendChunk(stream(bytes, 4, 8), target(0)).catch((cause: Error) => cause.message);
    expect(error).to.equal('cut');
    expect(await readFile(path, 'utf8')).to.equal('01234567');
    expect(await appendChunk(stream(bytes.subarray(8), 4), target(8))).to.equal(10);
    expect(await readFile(path, 'utf8')).to.equal('0123456789');
  });
});
