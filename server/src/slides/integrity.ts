import type { IntegrityState, SlideStorageReport } from '@relecture/shared/slides/integrity.js';
import { numbersOfCases } from '../cases/index.js';
import { transition } from '../events/index.js';
import { now } from '../platform/clock.js';
import { ProblemError } from '../platform/problem.js';
import { withWarning } from './advance.js';
import { desk } from './desk.js';
import { SlideRefusal } from './formats/refusal.js';
import { SlideModel, type SlideRecord } from './model.js';
import { FEW, misplaced } from './place.js';
import { hashStored, storedFile } from './stored-file.js';

/**
 * Whether stored slides are still what was stored. Each is read from end to end and compared with the hash written
 * down when it was put away, those that were not compared for longest first, so many a night that each has its turn in
 * INTEGRITY_DAYS. Nothing is mended: somebody has to bring the file back from a backup.
 */

const READABLE = { status: 'ready' } as const;
const SHOWN = 100;

export interface Comparing {
  readonly isStopped?: () => boolean;
  /** After each slide. */
  readonly onCompared?: (slideId: string) => Promise<void>;
}

/** Resolves to how many were compared, and how many of them are not what they were. */
export async function verifySlides(
  limit: number,
  { isStopped = () => false, onCompared }: Comparing = {},
): Promise<{ compared: number; troubled: number }> {
  const slides = SlideModel.find({ ...READABLE, 'place.sha256': { $type: 'string' } })
    .sort({ 'integrity.at': 1 })
    .limit(limit)
    .lean<SlideRecord[]>();
  let compared = 0;
  let troubled = 0;
  for await (const slide of slides.cursor({ batchSize: FEW })) {
    if (isStopped()) break;
    const state = await compare(slide);
    if (await writeDown(slide, state)) compared += 1;
    if (state !== 'intact') troubled += 1;
    await onCompared?.(String(slide._id));
  }
  if (troubled > 0) desk().log.error({ compared, troubled }, 'stored slides are not what was stored');
  else if (compared > 0) desk().log.info({ compared }, 'stored slides compared');
  return { compared, troubled };
}

/** A night's share: each slide once in INTEGRITY_DAYS. */
export async function nightlyShare(): Promise<number> {
  return Math.ceil((await SlideModel.countDocuments(READABLE)) / desk().integrityDays);
}

async function compare(slide: SlideRecord): Promise<IntegrityState> {
  try {
    const { sha256 } = await hashStored(await storedFile(slide));
    return sha256 === slide.place?.sha256 ? 'intact' : 'damaged';
  } catch (error) {
    // Shorter, or altered under its seal; a store that does not answer is heard by whoever asked.
    if (error instanceof SlideRefusal) return error.message.endsWith('ENOENT') ? 'missing' : 'damaged';
    throw error;
  }
}

/** False when the slide moved, went or changed while it was read: the next night looks again. */
async function writeDown(slide: SlideRecord, state: IntegrityState): Promise<boolean> {
  const integrity = { state, at: now() };
  const was = slide.integrity?.state ?? 'intact';
  if ((was === 'intact') === (state === 'intact')) {
    const { matchedCount } = await SlideModel.updateOne(
      { _id: slide._id, ...READABLE, 'place.at': slide.place?.at },
      { $set: { integrity } },
    );
    return matchedCount > 0;
  }
  try {
    await transition<SlideRecord>({
      kind: 'slide',
      id: slide._id,
      event: state === 'intact' ? 'slide.restored' : 'slide.damaged',
      from: ['ready'],
      to: 'same',
      party: 'same',
      by: null,
      params: { caseId: String(slide.caseId), state },
      set: { integrity, warnings: withWarning(slide, 'stored_copy_damaged', state !== 'intact') },
      version: slide.version,
      where: { 'place.at': slide.place?.at ?? null },
    });
    return true;
  } catch (error) {
    if (error instanceof ProblemError) return false;
    throw error;
  }
}

export async function reportStorage(): Promise<SlideStorageReport> {
  const count = async (filter: Record<string, unknown>) => await SlideModel.countDocuments(filter as never);
  const oldest = await SlideModel.findOne(
    { ...READABLE, 'integrity.at': { $type: 'date' } },
    { integrity: 1 },
  )
    .sort({ 'integrity.at': 1 })
    .lean<SlideRecord>();
  const troubled = await SlideModel.find(
    { ...READABLE, 'integrity.state': { $in: ['damaged', 'missing'] } },
    { caseId: 1, integrity: 1 },
  )
    .limit(SHOWN)
    .lean<SlideRecord[]>();
  const numbers = await numbersOfCases(troubled.map(({ caseId }) => String(caseId)));
  return {
    where: desk().where,
    atRest: desk().atRest,
    slides: await count(READABLE),
    remote: await count({ ...READABLE, 'place.where': 's3' }),
    sealed: await count({ ...READABLE, 'place.form': 'sealed' }),
    waiting: await count(misplaced()),
    everyDays: desk().integrityDays,
    intact: await count({ ...READABLE, 'integrity.state': 'intact' }),
    unchecked: await count({ ...READABLE, 'integrity.at': null }),
    oldestAt: oldest?.integrity?.at.toISOString() ?? null,
    troubles: troubled
      .flatMap(({ _id, caseId, integrity }) =>
        integrity
          ? {
              slideId: String(_id),
              caseId: String(caseId),
              caseNumber: numbers.get(String(caseId)) ?? null,
              state: integrity.state,
              at: integrity.at.toISOString(),
            }
          : [],
      )
      .toSorted((a, b) => (a.at < b.at ? 1 : -1)),
  };
}
