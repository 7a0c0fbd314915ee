import { rm } from 'node:fs/promises';
import { Types } from 'mongoose';
import { transition } from '../events/index.js';
import { now } from '../platform/clock.js';
import { desk } from './desk.js';
import { SlideModel, type SlideRecord } from './model.js';

/**
 * What the rules of an organisation do to its slides once their case is signed. When that is so is not known here: the
 * reviews come later in the path (retention).
 */

/** Cases of an organisation whose slides can still be read. */
export async function casesWithSlides(organisationId: Types.ObjectId): Promise<Types.ObjectId[]> {
  const found = await SlideModel.aggregate<{ _id: Types.ObjectId }>([
    { $match: { organisationId: new Types.ObjectId(organisationId), status: 'ready' } },
    { $group: { _id: '$caseId' } },
  ]);
  return found.map(({ _id }) => _id);
}

/** The photographs of the glass go, and what was read from them; that the label was compared stays. Idempotent. */
export async function destroyLabels(slide: SlideRecord): Promise<void> {
  if (slide.status !== 'ready' || !slide.associated || slide.associated.length === 0) return;
  await transition<SlideRecord>({
    kind: 'slide',
    id: slide._id,
    event: 'slide.labels-destroyed',
    from: ['ready'],
    to: 'same',
    party: 'same',
    by: null,
    params: { caseId: String(slide.caseId) },
    set: {
      associated: [],
      labelsDestroyedAt: now(),
      ...(slide.label ? { label: { ...slide.label, codes: [], says: '' } } : {}),
    },
    version: slide.version,
  });
}

/** The files, once it is written down that they go (events.ts). Can be repeated. */
export async function removeLabels({ storageKey }: SlideRecord): Promise<void> {
  for (const name of ['label', 'macro'] as const) {
    await rm(desk().storage.sealed(storageKey, name), { force: true });
  }
}

/** The bytes go with the event (events.ts); the record says by which rule. */
export async function purgeSlide(
  slide: SlideRecord,
  rule: { months: number; organisation: string },
): Promise<void> {
  if (slide.status !== 'ready') return;
  await transition<SlideRecord>({
    kind: 'slide',
    id: slide._id,
    event: 'slide.purged',
    from: ['ready'],
    to: 'purged',
    party: 'none',
    by: null,
    params: { caseId: String(slide.caseId), months: rule.months },
    set: { purge: { at: now(), ...rule }, associated: [] },
    version: slide.version,
  });
}
