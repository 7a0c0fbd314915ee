import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildNeeds, buildStep } from './build.mjs';
import { installStep, missingPackages } from './install.mjs';
import { root } from './root.mjs';
import { withSetupLock } from './setup-lock.mjs';

export const serverEntry = pathToFileURL(join(root, 'server/dist/main.js')).href;
export const commandEntry = pathToFileURL(join(root, 'server/dist/cli/main.js')).href;

/**
 * Installs and builds, only what is missing or stale; silent and quick (about 0.1 s) when nothing is.
 * `development` asks for the tools the tests use even when nothing has to be built.
 */
export async function prepare({ client = true, development = false } = {}) {
  const parts = client ? ['server', 'client'] : ['server'];
  const stale = () => parts.filter((part) => buildNeeds(part) !== 'nothing');
  const incomplete = () => missingPackages({ development: development || stale().length > 0 });
  if (incomplete().length === 0 && stale().length === 0) return;
  await withSetupLock(async () => {
    // Asked again: whoever held the lock may just have done it.
    if (incomplete().length > 0) await installStep();
    for (const part of stale()) await buildStep(part);
  });
}
