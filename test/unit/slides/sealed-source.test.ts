import { randomBytes } from 'node:crypto';
import { type ByteSource, bytesOf } from '@relecture/server/slides/formats/byte-source.js';
import {
  openSeal,
  SealedSource,
  sealedSizeOf,
  sealPieces,
} from '@relecture/server/slides/formats/sealed-source.js';
import { piecesOf } from '@relecture/server/slides/formats/slide-file.js';
import { expect } from 'chai';
import fc from 'fast-check';

const KEY = { id: 'k1', key: Buffer.alloc(32, 7) };
const NAME = 'a'.repeat(32);
const CHUNK = 32 * 1024;

/** Bytes in memory, as a file that holds them. */
const sourceOf = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  async readInto(target, at, length, offset) {
    bytes.copy(target, at, offset, offset + length);
  },
  close: async () => undefined,
});

async function* inPieces(bytes: Buffer, piece: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
}

async function seal(bytes: Buffer, { piece = 50_000, name = NAME } = {}): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of sealPieces(inPieces(bytes, piece), bytes.length, name, KEY))
    parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

async function open(sealed: Buffer, name = NAME, keys = [KEY]): Promise<SealedSource> {
  const raw = sourceOf(sealed);
  return new SealedSource(raw, await openSeal(raw, name, keys));
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'no refusal',
    (error: { name?: string; code?: string }) => String(error.code ?? error.name),
  );
}

async function readAll(source: ByteSource): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of piecesOf(source)) parts.push(Buffer.from(piece));
  return Buffer.concat(parts);
}

describe('a slide sealed at rest', () => {
  it('gives any part of itself as the plain file would, whatever the pieces it was written in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3 * CHUNK + 5 }),
        fc.integer({ min: 1, max: 2 * CHUNK }),
        fc.array(
          fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
          {
            maxLength: 8,
          },
        ),
        async (size, piece, parts) => {
          const plain = randomBytes(size);
          const sealed = await seal(plain, { piece });
          expect(sealed.length).to.equal(sealedSizeOf(size));
          const source = await open(sealed);
          expect(source.size).to.equal(size);
          expect((await readAll(source)).equals(plain)).to.equal(true);
          for (const [from, share] of parts) {
            const offset = Math.floor(from * size);
            const length = Math.floor(share * (size - offset));
            expect(
              (await bytesOf(source, offset, length)).equals(plain.subarray(offset, offset + length)),
            ).to.equal(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses to be read past its end, and to be made of fewer bytes than said', async () => {
    const source = await open(await seal(randomBytes(100)));
    expect(await refusal(bytesOf(source, 90, 11))).to.equal('SLIDE_TRUNCATED');
    const short = async () => {
      for await (const _part of sealPieces(inPieces(randomBytes(99), 10), 100, NAME, KEY));
    };
    expect(await refusal(short())).to.equal('SLIDE_TRUNCATED');
  });

  it('shows any byte that was changed, wherever it is', async () => {
    const plain = randomBytes(2 * CHUNK + 100);
    const sealed = await seal(plain);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: sealed.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const altered = Buffer.from(sealed);
          altered[at] = (altered[at] ?? 0) ^ by;
          expect(await refusal(open(altered).then(readAll))).to.not.equal('no refusal');
        },
      ),
      { numRuns: 100 },
    );
  });

  it('shows chunks that were swapped, left out, or taken from another slide', async () => {
    const sealed = await seal(randomBytes(3 * CHUNK));
    const other = await seal(randomBytes(3 * CHUNK), { name: 'b'.repeat(32) });
    const at = (n: number) => 96 + n * (CHUNK + 16);
    const chunk = (file: Buffer, n: number) => file.subarray(at(n), at(n + 1));
    const made = (...parts: Buffer[]) => Buffer.concat([sealed.subarray(0, 96), ...parts]);
    for (const altered of [
      made(chunk(sealed, 1), chunk(sealed, 0), chunk(sealed, 2)),
      made(chunk(sealed, 0), chunk(sealed, 1)),
      made(chunk(sealed, 0), chunk(sealed, 0), chunk(sealed, 2)),
      made(chunk(sealed, 0), chunk(other, 1), chunk(sealed, 2)),
    ])
      expect(await refusal(open(altered).then(readAll))).to.equal('SLIDE_UNREADABLE_FILE');
    expect(await refusal(open(sealed, 'b'.repeat(32)))).to.equal('SLIDE_UNREADABLE_FILE');
  });

  it('is opened by the key that sealed it and no other; older keys stay good for reading', async () => {
    const plain = randomBytes(1000);
    const sealed = await seal(plain);
    expect(await refusal(open(sealed, NAME, [{ id: 'k1', key: Buffer.alloc(32, 8) }]))).to.equal(
      'SLIDE_UNREADABLE_FILE',
    );
    expect(await refusal(open(sealed, NAME, [{ id: 'k2', key: KEY.key }]))).to.equal('SLIDE_UNREADABLE_FILE');
    const source = await open(sealed, NAME, [{ id: 'k2', key: Buffer.alloc(32, 8) }, KEY]);
    expect((await readAll(source)).equals(plain)).to.equal(true);
  });
});
