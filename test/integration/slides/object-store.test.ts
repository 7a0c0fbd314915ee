import { createHash, randomBytes } from 'node:crypto';
import { bytesOf } from '@relecture/server/slides/formats/byte-source.js';
import { RemoteSource } from '@relecture/server/slides/formats/remote-source.js';
import { createObjectStore, type ObjectStore } from '@relecture/server/slides/storage/object-store.js';
import { expect } from 'chai';
import { type ObjectStoreServer, startObjectStore } from '../../support/object-store.js';

const SIZE = 21 * 1024 * 1024 + 17;

describe('a slide in an object store', () => {
  let server: ObjectStoreServer;
  let store: ObjectStore;
  const bytes = randomBytes(SIZE);

  before(async () => {
    server = await startObjectStore();
    const {
      S3_ENDPOINT = '',
      S3_BUCKET = '',
      S3_ACCESS_KEY_ID = '',
      S3_SECRET_ACCESS_KEY = '',
    } = server.settings;
    store = createObjectStore({
      endpoint: S3_ENDPOINT,
      bucket: S3_BUCKET,
      region: 'us-east-1',
      accessKeyId: S3_ACCESS_KEY_ID,
      secretAccessKey: S3_SECRET_ACCESS_KEY,
    });
  });
  after(async () => {
    store.close();
    await server.remove();
  });

  /** In one buffer that is used again, as slides are read. */
  async function* pieces(): AsyncGenerator<Buffer> {
    const buffer = Buffer.alloc(1_000_000);
    for (let at = 0; at < SIZE; at += buffer.length) {
      const length = bytes.copy(buffer, 0, at, Math.min(SIZE, at + buffer.length));
      yield buffer.subarray(0, length);
    }
  }

  it('is written in parts and read in any part, byte for byte', async () => {
    await store.write('slides/one', pieces());
    const source = new RemoteSource(await store.addressOf('slides/one'), SIZE);
    for (const [offset, length] of [
      [0, 16],
      [SIZE - 5, 5],
      [262_140, 10],
      [7_000_000, 3_000_000],
    ] as const)
      expect(
        (await bytesOf(source, offset, length)).equals(bytes.subarray(offset, offset + length)),
      ).to.equal(true);
    const digest = createHash('sha256')
      .update(await bytesOf(source, 0, SIZE))
      .digest('hex');
    expect(digest).to.equal(createHash('sha256').update(bytes).digest('hex'));
    const many = await Promise.all(Array.from({ length: 40 }, (_, n) => bytesOf(source, n * 5000, 4000)));
    for (const [n, part] of many.entries())
      expect(part.equals(bytes.subarray(n * 5000, n * 5000 + 4000))).to.equal(true);
    await source.close();
  });

  it('is listed, and is told to be gone once it was removed', async () => {
    await store.write('slides/two', pieces());
    const names: string[] = [];
    for await (const { name } of store.list('slides/')) names.push(name);
    expect(names).to.include('slides/two');
    await store.remove('slides/two');
    await store.remove('slides/two');
    const source = new RemoteSource(await store.addressOf('slides/two'), SIZE);
    const code = await bytesOf(source, 0, 4).catch((error: { code?: string }) => error.code);
    expect(code).to.equal('SLIDE_UNREADABLE_FILE');
  });

  it('whose writing fails leaves nothing, and whose store is not there says so', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield* pieces();
      throw new Error('the disk failed');
    }
    expect(
      await store.write('slides/three', failing()).catch(({ code }: { code?: string }) => code),
    ).to.equal('SLIDE_STORE_UNAVAILABLE');
    for await (const { name } of store.list('slides/')) expect(name).to.not.equal('slides/three');
    const nobody = new RemoteSource('http://127.0.0.1:9/lames/slides/one', SIZE);
    expect(await bytesOf(nobody, 0, 4).catch(({ code }: { code?: string }) => code)).to.equal(
      'SLIDE_STORE_UNAVAILABLE',
    );
  });
});
