import { countUsers } from '../users/index.js';
import type { DemoNeeds } from './history.js';
import { beginDemo, keepDemo } from './unfinished.js';

export { createProgress } from './progress.js';
export { clearUnfinishedDemo, keepDemo } from './unfinished.js';
export { wordAccounts } from './word-accounts.js';

/**
 * Fills an empty store with a demonstration: invented houses, people and patients, drawn slides, and a history made by
 * walking the real gate under an injected clock. Does nothing when anybody has an account.
 * @throws the reason of `signal` when it was aborted.
 */
export async function seedDemo({ config, progress, signal }: DemoNeeds): Promise<void> {
  if ((await countUsers()) > 0) return;
  const started = Date.now();
  progress.line('Premier démarrage : création de la démonstration… / First start: making the demo…');
  await beginDemo();
  const { makeDemo } = await import('./history.js');
  await makeDemo({ config, progress, signal });
  await keepDemo();
  progress.line(`Démonstration prête en ${Math.round((Date.now() - started) / 1000)} s. / Demo ready.`);
}
