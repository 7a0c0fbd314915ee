import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './root.mjs';

const lockPath = join(root, '.setup.lock');

/** Two commands started at once on one clone must not install or build over each other. */
export async function withSetupLock(work) {
  let told = false;
  while (!takeLock()) {
    if (!told) {
      console.error(
        'Une autre commande installe ou construit ici, on attend. / Another command is installing or building here, waiting.',
      );
      told = true;
    }
    await pause(500);
  }
  const release = () => rmSync(lockPath, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

function takeLock() {
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
  if (isAlive(readHolder())) return false;
  // Its holder was killed: a stale lock never blocks a start.
  rmSync(lockPath, { force: true });
  return takeLock();
}

function readHolder() {
  try {
    return Number(readFileSync(lockPath, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}

function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
