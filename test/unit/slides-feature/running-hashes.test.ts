import { createHash } from 'node:crypto';
import { RunningHashes } from '@relecture/server/slides/storage/running-hashes.js';
import { expect } from 'chai';
import fc from 'fast-check';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('hashes that grow with their uploads', () => {
  it('are the hash of the whole file or nothing, whatever the pieces, cuts and restarts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ bytes: fc.uint8Array({ maxLength: 50 }), lost: fc.boolean() })),
        (pieces) => {
          const hashes = new RunningHashes();
          let offset = 0;
          let broken = false;
          for (const { bytes, lost } of pieces) {
            const hash = hashes.take('upload', offset);
            hash?.update(bytes);
            // A piece whose end was not heard of: its bytes are on the disk all the same.
            if (lost) broken = offset + bytes.length > 0;
            else if (hash) hashes.keep('upload', offset + bytes.length, hash);
            offset += bytes.length;
          }
          const whole = Buffer.concat(pieces.map(({ bytes }) => bytes));
          const found = hashes.finish('upload', offset);
          if (found !== null) expect(found).to.equal(sha256(whole));
          if (!broken && pieces.length > 0 && !pieces.some(({ lost }) => lost)) {
            expect(found).to.equal(sha256(whole));
          }
        },
      ),
    );
  });

  it('say nothing of a file they have not seen to its end', () => {
    const hashes = new RunningHashes();
    const hash = hashes.take('a', 0);
    if (!hash) throw new Error('no hash at 0');
    hashes.keep('a', 10, hash);
    expect(hashes.finish('a', 20)).to.equal(null);
    expect(hashes.take('b', 5)).to.equal(null);
  });
});
