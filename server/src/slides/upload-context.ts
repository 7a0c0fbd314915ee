import { AsyncLocalStorage } from 'node:async_hooks';
import type { Language } from '@relecture/shared/http/page.js';
import type { Request, Response } from 'express';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import type { ExpectedChecksum } from './storage/append-chunk.js';

/** What the hooks of the tus library need to know of the request they work for, and it does not hand on. */
export interface UploadContext {
  readonly principal: Principal;
  readonly language: Language;
  /** Of the log line that goes with it. */
  readonly requestId: string;
  readonly checksum: ExpectedChecksum | null;
  readonly response: Response;
}

const contexts = new AsyncLocalStorage<UploadContext>();

export const withUploadContext = <T>(context: UploadContext, work: () => Promise<T>): Promise<T> =>
  contexts.run(context, work);

export function uploadContext(): UploadContext {
  const context = contexts.getStore();
  if (!context) throw new Error('outside of an upload');
  return context;
}

/** https://tus.io/protocols/resumable-upload#checksum asks every server for SHA-1; ours send SHA-256. */
export const CHECKSUM_ALGORITHMS = ['sha256', 'sha1'] as const;
const DIGEST_BYTES = { sha256: 32, sha1: 20 } as const;

/** `Upload-Checksum: sha256 <base64>`. @throws {ProblemError} MALFORMED_BODY */
export function checksumOf(request: Request): ExpectedChecksum | null {
  const header = request.headers['upload-checksum'];
  if (header === undefined) return null;
  const [name, value, ...rest] = String(header).split(' ');
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name);
  const digest = Buffer.from(value ?? '', 'base64');
  if (!algorithm || rest.length > 0 || digest.length !== DIGEST_BYTES[algorithm]) {
    throw new ProblemError('MALFORMED_BODY', {
      fields: [{ path: 'Upload-Checksum', code: 'checksum', message: 'checksum' }],
    });
  }
  return { algorithm, digest };
}
