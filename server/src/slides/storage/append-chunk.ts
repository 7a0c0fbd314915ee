import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { asProblem, ProblemError } from '../../platform/problem.js';
import { readPieces } from './read-pieces.js';
import type { RunningHash } from './running-hashes.js';
import { partOf } from './slide-storage.js';

export interface ExpectedChecksum {
  readonly algorithm: 'sha256' | 'sha1';
  readonly digest: Buffer;
}

export interface ChunkTarget {
  readonly path: string;
  readonly offset: number;
  /** Hash over the file so far; goes along with what is written. */
  readonly running: RunningHash | null;
  readonly onProgress: (offset: number) => void;
}

/**
 * Appends what arrives. A cut keeps every byte that came before it: the file's size is the offset from which
 * the sender goes on, whatever either side remembers. On disk before it is acknowledged.
 */
export async function appendChunk(source: AsyncIterable<Buffer>, target: ChunkTarget): Promise<number> {
  const file = await open(target.path, 'r+');
  try {
    return await pour(source, file, {
      offset: target.offset,
      onWritten(chunk, at) {
        target.running?.wrote(chunk, at);
        target.onProgress(at + chunk.length);
      },
    });
  } finally {
    await file.sync();
    await file.close();
  }
}

/**
 * Appends a piece whose checksum was announced. It waits aside until it is whole and right, so that the upload
 * never holds a byte that was not verified, not even after a kill -9 half way.
 * @throws {ProblemError} CHECKSUM_MISMATCH; nothing of the piece is kept.
 */
export async function appendVerifiedChunk(
  source: AsyncIterable<Buffer>,
  target: ChunkTarget,
  expected: ExpectedChecksum,
): Promise<number> {
  const part = partOf(target.path);
  const digest = createHash(expected.algorithm);
  try {
    const end = await receivePart(source, part, target, digest);
    if (!digest.digest().equals(expected.digest)) throw new ProblemError('CHECKSUM_MISMATCH');
    if (target.offset > 0) {
      return await appendChunk(readPieces(part), { ...target, onProgress: () => undefined });
    }
    await rename(part, target.path);
    target.running?.reach(end);
    return end;
  } finally {
    await rm(part, { force: true });
  }
}

async function receivePart(
  source: AsyncIterable<Buffer>,
  part: string,
  target: ChunkTarget,
  digest: Hash,
): Promise<number> {
  const file = await open(part, 'w', 0o600);
  try {
    const length = await pour(source, file, {
      offset: 0,
      onWritten(chunk, at) {
        digest.update(chunk);
        target.onProgress(target.offset + at + chunk.length);
      },
    });
    // Appended, it is flushed with the upload; the first piece is itself what becomes the upload.
    if (target.offset === 0) await file.sync();
    return target.offset + length;
  } finally {
    await file.close();
  }
}

async function pour(
  source: AsyncIterable<Buffer>,
  file: FileHandle,
  { offset, onWritten }: { offset: number; onWritten: (chunk: Buffer, at: number) => void },
): Promise<number> {
  let at = offset;
  for await (const chunk of source) {
    for (let done = 0; done < chunk.length; ) {
      done += await writeSome(file, chunk, done, at + done);
    }
    onWritten(chunk, at);
    at += chunk.length;
  }
  return at;
}

/** A trouble of ours is told from one of the sender's connection: only then is there somebody to answer. */
async function writeSome(file: FileHandle, chunk: Buffer, from: number, position: number): Promise<number> {
  try {
    const { bytesWritten } = await file.write(chunk, from, chunk.length - from, position);
    return bytesWritten;
  } catch (error) {
    throw asProblem(error);
  }
}
