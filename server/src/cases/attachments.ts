import { randomUUID } from 'node:crypto';
import { mkdir, opendir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { type Attachment, CASE_LIMITS } from '@relecture/shared/cases/schema.js';
import type { Request, RequestHandler } from 'express';
import { fileTypeFromBuffer } from 'file-type';
import { Types } from 'mongoose';
import multer from 'multer';
import type { Config } from '../config/index.js';
import { recordAccess } from '../platform/access-log.js';
import { type Antivirus, AntivirusUnavailableError, createAntivirus } from '../platform/antivirus.js';
import { now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { createSealedFiles, type SealedFiles } from '../platform/sealed-file.js';
import { decryptText, encryptText } from './identity.js';
import { CaseModel, type CaseRecord, type StoredAttachment } from './model.js';
import { mayAddMaterial, maySeeIdentity } from './policy.js';
import { seeCaseFor } from './service.js';

/** Told apart by content. Anything that runs in a browser or an office program is refused. */
const ACCEPTED = ['application/pdf', 'image/jpeg', 'image/png'];
/** file-type needs at most this many bytes. */
const HEAD_BYTES = 4100;

let folder = '';
let files: SealedFiles;
let antivirus: Antivirus | null = null;

/** Called once by app.ts. */
export async function configureAttachments(config: Config): Promise<void> {
  folder = join(config.uploadsDir, 'attachments');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  files = createSealedFiles(config);
  antivirus = createAntivirus(config.clamd);
}

interface ReceivedFile {
  storedAs: string;
  mediaType: string;
  bytes: number;
  sha256: string;
}

/** Reads the first bytes without losing them for whoever reads the stream next. */
async function peek(source: Readable): Promise<{ head: Buffer; whole: Readable }> {
  const chunks: Buffer[] = [];
  let length = 0;
  const iterator = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  while (length < HEAD_BYTES) {
    const { value, done } = await iterator.next();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  const whole = new PassThrough();
  const forward = async () => {
    for (const chunk of chunks)
      if (!whole.write(chunk)) await new Promise((resolve) => whole.once('drain', resolve));
    for (;;) {
      const { value, done } = await iterator.next();
      if (done) break;
      if (!whole.write(value)) await new Promise((resolve) => whole.once('drain', resolve));
    }
    whole.end();
  };
  forward().catch((error: Error) => whole.destroy(error));
  return { head: Buffer.concat(chunks), whole };
}

async function receive(source: Readable): Promise<ReceivedFile> {
  const { head, whole } = await peek(source);
  if (head.length === 0) throw new ProblemError('FILE_EMPTY');
  const type = await fileTypeFromBuffer(head);
  if (!type || !ACCEPTED.includes(type.mime)) {
    whole.destroy();
    throw new ProblemError('FILE_TYPE_REFUSED');
  }
  const storedAs = randomUUID();
  const path = join(folder, storedAs);
  const written = await files.write(whole, path);
  await refuseInfected(path);
  return { storedAs, mediaType: type.mime, ...written };
}

/** Gone before anybody could open it. */
async function refuseInfected(path: string): Promise<void> {
  try {
    if ((await antivirus?.scan(() => files.read(path))) === 'infected')
      throw new ProblemError('FILE_INFECTED');
  } catch (error) {
    await rm(path, { force: true });
    if (!(error instanceof AntivirusUnavailableError)) throw error;
    throw new ProblemError('ANTIVIRUS_UNAVAILABLE', { cause: error });
  }
}

const storage: multer.StorageEngine = {
  _handleFile(_request, file, done) {
    receive(file.stream).then(
      (received) => done(null, { size: received.bytes, filename: received.storedAs, ...received } as never),
      (error: unknown) => {
        file.stream.resume();
        done(error);
      },
    );
  },
  _removeFile(_request, file, done) {
    const { storedAs } = file as unknown as ReceivedFile;
    rm(storedAs ? join(folder, storedAs) : '', { force: true }).then(() => done(null), done);
  },
};

const tooMany = () => new ProblemError('ATTACHMENTS_LIMIT', { params: { limit: CASE_LIMITS.attachments } });

/** What a form adds around its file, at most. */
const FORM_BYTES = 64 * 1024;

/** Rights and size before the first byte: nobody fills the disk to hear "no" afterwards. */
const admit: RequestHandler = async (request, response, next) => {
  const { principal } = response.locals as { principal: Principal };
  const { attachments } = await seeCaseFor(String(request.params.caseId), principal, mayAddMaterial);
  if (attachments.length >= CASE_LIMITS.attachments) throw tooMany();
  if (Number(request.headers['content-length'] ?? 0) > CASE_LIMITS.attachmentBytes + FORM_BYTES)
    throw new ProblemError('FILE_TOO_LARGE', { params: { limitBytes: CASE_LIMITS.attachmentBytes } });
  next();
};

/** Run in this order before the endpoint's own handler. */
export const receiveAttachment: readonly RequestHandler[] = [
  admit,
  multer({
    storage,
    defParamCharset: 'utf8',
    limits: { fileSize: CASE_LIMITS.attachmentBytes, files: 1, fields: 4, fieldSize: 1000 },
  } as multer.Options).single('attachment'),
];

const purpose = (caseId: Types.ObjectId, id: Types.ObjectId) => `attachment:${String(caseId)}:${String(id)}`;

/** Keeps a received file as a document of the case; the file goes when the case refuses it. */
async function keepAttachment(
  caseId: string,
  kind: Attachment['kind'],
  originalName: string,
  file: ReceivedFile,
  principal: Principal,
): Promise<Attachment> {
  try {
    const record = await seeCaseFor(caseId, principal, mayAddMaterial);
    const id = new Types.ObjectId();
    const attachment: StoredAttachment = {
      id,
      kind,
      title: encryptText(originalName.slice(0, 200) || 'document', purpose(record._id, id)),
      storedAs: file.storedAs,
      mediaType: file.mediaType,
      bytes: file.bytes,
      sha256: file.sha256,
      addedAt: now(),
      addedBy: asPerson(principal),
    };
    // Several may arrive at once: the case itself counts.
    const { matchedCount } = await CaseModel.updateOne(
      { _id: record._id, [`attachments.${CASE_LIMITS.attachments - 1}`]: { $exists: false } },
      { $push: { attachments: attachment }, $set: { updatedAt: now() } },
    );
    if (matchedCount === 0)
      throw (await CaseModel.exists({ _id: record._id })) ? tooMany() : new ProblemError('NOT_FOUND');
    await recordAccess({
      actorId: principal.id,
      action: 'attachment.added',
      recordKind: 'case',
      recordId: caseId,
    });
    return presentAttachment(record, attachment);
  } catch (error) {
    await rm(join(folder, file.storedAs), { force: true });
    throw error;
  }
}

/** The file that multer received with the request. @throws {ProblemError} FILE_MISSING */
export async function addAttachment(
  caseId: string,
  kind: Attachment['kind'],
  request: Request,
  principal: Principal,
): Promise<Attachment> {
  const file = request.file as (Express.Multer.File & ReceivedFile) | undefined;
  if (!file) throw new ProblemError('FILE_MISSING');
  return await keepAttachment(caseId, kind, file.originalname, file, principal);
}

/** The same road for bytes at hand (demo, command line). */
export async function attachBytes(
  caseId: string,
  kind: Attachment['kind'],
  title: string,
  bytes: Buffer,
  principal: Principal,
): Promise<Attachment> {
  return await keepAttachment(caseId, kind, title, await receive(Readable.from([bytes])), principal);
}

/** Attachments carry the patient's name in print: they follow the rule of the identity. */
export async function readAttachment(
  caseId: string,
  attachmentId: string,
  principal: Principal,
): Promise<{ attachment: StoredAttachment; stream: Readable }> {
  const record = await seeCaseFor(caseId, principal, maySeeIdentity);
  const attachment = record.attachments.find((item) => String(item.id) === attachmentId);
  if (!attachment) throw new ProblemError('NOT_FOUND');
  await recordAccess({
    actorId: principal.id,
    action: 'attachment.read',
    recordKind: 'case',
    recordId: caseId,
    params: { attachmentId },
  });
  return { attachment, stream: await files.read(join(folder, attachment.storedAs)) };
}

export async function removeAttachment(
  caseId: string,
  attachmentId: string,
  principal: Principal,
): Promise<void> {
  const record = await seeCaseFor(caseId, principal, mayAddMaterial);
  if (!['draft', 'to_correct'].includes(record.status)) throw new ProblemError('CASE_NOT_EDITABLE');
  const attachment = record.attachments.find((item) => String(item.id) === attachmentId);
  if (!attachment) throw new ProblemError('NOT_FOUND');
  // With the status in the filter and the version raised: whoever edits or sends what was read before notices.
  const { modifiedCount } = await CaseModel.updateOne(
    { _id: record._id, status: record.status, 'attachments.id': attachment.id },
    { $pull: { attachments: { id: attachment.id } }, $set: { updatedAt: now() }, $inc: { version: 1 } },
  );
  if (modifiedCount === 0) throw new ProblemError('CASE_NOT_EDITABLE');
  await rm(join(folder, attachment.storedAs), { force: true });
  await recordAccess({
    actorId: principal.id,
    action: 'attachment.removed',
    recordKind: 'case',
    recordId: caseId,
  });
}

/** The bytes of documents whose case is gone. Can be repeated. */
export async function removeFiles(
  attachments: ReadonlyArray<Pick<StoredAttachment, 'storedAs'>>,
): Promise<void> {
  for (const { storedAs } of attachments) await rm(join(folder, storedAs), { force: true });
}

/** A file that no case knows may be one whose case is about to be told. */
const STRAY_MS = 24 * 3600 * 1000;
const AT_ONCE = 500;

/** Files whose case is gone: a deletion, or a request, that was cut between the two. Resolves to how many went. */
export async function sweepAttachments(at = new Date()): Promise<number> {
  let removed = 0;
  let names: string[] = [];
  const settle = async () => {
    const known = await CaseModel.distinct('attachments.storedAs', {
      'attachments.storedAs': { $in: names },
    });
    const owned = new Set(known);
    for (const name of names.filter((one) => !owned.has(one))) {
      await rm(join(folder, name), { force: true });
      removed += 1;
    }
    names = [];
  };
  for await (const entry of await opendir(folder)) {
    const changedMs = entry.isFile() ? await changedAt(join(folder, entry.name)) : null;
    if (changedMs === null || at.getTime() - changedMs < STRAY_MS) continue;
    names.push(entry.name);
    if (names.length >= AT_ONCE) await settle();
  }
  if (names.length > 0) await settle();
  return removed;
}

/** Milliseconds; null: it went meanwhile. */
async function changedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The documents of every case on record: for a demo that is made again. */
export async function removeCaseFiles(): Promise<void> {
  for await (const { attachments } of CaseModel.find({}, { attachments: 1 }).lean<CaseRecord[]>().cursor()) {
    await removeFiles(attachments);
  }
}

export function presentAttachment(record: Pick<CaseRecord, '_id'>, attachment: StoredAttachment): Attachment {
  return {
    id: String(attachment.id),
    kind: attachment.kind,
    title: decryptText(attachment.title, purpose(record._id, attachment.id)),
    mediaType: attachment.mediaType,
    bytes: attachment.bytes,
    addedAt: attachment.addedAt.toISOString(),
    addedBy: attachment.addedBy,
  };
}
