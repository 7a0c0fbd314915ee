import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cursors } from '@relecture/embedded-store/commands/cursors.js';
import { Sessions } from '@relecture/embedded-store/commands/sessions.js';
import type { Store } from '@relecture/embedded-store/commands/types.js';
import { IndexBuilds } from '@relecture/embedded-store/storage/builds.js';
import { Catalog } from '@relecture/embedded-store/storage/catalog.js';
import { Documents } from '@relecture/embedded-store/storage/documents.js';
import { Environment } from '@relecture/embedded-store/storage/environment.js';

/** The data files without thread and socket. */
export function openFiles(folder: string, log: string[] = []): Store {
  const environment = new Environment(folder);
  const catalog = new Catalog(environment);
  environment.setHooks({ beforeCommit: () => catalog.flush(), afterAbort: () => catalog.load() });
  const documents = new Documents(environment, catalog);
  const builds = new IndexBuilds(environment, catalog, documents, (_, message) => log.push(message));
  return {
    environment,
    catalog,
    documents,
    builds,
    cursors: new Cursors(),
    sessions: new Sessions(),
    socketPath: '',
  };
}

export async function inFreshFolder(): Promise<{ folder: string; store: Store }> {
  const folder = await mkdtemp(join(tmpdir(), 'relecture-test-'));
  return { folder, store: openFiles(folder) };
}

export async function closeFiles(store: Store, folder: string): Promise<void> {
  await store.environment.close();
  await rm(folder, { recursive: true });
}
