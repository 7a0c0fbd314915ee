import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Config } from '../config/index.js';

/** A field at rest: `keyId.iv.tag.ciphertext`, each base64url. AES-256-GCM, NIST SP 800-38D, 96-bit random IV. */
export type EncryptedField = string;

export interface FieldCipher {
  encrypt(plain: string, purpose: string): EncryptedField;
  /** @throws when the field was altered, or its key is not configured. */
  decrypt(field: EncryptedField, purpose: string): string;
  /** Keyed hash for exact search: HMAC-SHA-256 of the normalised text, bound to its purpose. */
  fingerprint(text: string, purpose: string): string;
}

/** Accents, case and separators do not make another person: "Le Goff" = "LEGOFF", "Élise" = "ELISE". */
export const normaliseIdentity = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');

/** `purpose` is authenticated with the field: a first name pasted into a birth name's place does not decrypt. */
export function createFieldCipher(config: Pick<Config, 'identityKeys' | 'identityHashKey'>): FieldCipher {
  const current = config.identityKeys[0];
  if (!current) throw new Error('no identity key');
  return {
    encrypt(plain, purpose) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', current.key, iv).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return [current.id, ...[iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join(
        '.',
      );
    },
    decrypt(field, purpose) {
      const [keyId, iv, tag, body] = field.split('.');
      const key = config.identityKeys.find((candidate) => candidate.id === keyId)?.key;
      if (!key || !iv || !tag || body === undefined) throw new Error('identity field cannot be decrypted');
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'))
        .setAAD(Buffer.from(purpose))
        .setAuthTag(Buffer.from(tag, 'base64url'));
      return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString(
        'utf8',
      );
    },
    fingerprint(text, purpose) {
      return createHmac('sha256', config.identityHashKey)
        .update(`${purpose}\0${normaliseIdentity(text)}`)
        .digest('base64url');
    },
  };
}
