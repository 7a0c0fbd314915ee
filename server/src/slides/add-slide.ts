import { rename, stat } from 'node:fs/promises';
import type { Language } from '@relecture/shared/http/page.js';
import { describeSlideRefusal } from '@relecture/shared/slides/refusals.js';
import type { CaseRecord } from '../cases/index.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { checkNow } from './check-jobs.js';
import { desk } from './desk.js';
import { SlideRefusal } from './formats/refusal.js';
import { rejectSlide } from './ingest.js';
import { ingestNow, scheduleIngest } from './ingest-jobs.js';
import type { SlideRecord } from './model.js';
import { admitSlide, receiveWhole, type SlideLabels } from './receive.js';
import type { ReceivedFile } from './receive-multipart.js';
import { getSlide, isKnownFile } from './service.js';
import { hashFile } from './storage/hash-file.js';

/**
 * A file that came in one request. What it is can be told at once, so a file that is no slide is refused in the
 * answer itself; it stays on the sender's list as rejected, with the same reason.
 * @throws {ProblemError} SLIDE_REFUSED with `params.refusal` (stable code) and words in `fields`
 */
export async function addSlide(
  caseRecord: CaseRecord,
  file: ReceivedFile,
  labels: SlideLabels,
  principal: Principal,
  language: Language,
): Promise<SlideRecord> {
  const refusal = await refusalOf(desk().storage.incoming(file.storageKey));
  const slide = await receiveWhole(caseRecord, principal, { ...file, ...labels });
  if (refusal) {
    await rejectSlide(slide, refusal);
    throw refusedProblem(slide, refusal, language);
  }
  await scheduleIngest(slide);
  return slide;
}

/** When the work fails before there is a record, nobody else would ever clear the file away. */
export async function dropReceived<T>(file: ReceivedFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(await isKnownFile(file.storageKey))) await desk().storage.remove(file.storageKey);
    throw error;
  }
}

async function refusalOf(path: string): Promise<SlideRefusal | null> {
  try {
    await desk().decoders.run('identify', path);
    return null;
  } catch (error) {
    // A disk that does not answer is not the file's fault: the job tries again.
    if (error instanceof SlideRefusal) return error.code === 'SLIDE_UNREADABLE_FILE' ? null : error;
    throw error;
  }
}

function refusedProblem(slide: SlideRecord, refusal: SlideRefusal, language: Language): ProblemError {
  const { reason, advice } = describeSlideRefusal(refusal, language);
  return new ProblemError('SLIDE_REFUSED', {
    params: { refusal: refusal.code, slideId: String(slide._id), reason, advice, ...refusal.params },
    fields: [{ path: 'slide', code: refusal.code, message: `${reason} ${advice}` }],
  });
}

export interface LocalSlide {
  readonly caseId: string;
  readonly stain?: string;
  readonly block?: string;
  readonly by: Principal;
  /** Takes the file itself instead of a copy. */
  readonly move?: boolean;
}

/** A file of this machine, by the same road; answers when it is `ready` or `rejected`. For the demo and commands. */
export async function ingestFile(
  path: string,
  { caseId, stain = '', block = '', by, move = false }: LocalSlide,
): Promise<SlideRecord> {
  const { storage } = desk();
  const caseRecord = await admitSlide(caseId, (await stat(path)).size, by);
  const storageKey = storage.newKey();
  const incoming = storage.incoming(storageKey);
  if (move) await rename(path, incoming);
  else await storage.take(path, storageKey);
  const file = { storageKey, ...(await hashFile(incoming)) };
  return await dropReceived(file, async () => {
    const slide = await receiveWhole(caseRecord, by, { ...file, stain, block });
    await ingestNow(slide._id);
    await checkNow(slide._id);
    return await getSlide(slide._id);
  });
}
