import { buffer } from 'node:stream/consumers';
import type { Types } from 'mongoose';
import { findCase } from '../cases/index.js';
import { transition } from '../events/index.js';
import { DecodingStoppedError } from './decoding/decoder.js';
import { desk } from './desk.js';
import type { FocusFindings } from './formats/focus.js';
import { examNumberOf, judgeLabel, NOTHING_READ } from './judge.js';
import { SlideModel, type SlideRecord } from './model.js';
import { storedFile } from './stored-file.js';

/** After so many tries the slide goes on without: what could not be measured is said to be unknown, and warns. */
const MAX_TRIES = 5;
/** Of files seen lately: one that is sent twice, and the few that the demonstration's cases share. */
const measured = new Map<string, FocusFindings>();
const MEASURED_KEPT = 50;
const UNKNOWN: FocusFindings = {
  tissueShare: null,
  blackShare: null,
  looked: 0,
  blurred: 0,
  map: { columns: 1, rows: 1, cells: ' ' },
};

/**
 * What takes longer than a sender should wait for a readable slide: where it is sharp, and what the code on its label
 * says. Can be repeated; rejects on troubles of ours, to be tried again.
 */
export async function checkReady(slideId: Types.ObjectId, isStopped: () => boolean): Promise<void> {
  const slide = await SlideModel.findOneAndUpdate(
    { _id: slideId, status: 'ready', checking: true },
    { $inc: { checkTries: 1 } },
    { returnDocument: 'after' },
  ).lean<SlideRecord>();
  if (!slide) return;
  const isLast = slide.checkTries >= MAX_TRIES;
  const focus = await orUnknown(isLast, UNKNOWN, () => focusOf(slide));
  if (isStopped()) throw new Error('stopped while a slide was checked');
  const codes = await orUnknown(isLast, [], () => codesOf(slide));
  await writeDown(slideId, focus, codes);
}

async function orUnknown<T>(isLast: boolean, unknown: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isLast || error instanceof DecodingStoppedError) throw error;
    const { name } = error as { name?: string };
    desk().log.warn({ error: name }, 'slide check given up');
    return unknown;
  }
}

async function focusOf(slide: SlideRecord): Promise<FocusFindings> {
  const known = measured.get(slide.sha256 ?? '');
  if (known) return known;
  const focus = await desk().decoders.run('focus', await storedFile(slide));
  if (slide.sha256 !== null) measured.set(slide.sha256, focus);
  const [oldest] = measured.keys();
  if (measured.size > MEASURED_KEPT && oldest !== undefined) measured.delete(oldest);
  return focus;
}

/** From the photograph of the label; else from that of the whole glass, which shows the label too. */
async function codesOf(slide: SlideRecord): Promise<string[]> {
  for (const name of ['label', 'macro'] as const) {
    if (!slide.associated?.includes(name)) continue;
    const photograph = await desk().labels.read(desk().storage.sealed(slide.storageKey, name));
    const codes = await desk().decoders.run('codes', await buffer(photograph));
    if (codes.length > 0) return codes;
  }
  return [];
}

/** What a person wrote about the slide meanwhile is judged with it. */
async function writeDown(slideId: Types.ObjectId, focus: FocusFindings, codes: string[]): Promise<void> {
  const slide = await SlideModel.findOne({
    _id: slideId,
    status: 'ready',
    checking: true,
  }).lean<SlideRecord>();
  if (!slide) return;
  const caseRecord = await findCase(slide.caseId);
  const read = { ...(slide.label ?? NOTHING_READ), codes };
  const label = { ...read, ...judgeLabel(read, slide.block, caseRecord ? examNumberOf(caseRecord) : '') };
  await transition<SlideRecord>({
    kind: 'slide',
    id: slideId,
    event: 'slide.checked',
    from: ['ready'],
    to: 'same',
    party: 'same',
    by: null,
    params: { caseId: String(slide.caseId) },
    set: { focus, label, checking: false },
    version: slide.version,
  });
}
