import { configureIdentity } from '../cases/index.js';
import { readConfig } from '../config/index.js';
import { loadNetworks } from '../networks/index.js';
import { rebuildProjections } from '../overview/index.js';
import { withStore } from './store-command.js';

/** `relecture rebuild`: writes again what lists show of each case, from the cases, slides and reviews themselves. */
export async function rebuildCommand(): Promise<number> {
  return await withStore(async () => {
    configureIdentity(readConfig());
    await loadNetworks();
    const rebuilt = await rebuildProjections();
    process.stdout.write(`${rebuilt} dossiers relus. / ${rebuilt} cases rebuilt.\n`);
    return 0;
  });
}
