import { rm, stat } from 'node:fs/promises';
import { SLIDE_LIMITS } from '@relecture/shared/slides/schema.js';
import type { AnyKeys } from 'mongoose';
import { findCase, takesMaterial } from '../cases/index.js';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import { ProblemError } from '../platform/problem.js';
import {
  addStagedSlide,
  hasRoomFor,
  identifySlideFile,
  isHeldBy,
  readBarcodes,
  readDicomFacts,
  SlideRefusal,
} from '../slides/index.js';
import { principalOfPerson } from '../users/index.js';
import { findCaseOf, idsOf } from './find-case.js';
import { ArrivalModel, type ArrivalRecord, SourceModel, type SourceRecord } from './model.js';
import { dropStaged, openPlain, pack, stage, stagedNames, stagedPath } from './staging.js';
import { inFolder, type TakenFrom } from './watched-folder.js';

/** Writes what a step found while the arrival is in the state in which it began; null when somebody moved it on. */
async function advance(
  arrival: ArrivalRecord,
  set: AnyKeys<ArrivalRecord>,
  unset: Record<string, 1> = {},
): Promise<ArrivalRecord | null> {
  return await ArrivalModel.findOneAndUpdate(
    { _id: arrival._id, state: arrival.state },
    { $set: set, ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}) },
    { returnDocument: 'after' },
  ).lean<ArrivalRecord>();
}

/** Copies the files out of the organisation's folder, through their hash. Begun anew after a crash. */
export async function takeFromFolder(arrival: ArrivalRecord): Promise<ArrivalRecord | null> {
  const settings = await SourceModel.findById(arrival.organisationId).lean<SourceRecord>();
  const place = JSON.parse(arrival.place) as TakenFrom;
  const root = settings?.folder.active ? await inFolder(settings.folder.path) : null;
  if (root === null || typeof root === 'string') return await forget(arrival);
  if (!(await hasRoomFor(arrival.bytes))) throw new ProblemError('STORAGE_FULL');
  await dropStaged(arrival.storageKey);
  let received = 0;
  let sha256: string | null = null;
  for (const file of place.files) {
    const path = root.resolve(file.from);
    try {
      const before = await stat(path);
      const written = await stage(await openPlain(path), arrival.storageKey, file.as, SLIDE_LIMITS.fileBytes);
      const after = await stat(path);
      // Somebody writes on it: it is taken when it is quiet again.
      if (after.mtimeMs !== before.mtimeMs || written.bytes !== file.bytes || after.size !== file.bytes)
        return await forget(arrival);
      received += written.bytes;
      sha256 = place.files.length === 1 ? written.sha256 : null;
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return await forget(arrival);
      throw error;
    }
    await ArrivalModel.updateOne({ _id: arrival._id }, { $set: { received } });
  }
  const whole = await wait(arrival, { received, sha256 });
  if (whole && settings?.folder.removeTaken) {
    for (const file of place.files) await rm(root.resolve(file.from), { force: true });
  }
  return whole;
}

/** It went, or changes still: as if it had not been seen. */
async function forget(arrival: ArrivalRecord): Promise<null> {
  await ArrivalModel.deleteOne({ _id: arrival._id, state: 'arriving' });
  await dropStaged(arrival.storageKey);
  return null;
}

/** Everything is here: looks whether it opens, and whose it is. */
export async function wait(
  arrival: ArrivalRecord,
  set: Partial<Pick<ArrivalRecord, 'received' | 'sha256'>>,
): Promise<ArrivalRecord | null> {
  const names = await stagedNames(arrival.storageKey);
  const [first] = names;
  if (first === undefined) return await forget(arrival);
  const path = stagedPath(arrival.storageKey, first);
  const dicom = await readDicomFacts(path).catch(nothingOf);
  if (names.length === 1 && !dicom) {
    const refusal = await identifySlideFile(path).then(() => null, refusalOf);
    if (refusal) return await refuse(arrival, refusal);
  }
  const clues = [
    arrival.clues,
    arrival.source === 'stow' ? '' : dicom ? dicom.clues.join('\n') : (await readBarcodes(path)).join('\n'),
  ]
    .filter(Boolean)
    .join('\n');
  const found = await findCaseOf({ ...arrival, clues });
  const [only] = found.cases;
  const duplicate = set.sha256 ? await isKnown(arrival, set.sha256) : false;
  const facts = {
    ...set,
    clues,
    bytes: await stagedBytes(arrival.storageKey, names),
    files: names.length,
    filesHere: names.length,
    duplicate,
    stain: arrival.stain || found.stain,
    block: arrival.block || found.block,
    proposed: idsOf(found.cases),
    updatedAt: now(),
  };
  await recordAccess({
    actorId: null,
    action: 'arrival.taken',
    recordKind: 'arrival',
    recordId: String(arrival._id),
  });
  // A person chose the case beforehand, or the name speaks of one case only.
  if (arrival.caseId) return await advance(arrival, { ...facts, state: 'attaching' });
  const mine = only && found.cases.length === 1 && !duplicate ? only._id : null;
  return await advance(arrival, { ...facts, state: mine ? 'attaching' : 'waiting', caseId: mine });
}

async function stagedBytes(key: string, names: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const name of names) bytes += (await stat(stagedPath(key, name))).size;
  return bytes;
}

const nothingOf = (error: unknown): null => {
  if (error instanceof SlideRefusal) return null;
  throw error;
};

function refusalOf(error: unknown): SlideRefusal {
  if (error instanceof SlideRefusal && error.code !== 'SLIDE_UNREADABLE_FILE') return error;
  throw error;
}

/** Nothing of a file that is no slide is kept; that it came is. */
export async function refuse(
  arrival: ArrivalRecord,
  { code, params }: SlideRefusal,
): Promise<ArrivalRecord | null> {
  await dropStaged(arrival.storageKey);
  return await advance(arrival, { state: 'refused', refusal: { code, params }, updatedAt: now() });
}

async function isKnown({ _id, organisationId }: ArrivalRecord, sha256: string): Promise<boolean> {
  const twin = await ArrivalModel.exists({
    _id: { $ne: _id },
    organisationId,
    sha256,
    state: { $in: ['waiting', 'attaching'] },
  });
  return twin !== null || (await isHeldBy(sha256, String(organisationId)));
}

const NO_ROOM = ['INVALID_INPUT', 'FILE_TOO_LARGE', 'STORAGE_QUOTA_REACHED'];

/** Makes it a slide of its case; can be repeated. Back to the tray when the case takes none any more. */
export async function attachToCase(arrival: ArrivalRecord): Promise<ArrivalRecord | null> {
  const caseRecord = arrival.caseId ? await findCase(arrival.caseId) : null;
  const mine =
    caseRecord &&
    String(caseRecord.organisationId) === String(arrival.organisationId) &&
    takesMaterial(caseRecord);
  if (!mine) return await advance(arrival, { state: 'waiting', caseId: null, attachedBy: null });
  const by = arrival.attachedBy ? await principalOfPerson(arrival.attachedBy) : null;
  try {
    const packed = await packOnce(arrival);
    const { stain, block, storageKey } = arrival;
    const slide = await addStagedSlide(caseRecord, { ...packed, storageKey, stain, block }, by);
    const done = await advance(
      arrival,
      { state: 'attached', slideId: slide._id, sha256: packed.sha256, updatedAt: now() },
      // A series may send more later: that is another arrival. A file of a folder is never taken again.
      arrival.source === 'folder' ? {} : { origin: 1 },
    );
    await dropStaged(storageKey);
    await recordAccess({
      actorId: by?.id ?? null,
      action: 'arrival.attached',
      recordKind: 'case',
      recordId: String(caseRecord._id),
    });
    return done;
  } catch (error) {
    if (!(error instanceof ProblemError) || !NO_ROOM.includes(error.code)) throw error;
    // The case or the house is full: whoever attaches it by hand is told so.
    return await advance(arrival, { state: 'waiting', caseId: null, attachedBy: null });
  }
}

/** After a crash the file may be on its way into the slides already: then what was written of it stands. */
async function packOnce(arrival: ArrivalRecord): Promise<{ path: string; bytes: number; sha256: string }> {
  try {
    const packed = await pack(arrival.storageKey);
    await ArrivalModel.updateOne(
      { _id: arrival._id },
      { $set: { sha256: packed.sha256, bytes: packed.bytes } },
    );
    return packed;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT' || arrival.sha256 === null) throw error;
    return { path: stagedPath(arrival.storageKey, 'gone'), bytes: arrival.bytes, sha256: arrival.sha256 };
  }
}
