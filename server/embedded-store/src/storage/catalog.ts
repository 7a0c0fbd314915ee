import { randomUUID } from 'node:crypto';
import { readDocument } from '../bson/read.js';
import { Binary, type Doc, doc, Int, int, type Value } from '../bson/values.js';
import { writeDocument } from '../bson/write.js';
import { CommandError, codes } from '../errors.js';
import { compileFilter } from '../query/match.js';
import type { Predicate } from '../query/predicate.js';
import type { Environment } from './environment.js';
import { catalogKey, catalogRange, counterKey, fieldLimit, formatKey } from './layout.js';

export interface IndexField {
  path: string;
  parts: readonly string[];
  descending: boolean;
}

export interface Index {
  id: number;
  name: string;
  /** The specification as the client gave it, for listIndexes. */
  spec: Doc;
  fields: IndexField[];
  unique: boolean;
  sparse: boolean;
  /** Kept up to date and unique, but never used for a query. */
  hidden: boolean;
  partial: { filter: Doc; matches: Predicate } | undefined;
  expireAfterSeconds: number | undefined;
  /** Per field: some document has an array on that path. Never unset, as in MongoDB. */
  multikey: boolean[];
  /** Some key was too long and shortened: order within this index is not to be relied on. */
  truncated: boolean;
  fieldLimit: number;
  /** False while it is being built: kept up to date, not yet used. */
  ready: boolean;
}

export interface Collection {
  id: number;
  database: string;
  name: string;
  uuid: Binary;
  indexes: Index[];
  /** Some _id was too long for a key: the documents do not lie in the order of their ids. */
  longIds: boolean;
  count: number;
  bytes: number;
}

/** 2: sealed; one that knows nothing of seals must not open it. */
export const formatVersion = { plain: 1, sealed: 2 } as const;

/** What exists: kept in memory, written in the same commit as the change that caused it. */
export class Catalog {
  private readonly environment: Environment;
  private collections = new Map<string, Collection>();
  private nextId = 1;
  private dirtyCatalog = new Set<Collection>();
  private dirtyCounters = new Set<Collection>();

  constructor(environment: Environment) {
    this.environment = environment;
    this.load();
  }

  load(): void {
    this.collections = new Map();
    this.dirtyCatalog.clear();
    this.dirtyCounters.clear();
    this.nextId = 1;
    const format = this.environment.get(formatKey);
    if (format && format[0] !== formatVersion.plain && format[0] !== formatVersion.sealed) {
      throw new Error(`The store was written by another version of Relecture (format ${format[0]})`);
    }
    for (const { value } of this.environment.entries(catalogRange)) {
      const collection = collectionFromDocument(readDocument(value));
      const counters = this.environment.get(counterKey(collection.id));
      if (counters) {
        collection.count = counters.readDoubleLE(0);
        collection.bytes = counters.readDoubleLE(8);
      }
      this.collections.set(`${collection.database}.${collection.name}`, collection);
      for (const used of [collection.id, ...collection.indexes.map((index) => index.id)]) {
        this.nextId = Math.max(this.nextId, used + 1);
      }
    }
  }

  /** Inside the transaction, once per commit. */
  flush(): void {
    for (const collection of this.dirtyCatalog) {
      this.environment.put(catalogKey(collection.id), writeDocument(collectionToDocument(collection)));
    }
    for (const collection of this.dirtyCounters) {
      const counters = Buffer.alloc(16);
      counters.writeDoubleLE(collection.count, 0);
      counters.writeDoubleLE(collection.bytes, 8);
      this.environment.put(counterKey(collection.id), counters);
    }
    this.dirtyCatalog.clear();
    this.dirtyCounters.clear();
  }

  find(database: string, name: string): Collection | undefined {
    return this.collections.get(`${database}.${name}`);
  }

  all(): Collection[] {
    return [...this.collections.values()];
  }

  of(database: string): Collection[] {
    return this.all().filter((collection) => collection.database === database);
  }

  /** The name is one that `checkName` lets pass: nothing is written before it is known. */
  create(database: string, name: string): Collection {
    if (!this.environment.has(formatKey)) this.environment.put(formatKey, Buffer.from([formatVersion.plain]));
    const collection: Collection = {
      id: this.nextId++,
      database,
      name,
      uuid: new Binary(4, Buffer.from(randomUUID().replaceAll('-', ''), 'hex')),
      indexes: [],
      longIds: false,
      count: 0,
      bytes: 0,
    };
    this.collections.set(`${database}.${name}`, collection);
    this.changed(collection);
    this.counted(collection);
    return collection;
  }

  rename(collection: Collection, database: string, name: string): void {
    this.collections.delete(`${collection.database}.${collection.name}`);
    Object.assign(collection, { database, name });
    this.collections.set(`${database}.${name}`, collection);
    this.changed(collection);
  }

  remove(collection: Collection): void {
    this.collections.delete(`${collection.database}.${collection.name}`);
    this.dirtyCatalog.delete(collection);
    this.dirtyCounters.delete(collection);
    this.environment.remove(catalogKey(collection.id));
    this.environment.remove(counterKey(collection.id));
  }

  newIndex(spec: Doc): Index {
    return indexFromSpec(this.nextId++, spec);
  }

  changed(collection: Collection): void {
    this.dirtyCatalog.add(collection);
  }

  counted(collection: Collection): void {
    this.dirtyCounters.add(collection);
  }
}

export function checkName(database: string, name: string): void {
  const bad = name === '' || name.startsWith('.') || name.includes('$') || name.includes('\0');
  if (bad || name.startsWith('system.')) {
    throw new CommandError(codes.invalidNamespace, `Invalid namespace specified '${database}.${name}'`);
  }
  if (!/^[^/\\. "$*<>:|?\0]{1,63}$/.test(database)) {
    throw new CommandError(codes.invalidNamespace, `Invalid database name: '${database}'`);
  }
}

export function indexFromSpec(id: number, spec: Doc): Index {
  const key = spec.get('key') as Doc;
  const fields = [...key].map(([path, direction]): IndexField => {
    return { path, parts: path.split('.'), descending: isNegative(direction) };
  });
  const filter = spec.get('partialFilterExpression') as Doc | undefined;
  const expire = spec.get('expireAfterSeconds');
  return {
    id,
    name: spec.get('name') as string,
    spec,
    fields,
    unique: isTrue(spec.get('unique')),
    sparse: isTrue(spec.get('sparse')),
    hidden: isTrue(spec.get('hidden')),
    partial: filter ? { filter, matches: compileFilter(filter).predicate } : undefined,
    expireAfterSeconds:
      expire === undefined ? undefined : expire instanceof Int ? expire.value : Number(expire),
    multikey: fields.map(() => false),
    truncated: false,
    fieldLimit: fieldLimit(fields.length),
    ready: true,
  };
}

function isNegative(direction: Value): boolean {
  return direction instanceof Int ? direction.value < 0 : Number(direction) < 0;
}

export function isTrue(value: Value | undefined): boolean {
  if (value instanceof Int) return value.value !== 0;
  return (
    value === true ||
    (typeof value === 'number' && value !== 0) ||
    (typeof value === 'bigint' && value !== 0n)
  );
}

function collectionToDocument(collection: Collection): Doc {
  return doc({
    id: int(collection.id),
    database: collection.database,
    name: collection.name,
    uuid: collection.uuid,
    longIds: collection.longIds,
    indexes: collection.indexes.map((index) =>
      doc({
        id: int(index.id),
        spec: index.spec,
        multikey: index.multikey,
        truncated: index.truncated,
        building: index.ready ? undefined : true,
      }),
    ),
  });
}

function collectionFromDocument(document: Doc): Collection {
  return {
    id: (document.get('id') as Int).value,
    database: document.get('database') as string,
    name: document.get('name') as string,
    uuid: document.get('uuid') as Binary,
    longIds: document.get('longIds') === true,
    indexes: (document.get('indexes') as Doc[]).map((entry) => ({
      ...indexFromSpec((entry.get('id') as Int).value, entry.get('spec') as Doc),
      multikey: entry.get('multikey') as boolean[],
      truncated: entry.get('truncated') as boolean,
      ready: entry.get('building') !== true,
    })),
    count: 0,
    bytes: 0,
  };
}
