import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SLIDE_LIMITS } from '@relecture/shared/slides/schema.js';
import type { Request, RequestHandler } from 'express';
import multer from 'multer';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { desk } from './desk.js';
import { admitSlide } from './receive.js';

export interface ReceivedFile {
  readonly storageKey: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** To the disk and through the hash in one pass. The sender's file name, which may be a patient's, goes nowhere. */
async function receive(source: Readable): Promise<ReceivedFile> {
  const { storage } = desk();
  const storageKey = storage.newKey();
  const digest = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const path = storage.incoming(storageKey);
  try {
    await pipeline(source, measure, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { storageKey, bytes, sha256: digest.digest('hex') };
}

/** multer answers a stream that broke at once; what was written of it is cleared away first. */
const clearing = new WeakMap<object, Promise<unknown>>();

const engine: multer.StorageEngine = {
  _handleFile(request, file, done) {
    const receiving = receive(file.stream);
    clearing.set(
      request,
      receiving.catch(() => undefined),
    );
    receiving.then(
      (received) => done(null, { size: received.bytes, ...received } as never),
      (error: unknown) => {
        // What still arrives is read and dropped, else the answer would never reach the sender.
        file.stream.resume();
        done(error);
      },
    );
  },
  _removeFile(_request, file, done) {
    const { storageKey } = file as unknown as Partial<ReceivedFile>;
    if (storageKey === undefined) done(null);
    else
      desk()
        .storage.remove(storageKey)
        .then(() => done(null), done);
  },
};

const parse = multer({
  storage: engine,
  // Else `é.svs` arrives garbled: multer's own default is Latin-1.
  defParamCharset: 'utf8',
  limits: { fileSize: SLIDE_LIMITS.fileBytes, files: 1, fields: 10, fieldSize: 1000, fieldNestingDepth: 0 },
} as multer.Options).single('slide');

/** What a form adds around its file, at most. */
const FORM_BYTES = 64 * 1024;

/** Rights, number and room before the first byte: nobody sends ten gigabytes to hear "no". */
const admit: RequestHandler = async (request, response, next) => {
  const principal = response.locals.principal as Principal;
  // The whole request is a little more than the file in it; an exact limit is multer's.
  const announced = Number(request.headers['content-length'] ?? 0);
  await admitSlide(String(request.params.caseId), Math.max(0, announced - FORM_BYTES), principal);
  next();
};

const receiveFile: RequestHandler = (request, response, next) => {
  parse(request, response, (error: unknown) => {
    const cleared = clearing.get(request) ?? Promise.resolve();
    cleared.then(() => next(error === undefined ? undefined : asSlideProblem(error)), next);
  });
};

function asSlideProblem(error: unknown): unknown {
  if (error instanceof multer.MulterError) {
    if (error.code === 'LIMIT_FILE_SIZE') {
      return new ProblemError('FILE_TOO_LARGE', { params: { limitBytes: SLIDE_LIMITS.fileBytes } });
    }
    if (error.code === 'LIMIT_UNEXPECTED_FILE' || error.code === 'LIMIT_FILE_COUNT') {
      return new ProblemError('FILE_MISSING', {
        fields: [{ path: 'slide', code: 'one_file', message: 'one_file' }],
      });
    }
    return error;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new ProblemError('STORAGE_FULL');
  // The sender went away, or sent something that is no form: not a fault of ours to be logged as one.
  if (message?.startsWith('Request ') || /^(Malformed|Unexpected end|Multipart)/.test(message ?? '')) {
    return new ProblemError('MALFORMED_BODY');
  }
  return error;
}

/** Run in this order before the endpoint's own handler. */
export const receiveSlideFile: readonly RequestHandler[] = [admit, receiveFile];

/** @throws {ProblemError} FILE_MISSING */
export function receivedFileOf(request: Request): ReceivedFile {
  const file = request.file as unknown as ReceivedFile | undefined;
  if (!file) {
    throw new ProblemError('FILE_MISSING', {
      fields: [{ path: 'slide', code: 'required', message: 'required' }],
    });
  }
  return { storageKey: file.storageKey, bytes: file.bytes, sha256: file.sha256 };
}
