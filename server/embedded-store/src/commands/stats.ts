import { type Doc, doc, int, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { collectionName, integerArgument } from './arguments.js';
import type { Command, Store } from './types.js';

function sizes(store: Store, database: string, names: string[]) {
  const collections = store.catalog.of(database).filter((collection) => names.includes(collection.name));
  return {
    count: collections.reduce((sum, collection) => sum + collection.count, 0),
    bytes: collections.reduce((sum, collection) => sum + collection.bytes, 0),
    indexes: collections.reduce((sum, collection) => sum + collection.indexes.length + 1, 0),
  };
}

function wholeNumber(value: number): Value {
  return value < 2 ** 31 ? int(value) : BigInt(value);
}

function scaleOf(body: Doc): number {
  const scale = integerArgument(body.get('scale'), 'scale') ?? 1;
  if (scale < 1)
    throw new CommandError(51024, `BSON field 'scale' value must be >= 1, actual value '${scale}'`);
  return scale;
}

const collStats: Command = {
  fields: ['scale'],
  run(request) {
    const { store, database } = request;
    const name = collectionName(request, 'collStats');
    const { count, bytes, indexes } = sizes(store, database, [name]);
    const scale = scaleOf(request.body);
    return doc({
      ns: `${database}.${name}`,
      size: wholeNumber(Math.floor(bytes / scale)),
      count: wholeNumber(count),
      avgObjSize: count > 0 ? wholeNumber(Math.round(bytes / count)) : undefined,
      storageSize: wholeNumber(Math.floor(bytes / scale)),
      scaleFactor: int(scale),
      nindexes: int(indexes),
      capped: false,
      ok: 1,
    });
  },
};

const dbStats: Command = {
  fields: ['scale', 'freeStorage'],
  run({ store, database, body }) {
    const scale = scaleOf(body);
    const names = store.catalog.of(database).map((collection) => collection.name);
    const { count, bytes, indexes } = sizes(store, database, names);
    const { pages, pageSize } = store.environment.stats();
    return doc({
      db: database,
      collections: BigInt(names.length),
      views: 0n,
      objects: BigInt(count),
      avgObjSize: count > 0 ? bytes / count : 0,
      dataSize: bytes / scale,
      storageSize: (pages * pageSize) / scale,
      scaleFactor: scale,
      indexes: BigInt(indexes),
      ok: 1,
    });
  },
};

/** How much there is. */
export const statsCommands: Record<string, Command> = {
  collStats,
  collstats: collStats,
  dbStats,
  dbstats: dbStats,
};
