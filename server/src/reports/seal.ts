import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
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
  readonly annotations: ReadonlyArray<{ readonly id: string; readonly version: number }>;
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

export const sealOf = (facts: SealedFacts): string =>
  createHash('sha256').update(canonicalJson(facts)).digest('hex');

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

const fingerprintOf = (raw: Buffer): string => createHash('sha256').update(raw).digest('hex').slice(0, 16);

const TRAILER = '\n%RELECTURE-SEAL ';

interface TrailerFacts {
  /** Case number, kind, number in the review, instant and signer, as printed. */
  c: string;
  k: string;
  n: number;
  t: string;
  s: string;
  /** The seal. */
  h: string;
  /** Public key. */
  p: string;
}

/** Appends one comment line to a PDF: what it is, and an ed25519 signature over every byte before the line and the line's own facts. */
export function stampPdf(pdf: Buffer, facts: Omit<TrailerFacts, 'p'>, key: SigningKey): Buffer {
  const body = canonicalJson({ ...facts, p: key.publicKey });
  const signature = sign(null, Buffer.concat([pdf, Buffer.from(body)]), key.privateKey);
  const line = Buffer.from(JSON.stringify({ body, signature: signature.toString('base64url') })).toString(
    'base64',
  );
  return Buffer.concat([pdf, Buffer.from(`${TRAILER}${line}\n`)]);
}

export type Verdict =
  | { readonly verdict: 'not_a_report' }
  | { readonly verdict: 'altered' }
  | {
      readonly verdict: 'valid';
      readonly caseNumber: string;
      readonly kind: string;
      readonly number: number;
      readonly signedAt: string;
      readonly signer: string;
      readonly seal: string;
      readonly keyFingerprint: string;
    };

/** Needs the file alone: any byte changed before, in or after the line makes it `altered`. */
export function verifyPdf(file: Buffer): Verdict {
  const at = file.lastIndexOf(TRAILER);
  if (at < 0 || !file.subarray(0, 5).equals(Buffer.from('%PDF-'))) return { verdict: 'not_a_report' };
  try {
    const tail = file.subarray(at + TRAILER.length).toString('latin1');
    if (!tail.endsWith('\n')) return { verdict: 'altered' };
    const line = tail.slice(0, -1);
    // Base64 has several spellings of one value: only the one that was written counts.
    if (Buffer.from(line, 'base64').toString('base64') !== line) return { verdict: 'altered' };
    const { body, signature } = JSON.parse(Buffer.from(line, 'base64').toString('utf8')) as Record<
      string,
      string
    >;
    const facts = JSON.parse(body ?? '') as TrailerFacts;
    const raw = Buffer.from(facts.p, 'base64url');
    const publicKey = createPublicKey({
      key: Buffer.concat([SPKI_ED25519, raw]),
      format: 'der',
      type: 'spki',
    });
    const signed = Buffer.concat([file.subarray(0, at), Buffer.from(body ?? '')]);
    if (!verify(null, signed, publicKey, Buffer.from(signature ?? '', 'base64url')))
      return { verdict: 'altered' };
    return {
      verdict: 'valid',
      caseNumber: facts.c,
      kind: facts.k,
      number: facts.n,
      signedAt: facts.t,
      signer: facts.s,
      seal: facts.h,
      keyFingerprint: fingerprintOf(raw),
    };
  } catch {
    // Whatever no longer parses was changed.
    return { verdict: 'altered' };
  }
}
