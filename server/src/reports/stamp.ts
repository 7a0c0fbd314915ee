import { sign, verify } from 'node:crypto';
import {
  canonicalJson,
  fingerprintOf,
  publicKeyFrom,
  type SealedFacts,
  type SigningKey,
  sealOf,
} from './seal.js';

const MARK = Buffer.from('\n%RELECTURE-SEAL ');
const TAIL = Buffer.from('startxref');
const NEW_LINE = 10;

interface Stamp {
  facts: SealedFacts;
  /** SHA-256 of the facts: the hash printed on the report. */
  seal: string;
  /** Raw ed25519 public key, base64url. */
  key: string;
}

/**
 * Puts one comment line into a PDF: the sealed facts, and an ed25519 signature over them and every other byte of the
 * file. The line goes before the last `startxref`: no offset moves, and the end of the file stays where readers seek it,
 * however many annotations the line names.
 */
export function stampPdf(pdf: Buffer, facts: SealedFacts, key: SigningKey): Buffer {
  const end = pdf.lastIndexOf(TAIL);
  if (end < 0) throw new Error('not a PDF');
  const stamp: Stamp = { facts, seal: sealOf(facts), key: key.publicKey };
  const body = canonicalJson(stamp);
  const signature = sign(null, Buffer.concat([pdf, Buffer.from(body)]), key.privateKey).toString('base64url');
  const line = Buffer.from(canonicalJson({ body, signature })).toString('base64');
  return Buffer.concat([pdf.subarray(0, end), MARK, Buffer.from(`${line}\n`), pdf.subarray(end)]);
}

export type Verdict =
  | { readonly verdict: 'not_a_report' }
  | { readonly verdict: 'altered' }
  | {
      readonly verdict: 'valid';
      readonly caseNumber: string;
      readonly networkId: string;
      readonly kind: string;
      readonly number: number;
      readonly signedAt: string;
      readonly signer: string;
      readonly conclusion: string;
      readonly slides: number;
      readonly annotations: number;
      readonly seal: string;
      /** Compared with the installation's: anybody can make a key of their own. */
      readonly keyFingerprint: string;
    };

/** Needs the file alone: any byte changed, added or taken away makes it `altered`. */
export function verifyPdf(file: Buffer): Verdict {
  const at = file.lastIndexOf(MARK);
  if (at < 0 || !file.subarray(0, 5).equals(Buffer.from('%PDF-'))) return { verdict: 'not_a_report' };
  try {
    const from = at + MARK.length;
    const to = file.indexOf(NEW_LINE, from);
    const line = file.subarray(from, to).toString('latin1');
    const decoded = Buffer.from(line, 'base64');
    // Base64 and JSON have several spellings of one value: only the one that was written counts.
    if (to < 0 || decoded.toString('base64') !== line) return { verdict: 'altered' };
    const outer = JSON.parse(decoded.toString('utf8')) as { body: string; signature: string };
    if (!Buffer.from(canonicalJson(outer)).equals(decoded)) return { verdict: 'altered' };
    const { facts, seal, key } = JSON.parse(outer.body) as Stamp;
    const raw = Buffer.from(key, 'base64url');
    const signature = Buffer.from(outer.signature, 'base64url');
    if (signature.toString('base64url') !== outer.signature) return { verdict: 'altered' };
    const signed = Buffer.concat([file.subarray(0, at), file.subarray(to + 1), Buffer.from(outer.body)]);
    if (!verify(null, signed, publicKeyFrom(raw), signature) || sealOf(facts) !== seal) {
      return { verdict: 'altered' };
    }
    return {
      verdict: 'valid',
      caseNumber: facts.caseNumber,
      networkId: facts.networkId,
      kind: facts.kind,
      number: facts.number,
      signedAt: facts.signedAt,
      signer: facts.signer.name,
      conclusion: facts.content.conclusion,
      slides: facts.slides.length,
      annotations: facts.annotations.length,
      seal,
      keyFingerprint: fingerprintOf(raw),
    };
  } catch {
    // Whatever no longer parses was changed.
    return { verdict: 'altered' };
  }
}
