import { type Doc, doc, int, isDoc, type Maybe } from '../bson/values.js';
import { CommandError, codes } from '../errors.js';
import { compileFilter } from '../query/match.js';
import { checkName, isTrue } from '../storage/catalog.js';
import { booleanArgument, collectionName, docArgument, integerArgument } from './arguments.js';
import { existingCollection } from './indexes.js';
import type { Command } from './types.js';

const create: Command = {
  fields: [
    'capped',
    'size',
    'max',
    'viewOn',
    'pipeline',
    'validator',
    'validationLevel',
    'validationAction',
    'timeseries',
    'clusteredIndex',
    'expireAfterSeconds',
    'storageEngine',
    'indexOptionDefaults',
    'changeStreamPreAndPostImages',
    'encryptedFields',
    'autoIndexId',
    'idIndex',
  ],
  run(request) {
    const { store, database, body } = request;
    const name = collectionName(request, 'create');
    for (const option of [
      'viewOn',
      'validator',
      'timeseries',
      'clusteredIndex',
      'expireAfterSeconds',
      'encryptedFields',
      'pipeline',
      'storageEngine',
      'indexOptionDefaults',
      'changeStreamPreAndPostImages',
    ]) {
      const value = body.get(option);
      if (value !== undefined && !(isDoc(value) && value.size === 0)) {
        throw new CommandError(
          codes.commandNotSupported,
          `The embedded store does not support ${option} on a collection`,
        );
      }
    }
    if (isTrue(body.get('capped')))
      throw new CommandError(
        codes.commandNotSupported,
        'The embedded store does not support capped collections',
      );
    return store.environment.write(() => {
      if (store.catalog.find(database, name)) {
        throw new CommandError(codes.namespaceExists, `Collection ${database}.${name} already exists.`);
      }
      checkName(database, name);
      store.environment.apply(() => {
        store.catalog.create(database, name);
      });
      return doc({ ok: 1 });
    });
  },
};

const drop: Command = {
  fields: [],
  run(request) {
    const { store, database } = request;
    const name = collectionName(request, 'drop');
    return store.environment.write(() => {
      const collection = store.catalog.find(database, name);
      // Since 7.0 nothing to drop is no error.
      if (!collection) return doc({ ok: 1 });
      const indexes = collection.indexes.length + 1;
      store.documents.drop(collection);
      return doc({ nIndexesWas: int(indexes), ns: `${database}.${name}`, ok: 1 });
    });
  },
};

const dropDatabase: Command = {
  fields: [],
  run({ store, database }) {
    return store.environment.write(() => {
      for (const collection of store.catalog.of(database)) store.documents.drop(collection);
      return doc({ dropped: database, ok: 1 });
    });
  },
};

const renameCollection: Command = {
  fields: ['to', 'dropTarget'],
  run(request) {
    const { store, body } = request;
    const from = namespaceOf(body.get('renameCollection'), 'renameCollection');
    const to = namespaceOf(body.get('to'), 'to');
    if (request.database !== 'admin')
      throw new CommandError(13, 'renameCollection may only be run against the admin database.');
    const dropTarget = booleanArgument(body, 'dropTarget');
    return store.environment.write(() => {
      const source = store.catalog.find(from.database, from.name);
      if (!source)
        throw new CommandError(
          codes.namespaceNotFound,
          `Source collection ${from.database}.${from.name} does not exist`,
        );
      const target = store.catalog.find(to.database, to.name);
      if (target === source)
        throw new CommandError(codes.illegalOperation, "Can't rename a collection to itself");
      if (target && !dropTarget) throw new CommandError(codes.namespaceExists, 'target namespace exists');
      checkName(to.database, to.name);
      store.environment.apply(() => {
        if (target) store.documents.drop(target);
        store.catalog.rename(source, to.database, to.name);
      });
      return doc({ ok: 1 });
    });
  },
};

function namespaceOf(value: Maybe, field: string): { database: string; name: string } {
  const dot = typeof value === 'string' ? value.indexOf('.') : -1;
  if (typeof value !== 'string' || dot < 1)
    throw new CommandError(codes.invalidNamespace, `Invalid namespace specified for ${field}`);
  return { database: value.slice(0, dot), name: value.slice(dot + 1) };
}

const listCollections: Command = {
  fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  run({ store, database, body }) {
    const { predicate } = compileFilter(docArgument(body, 'filter'));
    const nameOnly = booleanArgument(body, 'nameOnly');
    const entries = store.catalog
      .of(database)
      .map((collection) => {
        const short = doc({ name: collection.name, type: 'collection' });
        if (nameOnly) return short;
        short.set('options', new Map());
        short.set('info', doc({ readOnly: false, uuid: collection.uuid }));
        short.set('idIndex', doc({ v: int(2), key: doc({ _id: int(1) }), name: '_id_' }));
        return short;
      })
      .filter((entry) => predicate(entry));
    const cursor = body.get('cursor');
    const batchSize = isDoc(cursor) ? integerArgument(cursor.get('batchSize'), 'batchSize') : undefined;
    const namespace = `${database}.$cmd.listCollections`;
    return store.cursors.start(namespace, entries[Symbol.iterator]() as never, batchSize, false);
  },
};

const listDatabases: Command = {
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run({ store, body }) {
    const { predicate } = compileFilter(docArgument(body, 'filter'));
    const nameOnly = booleanArgument(body, 'nameOnly');
    const names = [...new Set(store.catalog.all().map((collection) => collection.database))].sort();
    let total = 0;
    const databases = names
      .map((name) => {
        const size = store.catalog.of(name).reduce((sum, collection) => sum + collection.bytes, 0);
        const entry = doc({ name, sizeOnDisk: BigInt(size), empty: size === 0 });
        if (predicate(entry)) total += size;
        return entry;
      })
      .filter((entry) => predicate(entry))
      .map((entry) => (nameOnly ? doc({ name: entry.get('name') }) : entry));
    return doc({ databases, totalSize: nameOnly ? undefined : BigInt(total), ok: 1 });
  },
};

/** Only what changes nothing here: an index cannot be altered in place. */
const collMod: Command = {
  fields: [],
  run(request): Doc {
    existingCollection(request.store, request.database, collectionName(request, 'collMod'));
    return doc({ ok: 1 });
  },
};

export const collectionCommands: Record<string, Command> = {
  create,
  drop,
  dropDatabase,
  renameCollection,
  listCollections,
  listDatabases,
  collMod,
};
