import { linkSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './root.mjs';

const beatEveryMs = 2000;
const silentForMs = 20_000;

/** Two commands started at once on one clone must not install or build over each other. */
export async function withSetupLock(work, directory = root) {
  const lockPath = join(directory, '.setup.lock');
  let told = false;
  while (!takeLock(lockPath)) {
    if (!told) {
      console.error(
        'Une autre commande installe ou construit ici, on attend. / Another command is installing or building here, waiting.',
      );
      told = true;
    }
    await pause(500);
  }
  const beat = setInterval(() => utimesSync(lockPath, new Date(), new Date()), beatEveryMs);
  const release = () => {
    clearInterval(beat);
    rmSync(lockPath, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

function takeLock(lockPath) {
  // Written aside, then linked: nobody ever reads a lock without its holder.
  const aside = `${lockPath}.${process.pid}`;
  writeFileSync(aside, String(process.pid));
  try {
    linkSync(aside, lockPath);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  if (isHeld(lockPath)) return false;
  // Its holder was killed: a stale lock never blocks a start.
  rmSync(lockPath, { force: true });
  return takeLock(lockPath);
}

/** By a process that lives and beats: in a restarted container the old number may be another's, or our own. */
function isHeld(lockPath) {
  try {
    if (Date.now() - statSync(lockPath).mtimeMs > silentForMs) return false;
    process.kill(Number(readFileSync(lockPath, 'utf8')), 0);
    return true;
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return false;
    if (error.code === 'EPERM') return true;
    throw error;
  }
}
