import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { ReportContent } from '@relecture/shared/reports/schema.js';

/** Everything a signature vouches for. No patient identity: the seal may be shown to anybody. */
export interface SealedFacts {
  readonly caseNumber: string;
  readonly networkId: string;
  readonly kind: string;
  readonly number: number;
  readonly content: ReportContent;
  readonly amendment: string;
  readonly signedAt: string;
  readonly signer: {
    readonly id: string;
    readonly name: string;
    readonly organisation: string;
    readonly rpps: string | null;
  };
  readonly slides: ReadonlyArray<{ readonly slideId: string; readonly sha256: string }>;
  /** Each shape as it was at signature: moving one corner of one of them breaks its own hash, and the seal. */
  readonly annotations: ReadonlyArray<{
    readonly id: string;
    readonly version: number;
    readonly sha256: string;
  }>;
  /** Seal of the version before. */
  readonly previous: string | null;
}

/** JSON with sorted keys and no spaces (RFC 8785 for the values used here): the same facts give the same bytes. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

export const sealOf = (facts: SealedFacts): string => sha256Of(canonicalJson(facts));

/** Ten characters people can read aloud (Crockford's base 32), from the seal: enough to find, not to prove. */
export function verificationCodeOf(seal: string): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const bytes = Buffer.from(seal, 'hex');
  const letters = Array.from({ length: 10 }, (_, index) => alphabet[(bytes[index] ?? 0) % 32]).join('');
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** PKCS#8 header of an ed25519 private key (RFC 8410); the 32-byte seed follows. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
/** SubjectPublicKeyInfo header of an ed25519 public key; the 32-byte key follows. */
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

export interface SigningKey {
  readonly privateKey: KeyObject;
  /** Raw public key, base64url. */
  readonly publicKey: string;
  /** First 16 hexadecimal characters of its SHA-256, printed on each report. */
  readonly fingerprint: string;
}

/** From the raw public key, as it travels in a report. */
export const publicKeyFrom = (raw: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI_ED25519, raw]), format: 'der', type: 'spki' });

export function signingKeyFrom(seed: Buffer): SigningKey {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const raw = createPublicKey(privateKey)
    .export({ format: 'der', type: 'spki' })
    .subarray(SPKI_ED25519.length);
  return { privateKey, publicKey: raw.toString('base64url'), fingerprint: fingerprintOf(raw) };
}

export const fingerprintOf = (raw: Buffer): string =>
  createHash('sha256').update(raw).digest('hex').slice(0, 16);
