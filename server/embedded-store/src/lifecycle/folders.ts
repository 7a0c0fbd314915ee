import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { StoreError } from './errors.js';

const noteName = 'socket-path';
const prefix = 'relecture-';
/** The kernel's limit for a unix socket path is 107 bytes, and going over it fails with a misleading error. */
const maxSocketPath = 100;

/** The store's own folder inside the data folder, readable by its owner only. */
export function prepareDataFolder(dataDir: string): string {
  const folder = resolve(dataDir, 'store');
  try {
    makeFolders(folder);
    chmodSync(folder, 0o700);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const probe = join(folder, `.write-test-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new StoreError('STORE_UNWRITABLE', `The data folder ${dataDir} cannot be written (${reason}).`);
  }
  return folder;
}

/** Node's own recursive mkdir never returns where the system refuses with ENOENT, as under /proc. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolders(parent);
  mkdirSync(folder, { mode: 0o700 });
}

/** A short private folder for the socket; what an earlier start left behind is removed. */
export function prepareSocketFolder(folder: string): string {
  removeSocketFolder(folder);
  const roots = [tmpdir(), '/tmp'];
  const root = roots.find((candidate) => Buffer.byteLength(candidate) < maxSocketPath - 30);
  if (root === undefined)
    throw new StoreError('STORE_UNSUPPORTED', 'The temporary folder has too long a path for a socket.');
  const made = mkdtempSync(join(root, prefix));
  chmodSync(made, 0o700);
  writeFileSync(join(folder, noteName), made, { mode: 0o600 });
  return made;
}

/** The socket of the store that has this folder, or null. */
export function notedSocket(folder: string): string | null {
  try {
    return join(readFileSync(join(folder, noteName), 'utf8'), 'store.sock');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Only ever removes a folder this store made and noted. */
export function removeSocketFolder(folder: string): void {
  let noted: string;
  try {
    noted = readFileSync(join(folder, noteName), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (basename(noted).startsWith(prefix)) rmSync(noted, { recursive: true, force: true });
  rmSync(join(folder, noteName), { force: true });
}
