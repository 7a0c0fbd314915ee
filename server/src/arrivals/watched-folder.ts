import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import type { ArrivalSettingsAnswer } from '@relecture/shared/arrivals/schema.js';
import { arrivalDesk } from './desk.js';

export type FolderTrouble = NonNullable<ArrivalSettingsAnswer['folderTrouble']>;

export interface WatchedFolder {
  readonly root: string;
  resolve(inside: string): string;
}

/** Deeper than a scanner's day and case folders nobody looks; more files than this are no scanner's folder. */
const MAX_DEPTH = 5;
const MAX_FILES = 20_000;

/** The folder of an organisation, by its setting: inside WATCH_ROOT, links followed and looked at again. */
export async function inFolder(path: string): Promise<WatchedFolder | FolderTrouble> {
  const { watchRoot } = arrivalDesk();
  if (watchRoot === null) return 'outside';
  try {
    const allowed = await realpath(watchRoot);
    const root = await realpath(resolve(watchRoot, path));
    if (root !== allowed && !root.startsWith(allowed + sep)) return 'outside';
    return { root, resolve: (inside) => within(root, inside) };
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    return code === 'EACCES' || code === 'EPERM' ? 'forbidden' : 'unreadable';
  }
}

function within(root: string, inside: string): string {
  const path = resolve(root, inside);
  if (!path.startsWith(root + sep)) throw new Error('outside of the folder');
  return path;
}

export interface SeenFile {
  /** From the folder. */
  readonly from: string;
  readonly bytes: number;
  readonly changedMs: number;
}

export interface TakenFrom {
  /** What each file is called here: nothing of the sender's names. */
  readonly files: ReadonlyArray<{ from: string; as: string; bytes: number }>;
}

/** Every plain file; links, hidden and unfinished ones are passed by. */
export async function listFiles({ root }: WatchedFolder): Promise<SeenFile[]> {
  const found: SeenFile[] = [];
  const visit = async (folder: string, depth: number): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (found.length >= MAX_FILES) return;
      if (entry.name.startsWith('.') || /\.(part|tmp|crdownload|filepart)$/i.test(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && depth < MAX_DEPTH) await visit(path, depth + 1);
      if (!entry.isFile()) continue;
      const facts = await lstat(path).catch(goneOr);
      if (facts?.isFile())
        found.push({ from: relative(root, path), bytes: facts.size, changedMs: facts.mtimeMs });
    }
  };
  await visit(root, 0);
  return found;
}

/** Taken away while we looked. */
function goneOr(error: unknown): null {
  if ((error as { code?: unknown }).code === 'ENOENT') return null;
  throw error;
}

export interface Unit {
  /** The file that names it. */
  readonly main: string;
  readonly files: readonly SeenFile[];
  /** How each file is called here. */
  readonly as: (file: SeenFile) => string;
}

/** MIRAX: a file and the folder of the same name. VMS: everything in its folder. All others: each file alone. */
export function unitsOf(files: readonly SeenFile[]): Unit[] {
  const units: Unit[] = [];
  const used = new Set<SeenFile>();
  const bare = (path: string) => join(dirname(path), basename(path, extname(path)));
  for (const file of files) {
    const ending = extname(file.from).toLowerCase();
    if (ending === '.mrxs') {
      const companions = files.filter(({ from }) => from.startsWith(bare(file.from) + sep));
      for (const each of [file, ...companions]) used.add(each);
      if (companions.length === 0) continue;
      units.push({
        main: file.from,
        files: [file, ...companions],
        as: (each) => (each === file ? 'slide.mrxs' : join('slide', relative(bare(file.from), each.from))),
      });
    }
    if (ending === '.vms') {
      const all = files.filter(({ from }) => dirname(from) === dirname(file.from));
      for (const each of all) used.add(each);
      units.push({ main: file.from, files: all, as: (each) => basename(each.from) });
    }
  }
  const alone = files.filter((file) => !used.has(file));
  return [...units, ...alone.map((file) => ({ main: file.from, files: [file], as: () => 'slide' }))];
}
