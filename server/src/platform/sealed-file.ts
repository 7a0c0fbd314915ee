import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { PassThrough, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Config } from '../config/index.js';

/** `RLC1`, key id length and id, 12-byte IV, ciphertext, 16-byte tag. AES-256-GCM; the key is the identities' key. */
const MAGIC = Buffer.from('RLC1');
const TAG_BYTES = 16;

export interface SealedFiles {
  /** Streams `source` to `path`, encrypted. Removes the file when the source fails. Answers size and SHA-256 of the plain bytes. */
  write(source: Readable, path: string): Promise<{ bytes: number; sha256: string }>;
  /** Streams the plain bytes; the stream errors at its end when the file was altered. */
  read(path: string): Promise<Readable>;
}

export function createSealedFiles(config: Pick<Config, 'identityKeys'>): SealedFiles {
  const current = config.identityKeys[0];
  if (!current) throw new Error('no identity key');
  return {
    async write(source, path) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', current.key, iv);
      const digest = createHash('sha256');
      let bytes = 0;
      const measure = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          bytes += chunk.length;
          digest.update(chunk);
          done(null, chunk);
        },
      });
      const frame = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          done(null, chunk);
        },
        flush(done) {
          done(null, cipher.getAuthTag());
        },
      });
      const keyId = Buffer.from(current.id);
      frame.push(Buffer.concat([MAGIC, Buffer.from([keyId.length]), keyId, iv]));
      try {
        await pipeline(source, measure, cipher, frame, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
      return { bytes, sha256: digest.digest('hex') };
    },
    async read(path) {
      const { size } = await stat(path);
      const file = await open(path, 'r');
      const head = Buffer.alloc(64);
      try {
        await file.read(head, 0, Math.min(64, size), 0);
      } finally {
        await file.close();
      }
      const idLength = head[4] ?? 0;
      const bodyStart = 5 + idLength + 12;
      const key = config.identityKeys.find(({ id }) => id === head.subarray(5, 5 + idLength).toString())?.key;
      if (!head.subarray(0, 4).equals(MAGIC) || !key || size < bodyStart + TAG_BYTES) {
        throw new Error('sealed file cannot be read');
      }
      const tag = Buffer.alloc(TAG_BYTES);
      const again = await open(path, 'r');
      try {
        await again.read(tag, 0, TAG_BYTES, size - TAG_BYTES);
      } finally {
        await again.close();
      }
      const decipher = createDecipheriv(
        'aes-256-gcm',
        key,
        head.subarray(5 + idLength, bodyStart),
      ).setAuthTag(tag);
      const plain = new PassThrough();
      if (size === bodyStart + TAG_BYTES) {
        decipher.final();
        return plain.end();
      }
      const body = createReadStream(path, { start: bodyStart, end: size - TAG_BYTES - 1 });
      // The reader of `plain` hears of a failure through the stream itself.
      pipeline(body, decipher, plain).catch((error: Error) => plain.destroy(error));
      return plain;
    },
  };
}
