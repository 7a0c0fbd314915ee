import { dirname } from 'node:path';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import { identifySlideFile, readDicomFacts, SlideRefusal } from '../slides/index.js';
import { arrivalDesk, originOf } from './desk.js';
import { ArrivalModel, type ArrivalRecord, SourceModel, type SourceRecord } from './model.js';
import { newKey } from './staging.js';
import {
  type FolderTrouble,
  inFolder,
  listFiles,
  type SeenFile,
  type Unit,
  unitsOf,
  type WatchedFolder,
} from './watched-folder.js';
import { beginWork } from './work.js';

/**
 * Looks into the folders by listing them. Notifications of the file system (fs.watch) do not come from a network
 * share, where scanners write, and miss what happened while the server was down; a listing sees both.
 */

interface Sighting {
  readonly state: string;
  readonly since: number;
  /** Nothing more to do with it as it is. */
  settled: boolean;
}

const sightings = new Map<string, Sighting>();
const troubles = new Map<string, FolderTrouble>();
/** A file that does not open may still be written slowly: so many times the quiet time it is asked again. */
const PATIENCE = 10;
/** Files beside slides (reports, thumbnails, thumbs.db) are nobody's business. */
const NO_SLIDE = new Set(['SLIDE_NOT_A_SLIDE', 'SLIDE_EMPTY_FILE', 'SLIDE_TOO_SMALL']);

export const folderTroubleOf = (organisationId: string): FolderTrouble | null =>
  troubles.get(organisationId) ?? null;

export function forgetSightings(): void {
  sightings.clear();
  troubles.clear();
}

export async function lookAtFolders(): Promise<void> {
  const seen = new Set<string>();
  for await (const source of SourceModel.find({ 'folder.active': true }).lean<SourceRecord[]>().cursor()) {
    const organisation = String(source._id);
    try {
      const folder = await inFolder(source.folder.path);
      if (typeof folder === 'string') troubles.set(organisation, folder);
      else {
        await lookAt(source, folder, seen);
        troubles.delete(organisation);
      }
    } catch (error) {
      // A share that does not answer today may do so tomorrow; the settings' page says so meanwhile.
      troubles.set(organisation, 'unreadable');
      const { name, code } = error as { name?: string; code?: unknown };
      arrivalDesk().log.warn(
        { organisationId: organisation, error: name, code: String(code ?? '') },
        'folder not read',
      );
    }
  }
  for (const origin of sightings.keys()) if (!seen.has(origin)) sightings.delete(origin);
}

async function lookAt(source: SourceRecord, folder: WatchedFolder, seen: Set<string>): Promise<void> {
  const units = unitsOf(await listFiles(folder));
  const quiet = new Set<Unit>();
  for (const unit of units) {
    const origin = originOf(String(source._id), unit.main);
    seen.add(origin);
    if (isQuiet(origin, unit)) quiet.add(unit);
  }
  const byFolder = new Map<string, Unit[]>();
  for (const unit of units)
    byFolder.set(dirname(unit.main), [...(byFolder.get(dirname(unit.main)) ?? []), unit]);
  for (const unit of quiet) {
    const sighting = sightings.get(originOf(String(source._id), unit.main));
    if (!sighting || sighting.settled) continue;
    const together = byFolder.get(dirname(unit.main)) ?? [];
    const patient = Date.now() - sighting.since < arrivalDesk().quietMs * PATIENCE;
    sighting.settled = await offer(source, folder, unit, together, quiet, patient);
  }
}

/** Unchanged, by size and time of change, since the last look and for the quiet time. */
function isQuiet(origin: string, { files }: Unit): boolean {
  const state = files.map(({ from, bytes, changedMs }) => `${from}\0${bytes}\0${changedMs}`).join('\n');
  const before = sightings.get(origin);
  if (before?.state !== state) {
    sightings.set(origin, { state, since: Date.now(), settled: false });
    return false;
  }
  return Date.now() - before.since >= arrivalDesk().quietMs;
}

/** Takes a quiet file when it opens. True: settled, until it changes. */
async function offer(
  source: SourceRecord,
  folder: WatchedFolder,
  unit: Unit,
  together: readonly Unit[],
  quiet: ReadonlySet<Unit>,
  patient: boolean,
): Promise<boolean> {
  try {
    const [main] = unit.files;
    if (!main) return true;
    if (unit.files.length === 1) {
      const path = folder.resolve(main.from);
      const dicom = await readDicomFacts(path);
      if (dicom) {
        // The instances of a series lie in one folder: none is taken before the last of them is quiet.
        if (together.some((each) => !quiet.has(each))) return false;
        const instances = await instancesOf(folder, together, dicom.series);
        await take(
          source,
          {
            main: dirname(main.from) === '.' ? main.from : dirname(main.from),
            files: instances,
            as: (file) => `${instances.indexOf(file)}.dcm`,
          },
          dicom.series,
        );
        return true;
      }
      await identifySlideFile(path);
    }
    await take(source, unit, '');
    return true;
  } catch (error) {
    if (!(error instanceof SlideRefusal)) throw error;
    if (NO_SLIDE.has(error.code)) return true;
    if (patient) return false;
    await take(source, unit, '', error);
    return true;
  }
}

async function instancesOf(
  folder: WatchedFolder,
  together: readonly Unit[],
  series: string,
): Promise<SeenFile[]> {
  const found: SeenFile[] = [];
  for (const { files } of together) {
    const [file] = files;
    if (!file || files.length > 1) continue;
    const facts = await readDicomFacts(folder.resolve(file.from)).catch((error: unknown) => {
      if (error instanceof SlideRefusal) return null;
      throw error;
    });
    if (facts?.series === series) found.push(file);
  }
  return found;
}

/** Once: a unique key on where it lies and how it is. */
async function take(source: SourceRecord, unit: Unit, series: string, refusal?: SlideRefusal): Promise<void> {
  const at = now();
  const bytes = unit.files.reduce((sum, file) => sum + file.bytes, 0);
  const state = unit.files
    .map(({ from, bytes: size, changedMs }) => `${from}\0${size}\0${changedMs}`)
    .sort()
    .join('\n');
  const place = {
    files: unit.files.map((file) => ({ from: file.from, as: unit.as(file), bytes: file.bytes })),
  };
  const origin = originOf(String(source._id), 'folder', series, state);
  if (await ArrivalModel.exists({ origin })) return;
  try {
    const made = await ArrivalModel.create({
      organisationId: source._id,
      source: 'folder',
      state: refusal ? 'refused' : 'arriving',
      refusal: refusal ? { code: refusal.code, params: refusal.params } : null,
      origin,
      name: unit.main,
      place: JSON.stringify(place),
      storageKey: newKey(),
      files: unit.files.length,
      bytes,
      createdAt: at,
      updatedAt: at,
    } satisfies Partial<ArrivalRecord>);
    await recordAccess({
      actorId: null,
      action: 'arrival.seen',
      recordKind: 'arrival',
      recordId: String(made._id),
    });
    if (!refusal) beginWork(made._id);
  } catch (error) {
    // Another process saw it first.
    if ((error as { code?: unknown }).code !== 11000) throw error;
  }
}
