import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningHashes } from '@relecture/server/slides/storage/running-hashes.js';
import { expect } from 'chai';
import fc from 'fast-check';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('hashes that grow with their uploads', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-hashes-'));
    path = join(folder, 'upload');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are the hash of the whole file, whatever the pieces, cuts, renamed pieces and restarts', async () => {
    const piece = fc.record({
      bytes: fc.uint8Array({ minLength: 1, maxLength: 50 }),
      fate: fc.constantFrom('seen', 'unseen', 'renamed', 'restart'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        await writeFile(path, '');
        let hashes = new RunningHashes();
        let size = 0;
        for (const { bytes, fate } of pieces) {
          // A server that was killed knows nothing of what it had hashed.
          if (fate === 'restart') hashes = new RunningHashes();
          const hash = hashes.of('upload', path, size);
          await appendFile(path, bytes);
          if (fate === 'seen' || fate === 'restart') hash.wrote(Buffer.from(bytes), size);
          if (fate === 'renamed') hash.reach(size + bytes.length);
          size += bytes.length;
        }
        hashes.of('upload', path, size);
        expect(await hashes.finish('upload', size)).to.equal(
          sha256(Buffer.concat(pieces.map(({ bytes }) => bytes))),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('go along with what is written while they read what they had not seen', async () => {
    const before = Buffer.alloc(5_000_000, 1);
    const after = Buffer.alloc(3_000_000, 2);
    await writeFile(path, before);
    const hashes = new RunningHashes();
    const hash = hashes.of('upload', path, before.length);
    for (let at = 0; at < after.length; at += 500_000) {
      const bytes = after.subarray(at, at + 500_000);
      await appendFile(path, bytes);
      hash.wrote(bytes, before.length + at);
    }
    expect(await hashes.finish('upload', before.length + after.length)).to.equal(
      sha256(Buffer.concat([before, after])),
    );
  });

  it('read nothing of what they have seen: the file may be gone', async () => {
    const hashes = new RunningHashes();
    hashes.of('upload', path, 0).wrote(Buffer.from('one'), 0);
    hashes.of('upload', path, 3).wrote(Buffer.from('two'), 3);
    expect(await hashes.finish('upload', 6)).to.equal(sha256(Buffer.from('onetwo')));
  });

  it('say nothing of a file they have not seen to its end, or cannot read', async () => {
    const hashes = new RunningHashes();
    hashes.of('a', path, 0).wrote(Buffer.from('one'), 0);
    expect(await hashes.finish('a', 20)).to.equal(null);
    expect(await hashes.finish('b', 5)).to.equal(null);
    hashes.of('c', join(folder, 'nothing'), 5);
    expect(await hashes.finish('c', 5)).to.equal(null);
    hashes.of('d', path, 0).wrote(Buffer.from('one'), 0);
    hashes.forget('d');
    expect(await hashes.finish('d', 3)).to.equal(null);
  });
});
