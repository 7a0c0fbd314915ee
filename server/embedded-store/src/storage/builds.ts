import type { Doc } from '../bson/values.js';
import { CommandError } from '../errors.js';
import type { Log } from '../log.js';
import type { Catalog, Collection, Index } from './catalog.js';
import type { Documents } from './documents.js';
import type { Environment } from './environment.js';

/** Documents per commit: other writes and reads go on between two of them. */
const batchSize = 1000;
const reportEvery = 20_000;

/**
 * Builds indexes over what is already there, a batch per commit. From the first batch on every write keeps the
 * index up to date; only when the last document is in it do queries use it. A build that a stop cut short is
 * undone at the next start, and whoever wants the index asks for it again.
 */
export class IndexBuilds {
  private readonly environment: Environment;
  private readonly catalog: Catalog;
  private readonly documents: Documents;
  private readonly log: Log;
  private readonly running = new Map<number, Promise<void>>();

  constructor(environment: Environment, catalog: Catalog, documents: Documents, log: Log) {
    this.environment = environment;
    this.catalog = catalog;
    this.documents = documents;
    this.log = log;
  }

  /** Inside a write: makes the index with its first batch. What it returns resolves when the index is ready. */
  start(collection: Collection, spec: Doc): Promise<void> {
    const index = this.catalog.newIndex(spec);
    const next = this.documents.beginIndex(collection, index, batchSize);
    if (!next) return Promise.resolve();
    const build = this.goOn(collection, index, next)
      .catch(async (error: unknown) => {
        await this.giveUp(collection, index, error);
        throw error;
      })
      .finally(() => this.running.delete(index.id));
    this.running.set(index.id, build);
    // Heard by `giveUp`; whoever asked may be gone by an error of its own.
    build.catch(() => undefined);
    return build;
  }

  /** Inside a write. Resolves when this index is ready, fails when its build does; one that had failed begins anew. */
  ready(collection: Collection, index: Index): Promise<void> {
    const running = this.running.get(index.id);
    if (running) return running;
    if (index.ready) return Promise.resolve();
    this.documents.dropIndex(collection, index);
    return this.start(collection, index.spec);
  }

  /** A disk that is full, for instance: nothing half built stays, as far as the disk allows. */
  private async giveUp({ database, name }: Collection, { id, name: indexName }: Index, error: unknown) {
    const { message } = error as Error;
    this.log('error', `store: index ${indexName} of ${name} could not be built: ${message}`);
    try {
      await this.environment.write(() => {
        const collection = this.catalog.find(database, name);
        const index = collection?.indexes.find((candidate) => candidate.id === id);
        if (collection && index && !index.ready) this.documents.dropIndex(collection, index);
      });
    } catch (undone) {
      this.log(
        'error',
        `store: what was built of it stays until the next start: ${(undone as Error).message}`,
      );
    }
  }

  /** What a stop left half built. */
  async undoUnfinished(): Promise<void> {
    for (const collection of this.catalog.all()) {
      for (const index of collection.indexes.filter(({ ready }) => !ready)) {
        await this.environment.write(() => this.documents.dropIndex(collection, index));
        this.log('warn', `store: index ${index.name} of ${collection.name} was half built and is undone`);
      }
    }
  }

  private async goOn({ database, name }: Collection, { id }: Index, first: Buffer): Promise<void> {
    const start = performance.now();
    let from: Buffer | undefined = first;
    let done = batchSize;
    while (from) {
      const after: Buffer = from;
      from = await this.environment.write(() => {
        // Both may be other objects since a commit failed, or gone.
        const collection = this.catalog.find(database, name);
        const index = collection?.indexes.find((candidate) => candidate.id === id);
        if (!collection || !index)
          throw new CommandError(276, 'Index build aborted: the collection or the index was dropped');
        return this.documents.continueIndex(collection, index, after, batchSize);
      });
      done += batchSize;
      if (done % reportEvery === 0) {
        const total = this.catalog.find(database, name)?.count ?? done;
        this.log('info', `store: index build on ${name}: ${Math.min(done, total)} of ${total} documents`);
      }
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    this.log('info', `store: index build on ${name}: done in ${seconds} s`);
  }
}
