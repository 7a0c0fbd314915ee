import { createReadStream } from 'node:fs';
import type { SlideWarning } from '@relecture/shared/slides/warnings.js';
import type { Types } from 'mongoose';
import { transition } from '../events/index.js';
import { AntivirusUnavailableError } from '../platform/antivirus.js';
import { now } from '../platform/clock.js';
import { ProblemError } from '../platform/problem.js';
import { advance, isPast, withWarning } from './advance.js';
import { DecodingStoppedError } from './decoding/decoder.js';
import { deidentify } from './deidentify.js';
import { desk } from './desk.js';
import type { TileSample } from './formats/quality.js';
import { SlideRefusal } from './formats/refusal.js';
import type { IdentifiedFile } from './formats/slide.js';
import { dropLease, keepLease, takeLease } from './lease.js';
import { SlideModel, type SlideRecord } from './model.js';
import { hashFile } from './storage/hash-file.js';
import { exists } from './storage/slide-storage.js';

/** After so many beginnings a file is set aside: something in it, or in our way of reading it, does not work. */
const MAX_ATTEMPTS = 8;

/** `busy`: another process is at work on it. */
export type IngestOutcome = 'done' | 'busy';

/**
 * Takes a received slide to `ready` or `rejected`. Every step can be repeated and says when it is done, so that
 * after a crash the work goes on from the last one. Rejects on troubles of ours (disk, store): try again later.
 */
export async function ingestSlide(slideId: Types.ObjectId): Promise<IngestOutcome> {
  const taken = await takeLease(slideId);
  if (!taken) return isUnfinished(await statusOf(slideId)) ? 'busy' : 'done';
  const letGo = keepLease(slideId, (error) => logTrouble(slideId, error));
  try {
    await prepare(taken);
    return 'done';
  } catch (error) {
    return await settle(taken, error);
  } finally {
    letGo();
    await dropLease(slideId);
  }
}

async function prepare(taken: SlideRecord): Promise<void> {
  if (taken.attempts > MAX_ATTEMPTS) throw new SlideRefusal('SLIDE_UNREADABLE_FILE', {}, 'too many attempts');
  let slide = taken.status === 'processing' ? taken : await begin(taken);
  const { storage } = desk();
  await storage.adopt(slide.storageKey);
  slide = await verifyHash(slide);
  slide = await askAntivirus(slide);
  const identified = await identify(slide);
  slide = await deidentify(identified.slide, identified.reading);
  slide = await indexLevels(slide);
  slide = await checkQuality(slide);
  await transition<SlideRecord>({
    kind: 'slide',
    id: slide._id,
    event: 'slide.ready',
    from: ['processing'],
    to: 'ready',
    party: 'none',
    by: null,
    params: { caseId: String(slide.caseId) },
    set: { lease: null, checking: true },
    push: { steps: { step: 'ready', at: now() } },
  });
}

async function begin(slide: SlideRecord): Promise<SlideRecord> {
  return await transition<SlideRecord>({
    kind: 'slide',
    id: slide._id,
    event: 'slide.processing-started',
    from: ['received'],
    to: 'processing',
    party: 'same',
    by: null,
    params: { caseId: String(slide.caseId) },
  });
}

async function verifyHash(slide: SlideRecord): Promise<SlideRecord> {
  if (isPast(slide, 'hash_verified')) return slide;
  const { storage } = desk();
  const original = storage.original(slide.storageKey);
  if (!(await exists(original))) throw new SlideRefusal('SLIDE_UNREADABLE_FILE', {}, 'no file');
  // Known when every byte was hashed on its way to the disk; else the file is read once.
  const sha256 = slide.sha256 ?? (await hashFile(original)).sha256;
  const twin = await SlideModel.exists({
    caseId: slide.caseId,
    sha256,
    _id: { $ne: slide._id },
    status: { $nin: ['rejected', 'removed', 'purged'] },
  });
  return await advance(slide, 'hash_verified', {
    sha256,
    warnings: withWarning(slide, 'duplicate_in_case', twin !== null),
  });
}

/** Before anything reads the file. A daemon that does not answer is waited for, and the sender is told. */
async function askAntivirus(slide: SlideRecord): Promise<SlideRecord> {
  const { antivirus, storage, log } = desk();
  if (antivirus === null || isPast(slide, 'identified')) return slide;
  const wait = async (isWaiting: boolean) =>
    slide.warnings.includes('antivirus_waiting') === isWaiting
      ? slide
      : await advance(slide, null, { warnings: withWarning(slide, 'antivirus_waiting', isWaiting) });
  try {
    const verdict = await antivirus.scan(() => createReadStream(storage.original(slide.storageKey)));
    if (verdict === 'clean') return await wait(false);
  } catch (error) {
    if (error instanceof AntivirusUnavailableError) await wait(true);
    throw error;
  }
  log.warn({ slideId: String(slide._id) }, 'malicious software in a slide; the file is destroyed');
  throw new SlideRefusal('SLIDE_INFECTED');
}

/** `reading` is null when this was done before a crash: the next step then asks again. */
async function identify(
  slide: SlideRecord,
): Promise<{ slide: SlideRecord; reading: IdentifiedFile['reading'] | null }> {
  if (isPast(slide, 'identified')) return { slide, reading: null };
  const { storage, decoders } = desk();
  const found = await decoders.run('identify', storage.original(slide.storageKey));
  const { format, width, height, reading } = found;
  const warnings = [...new Set([...slide.warnings, ...(found.warnings ?? [])])];
  return { slide: await advance(slide, 'identified', { format, width, height, warnings }), reading };
}

async function indexLevels(slide: SlideRecord): Promise<SlideRecord> {
  if (isPast(slide, 'levels_indexed')) return slide;
  const { storage, decoders } = desk();
  const file = await decoders.run('describe', storage.slide(slide.storageKey));
  const { width, height, levels, mpp, mppSource, objective } = file;
  return await advance(slide, 'levels_indexed', {
    width,
    height,
    levels: [...levels],
    // A converted original told its scale before it was converted.
    ...(slide.mpp === null && mpp !== null ? { mpp, mppSource } : {}),
    ...(slide.objective === null ? { objective } : {}),
  });
}

async function checkQuality(slide: SlideRecord): Promise<SlideRecord> {
  if (isPast(slide, 'quality_checked')) return slide;
  const { storage, decoders } = desk();
  const quality = await decoders.run('quality', storage.slide(slide.storageKey));
  return await advance(slide, 'quality_checked', { quality, warnings: qualityWarnings(slide, quality) });
}

/** Warnings only: tissue may lie between the sampled tiles, and a person decides. */
function qualityWarnings(slide: SlideRecord, { blankShare, blackShare }: TileSample): SlideWarning[] {
  const warnings = withWarning(slide, 'blank', blankShare === 1);
  return withWarning({ warnings }, 'black', blackShare > 0.5);
}

/** What an error means for the slide: refused for good, gone, or tried again later. */
async function settle(slide: SlideRecord, error: unknown): Promise<IngestOutcome> {
  const status = await statusOf(slide._id);
  // Removed meanwhile: what we wrote since goes too.
  if (status === 'removed') await desk().storage.remove(slide.storageKey);
  if (!isUnfinished(status)) return 'done';
  const isOurTrouble =
    !(error instanceof SlideRefusal) ||
    // A disk that does not answer today may do so tomorrow.
    (error.code === 'SLIDE_UNREADABLE_FILE' && slide.attempts <= MAX_ATTEMPTS);
  if (!isOurTrouble) {
    await rejectSlide(slide, error);
    return 'done';
  }
  // Neither the file's fault nor an attempt.
  if (
    isDiskFull(error) ||
    error instanceof DecodingStoppedError ||
    error instanceof AntivirusUnavailableError
  )
    await SlideModel.updateOne({ _id: slide._id }, { $inc: { attempts: -1 } });
  throw error;
}

/** The bytes of a refused file go with it (events.ts): nobody has taken the names out of them. */
export async function rejectSlide(slide: SlideRecord, { code, params }: SlideRefusal): Promise<SlideRecord> {
  return await transition<SlideRecord>({
    kind: 'slide',
    id: slide._id,
    event: 'slide.rejected',
    from: ['received', 'processing'],
    to: 'rejected',
    party: 'submitter',
    by: null,
    params: { caseId: String(slide.caseId), refusal: code },
    set: { refusal: { code, params }, lease: null },
  });
}

async function statusOf(slideId: Types.ObjectId): Promise<SlideRecord['status'] | null> {
  const slide = await SlideModel.findById(slideId, { status: 1 }).lean<Pick<SlideRecord, 'status'>>();
  return slide?.status ?? null;
}

const isUnfinished = (status: SlideRecord['status'] | null): boolean =>
  status === 'received' || status === 'processing';

function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
  return code === 'ENOSPC' || code === 'STORAGE_FULL' || /no space left/i.test(inner);
}

/** Error names and codes only: a message may quote a path or a document. */
export function logTrouble(slideId: Types.ObjectId, error: unknown): void {
  const { name, code } = error as { name?: string; code?: unknown };
  if (error instanceof ProblemError && error.code === 'STATUS_CONFLICT') return;
  // The next start goes on with it.
  if (error instanceof DecodingStoppedError) return;
  desk().log.warn(
    { slideId: String(slideId), error: name, code: String(code ?? '') },
    'slide not prepared yet',
  );
}
