import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import type { Upload } from '@tus/server';
import { transition } from '../events/index.js';
import { ProblemError } from '../platform/problem.js';
import { desk } from './desk.js';
import { SlideModel, type SlideRecord } from './model.js';
import { tellProgress } from './news.js';
import { appendChunk, appendVerifiedChunk, type ChunkTarget } from './storage/append-chunk.js';
import { RunningHashes } from './storage/running-hashes.js';
import { sizeOf } from './storage/slide-storage.js';
import { UPLOAD_MS } from './sweep.js';
import { uploadContext } from './upload-context.js';

const PROGRESS_MS = 1000;

/** Only uploads under way and those that arrived; @throws {ProblemError} NOT_FOUND, UPLOAD_GONE */
export async function slideOfUpload(uploadId: string): Promise<SlideRecord> {
  const slide = await SlideModel.findOne({ storageKey: uploadId }).lean<SlideRecord>();
  if (!slide) throw new ProblemError('NOT_FOUND');
  if (slide.status === 'removed') throw new ProblemError('UPLOAD_GONE');
  return slide;
}

/**
 * The library's file store, with what we promise beyond it: checksums are verified before a byte is appended,
 * bytes are on disk before they are acknowledged, a full disk is told as such, and what is known of an upload
 * lies in the slide's record instead of a file that a crash can leave half written (and that would keep the
 * sender's file name).
 */
export class UploadStore extends FileStore {
  readonly #hashes = new RunningHashes();

  constructor() {
    super({
      directory: desk().storage.incomingFolder,
      configstore: { get: describeUpload, set: nothing, delete: nothing },
      expirationPeriodInMilliseconds: UPLOAD_MS,
    });
    // No deferred length: size, limit and room on the disk are decided before the first byte.
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration', 'checksum'];
  }

  override async create(upload: Upload): Promise<Upload> {
    const path = desk().storage.incoming(upload.id);
    const file = await open(path, 'wx', 0o600);
    await file.close();
    upload.storage = { type: 'file', path };
    return upload;
  }

  override async write(source: Readable, uploadId: string, offset: number): Promise<number> {
    const slide = await slideOfUpload(uploadId);
    // Repeated end of an upload that has already arrived.
    if (slide.status !== 'receiving') return offset;
    if (!(await desk().storage.hasRoomFor(slide.bytes - offset))) throw new ProblemError('STORAGE_FULL');
    const { checksum } = uploadContext();
    const path = desk().storage.incoming(uploadId);
    const target: ChunkTarget = {
      path,
      offset,
      running: this.#hashes.of(uploadId, path, offset),
      onProgress: progressTeller(slide),
    };
    // A full disk must be heard as such: destroying the stream first would make an abort of it.
    const bytes = source.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
    try {
      return checksum === null
        ? await appendChunk(bytes, target)
        : await appendVerifiedChunk(bytes, target, checksum);
    } finally {
      await noteOffset(slide);
    }
  }

  override async getUpload(uploadId: string): Promise<Upload> {
    const slide = await slideOfUpload(uploadId);
    const upload = await describeUpload(uploadId);
    // What has arrived may already be on its way; a sender who asks late is told that nothing is missing.
    if (slide.status !== 'receiving') return { ...upload, offset: slide.bytes, sizeIsDeferred: false };
    const found = await super.getUpload(uploadId);
    // Whoever asks how far it came is about to go on: what a killed server had hashed is read again meanwhile.
    this.#hashes.of(uploadId, desk().storage.incoming(uploadId), found.offset);
    return found;
  }

  /** The sender gives up. Files go with the event. */
  override async remove(uploadId: string): Promise<void> {
    const slide = await slideOfUpload(uploadId);
    await transition<SlideRecord>({
      kind: 'slide',
      id: slide._id,
      event: 'slide.removed',
      from: ['receiving'],
      to: 'removed',
      party: 'none',
      by: uploadContext().principal,
      params: { caseId: String(slide.caseId), reason: 'upload_cancelled' },
    });
    this.#hashes.forget(uploadId);
  }

  /** Of the whole file, or null when the preparation has to read it. */
  takeHash(slide: SlideRecord): Promise<string | null> {
    return this.#hashes.finish(slide.storageKey, slide.bytes);
  }
}

const nothing = async (): Promise<void> => undefined;

async function describeUpload(uploadId: string): Promise<Upload> {
  const slide = await slideOfUpload(uploadId);
  return {
    id: uploadId,
    size: slide.bytes,
    offset: slide.receivedBytes,
    metadata: undefined,
    creation_date: slide.createdAt.toISOString(),
    storage: undefined,
    sizeIsDeferred: false,
  };
}

function progressTeller(slide: SlideRecord): (offset: number) => void {
  let next = Date.now() + PROGRESS_MS;
  return (offset) => {
    if (Date.now() < next) return;
    next = Date.now() + PROGRESS_MS;
    tellProgress(slide, offset);
  };
}

/** What is on the disk is the truth; the record repeats it for the lists. */
async function noteOffset(slide: SlideRecord): Promise<void> {
  const size = await sizeOf(desk().storage.incoming(slide.storageKey));
  if (size === null) return;
  await SlideModel.updateOne({ _id: slide._id, status: 'receiving' }, { $set: { receivedBytes: size } });
  tellProgress(slide, size);
}
