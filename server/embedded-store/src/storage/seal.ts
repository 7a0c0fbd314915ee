import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { StoreError } from '../lifecycle/errors.js';

/** A key of the settings; it lies outside the data folder. */
export interface StoreKey {
  readonly id: string;
  readonly key: Uint8Array;
}

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
const wrapPurpose = Buffer.from('relecture store key');

/** IV, tag, ciphertext. `bound` is authenticated with it: bytes moved to another place do not open. */
function encrypt(key: Uint8Array, plain: Uint8Array, bound: Uint8Array): Buffer {
  const iv = randomIv();
  const cipher = createCipheriv(algorithm, key, iv).setAAD(bound);
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

function decrypt(key: Uint8Array, sealed: Buffer, bound: Uint8Array): Buffer {
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
    .setAAD(bound)
    .setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
  const plain = decipher.update(sealed.subarray(ivBytes + tagBytes));
  decipher.final();
  return plain;
}

/** One call of the system for many IVs: asking for twelve bytes costs more than encrypting a document. */
let pool = Buffer.alloc(0);
let taken = 0;
function randomIv(): Buffer {
  if (taken === pool.length) {
    pool = randomBytes(ivBytes * 512);
    taken = 0;
  }
  taken += ivBytes;
  return pool.subarray(taken - ivBytes, taken);
}

/**
 * Encrypts the values of one store with a key of its own, AES-256-GCM with a random IV and the LMDB key authenticated.
 * That key lies in the store, itself encrypted with a key of the settings: changing the latter rewrites one record.
 */
export class Seal {
  readonly #dataKey: Buffer;

  private constructor(dataKey: Buffer) {
    this.#dataKey = dataKey;
  }

  static make(): Seal {
    return new Seal(randomBytes(32));
  }

  /** @throws {StoreError} none of these keys opens it */
  static unwrap(record: Buffer, keys: readonly StoreKey[]): { seal: Seal; keyId: string } {
    const { keyId, wrapped } = JSON.parse(record.toString('utf8')) as { keyId: string; wrapped: string };
    if (keys.length === 0) {
      throw new StoreError('STORE_SEALED', `The store is sealed with the key ${keyId}: set STORE_KEYS.`);
    }
    const found = keys.find(({ id }) => id === keyId);
    if (!found)
      throw new StoreError(
        'STORE_KEY_WRONG',
        `The store is sealed with the key ${keyId}, which is not given.`,
      );
    try {
      return { seal: new Seal(decrypt(found.key, Buffer.from(wrapped, 'base64url'), wrapPurpose)), keyId };
    } catch {
      throw new StoreError('STORE_KEY_WRONG', `The key ${keyId} is not the one the store is sealed with.`);
    }
  }

  wrap({ id, key }: StoreKey): Buffer {
    const wrapped = encrypt(key, this.#dataKey, wrapPurpose).toString('base64url');
    return Buffer.from(JSON.stringify({ keyId: id, wrapped }));
  }

  /** Catalogue and documents; the value of an index entry only holds what its key tells already (layout.ts). */
  covers(key: Buffer): boolean {
    return key[0] === 0x20 || key[0] === 0x40;
  }

  close(key: Buffer, value: Buffer): Buffer {
    return encrypt(this.#dataKey, value, key);
  }

  /** @throws altered, or put in another's place */
  open(key: Buffer, value: Buffer): Buffer {
    return decrypt(this.#dataKey, value, key);
  }
}
