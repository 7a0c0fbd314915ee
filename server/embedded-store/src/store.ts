import { Cursors } from './commands/cursors.js';
import { Sessions } from './commands/sessions.js';
import type { Store } from './commands/types.js';
import type { Log } from './log.js';
import { IndexBuilds } from './storage/builds.js';
import { Documents } from './storage/documents.js';
import { removeExpired } from './storage/expiry.js';
import { openFiles } from './storage/open-files.js';
import type { StoreKey } from './storage/seal.js';
import { Listener } from './wire/listener.js';

const housekeepingSeconds = 30;

export interface OpenStore {
  close(): Promise<void>;
}

/** Opens the data files and listens. Composition root of the thread. */
export async function openStore(
  folder: string,
  socketPath: string,
  keys: readonly StoreKey[],
  log: Log,
): Promise<OpenStore> {
  const { environment, catalog } = await openFiles(folder, keys);
  environment.setHooks({
    beforeCommit: () => catalog.flush(),
    afterAbort: () => {
      log('error', 'store: a commit failed and was undone');
      catalog.load();
    },
  });
  const documents = new Documents(environment, catalog);
  const builds = new IndexBuilds(environment, catalog, documents, log);
  await builds.undoUnfinished();
  const store: Store = {
    environment,
    catalog,
    documents,
    builds,
    cursors: new Cursors(),
    sessions: new Sessions(),
    socketPath,
  };
  const listener = new Listener(store, log);
  await listener.listen(socketPath);
  const timer = setInterval(() => {
    store.cursors.expire(Date.now());
    removeExpired(store, Date.now()).catch((error: unknown) =>
      log(
        'error',
        `store: removing expired documents failed: ${error instanceof Error ? error.name : 'unknown'}`,
      ),
    );
  }, housekeepingSeconds * 1000);
  return {
    async close() {
      clearInterval(timer);
      await listener.close();
      await environment.close();
    },
  };
}
