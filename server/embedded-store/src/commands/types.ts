import type { Doc } from '../bson/values.js';
import type { IndexBuilds } from '../storage/builds.js';
import type { Catalog } from '../storage/catalog.js';
import type { Documents } from '../storage/documents.js';
import type { Environment } from '../storage/environment.js';
import type { Cursors } from './cursors.js';
import type { Sessions } from './sessions.js';

export interface Store {
  environment: Environment;
  catalog: Catalog;
  documents: Documents;
  builds: IndexBuilds;
  cursors: Cursors;
  sessions: Sessions;
  socketPath: string;
}

export interface Request {
  store: Store;
  database: string;
  body: Doc;
  connectionId: number;
}

export interface Command {
  /** Fields this command understands; any other is refused, because ignoring one would change its meaning. */
  fields: readonly string[];
  run(request: Request): Doc | Promise<Doc>;
}
