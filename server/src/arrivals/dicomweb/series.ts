import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { SLIDE_LIMITS } from '@relecture/shared/slides/schema.js';
import type { Types } from 'mongoose';
import { now } from '../../platform/clock.js';
import { type DicomFacts, readDicomFacts, SlideRefusal } from '../../slides/index.js';
import { arrivalDesk, originOf } from '../desk.js';
import { ArrivalModel, type ArrivalRecord } from '../model.js';
import { wait } from '../prepare.js';
import { dropStaged, moveStaged, newKey, stage, stagedNames, stagedPath } from '../staging.js';

/** One file of a series: its instance, which is its name here; sent again, it is the same file. */
export const nameOf = (instance: string): string =>
  `${createHash('sha256').update(instance).digest('hex').slice(0, 32)}.dcm`;

export const hasInstance = async (key: string, instance: string): Promise<boolean> =>
  (await stagedNames(key).catch(noneYet)).includes(nameOf(instance));

const noneYet = (error: unknown): string[] => {
  if ((error as { code?: unknown }).code === 'ENOENT') return [];
  throw error;
};

/** Why an instance was not taken: PS3.18 table 10.5.1-1, as STOW-RS answers it. */
export const FAILURE = { notUnderstood: 0xc000, classNotSupported: 0x0122, otherStudy: 0xa900 } as const;

const WHOLE_SLIDE = '1.2.840.10008.5.1.4.1.1.77.1.6';

export interface Received {
  readonly facts: DicomFacts | null;
  readonly failure: number | null;
  readonly arrivalId: Types.ObjectId | null;
}

/** Takes one instance to the disk and to its series: whatever the order and the number of requests, one arrival. */
export async function receiveInstance(
  source: Readable,
  organisationId: Types.ObjectId,
  study: string | null,
): Promise<Received> {
  const key = newKey();
  try {
    const { bytes } = await stage(source, key, 'instance', SLIDE_LIMITS.fileBytes);
    const facts = await readDicomFacts(stagedPath(key, 'instance')).catch(noDicom);
    if (!facts || facts.series === '' || facts.instance === '')
      return { facts, failure: FAILURE.notUnderstood, arrivalId: null };
    if (facts.sopClass !== WHOLE_SLIDE) return { facts, failure: FAILURE.classNotSupported, arrivalId: null };
    if (study !== null && facts.study !== study)
      return { facts, failure: FAILURE.otherStudy, arrivalId: null };
    const arrival = await openSeries(facts, organisationId);
    if (!(await hasInstance(arrival.storageKey, facts.instance))) {
      await moveStaged(stagedPath(key, 'instance'), arrival.storageKey, nameOf(facts.instance));
      await ArrivalModel.updateOne({ _id: arrival._id }, { $inc: { files: 1, bytes, received: bytes } });
    }
    await ArrivalModel.updateOne({ _id: arrival._id }, { $set: { updatedAt: now() } });
    return { facts, failure: null, arrivalId: arrival._id };
  } finally {
    await dropStaged(key);
  }
}

const noDicom = (error: unknown): null => {
  if (error instanceof SlideRefusal) return null;
  throw error;
};

/** The arrival of this series that is still open; one that lies in the tray is opened again by a late instance. */
async function openSeries(facts: DicomFacts, organisationId: Types.ObjectId): Promise<ArrivalRecord> {
  const origin = originOf(String(organisationId), 'stow', facts.series);
  const at = now();
  const reopened = await ArrivalModel.findOneAndUpdate(
    { origin, state: { $in: ['arriving', 'waiting'] } },
    { $set: { state: 'arriving', updatedAt: at } },
    { returnDocument: 'after' },
  ).lean<ArrivalRecord>();
  if (reopened) return reopened;
  // One that is being attached, or was refused or put away, is closed: what comes now is another one.
  await ArrivalModel.updateOne({ origin }, { $unset: { origin: 1 } });
  try {
    await ArrivalModel.create({
      organisationId,
      source: 'stow',
      state: 'arriving',
      origin,
      name: facts.description,
      clues: facts.clues.join('\n'),
      storageKey: newKey(),
      createdAt: at,
      updatedAt: at,
    } satisfies Partial<ArrivalRecord>);
  } catch (error) {
    // Two instances of a series at once.
    if ((error as { code?: unknown }).code !== 11000) throw error;
  }
  const made = await ArrivalModel.findOne({ origin }).lean<ArrivalRecord>();
  if (!made) throw new Error('a series that was closed while it was opened');
  return made;
}

/** Nothing has come for a while: the series is whole. */
export async function closeQuietSeries(arrival: ArrivalRecord): Promise<ArrivalRecord | null> {
  if (Date.now() - arrival.updatedAt.getTime() < arrivalDesk().quietMs) return null;
  return await wait(arrival, { received: arrival.received });
}
