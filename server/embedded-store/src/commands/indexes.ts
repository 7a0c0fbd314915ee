import { describeValue } from '../bson/describe.js';
import { type Doc, doc, int, isDoc, type Value } from '../bson/values.js';
import { equalValues } from '../codec/compare.js';
import { isNumber, plainNumber } from '../codec/exact.js';
import { badValue, CommandError, codes } from '../errors.js';
import type { FilterNode } from '../query/filter-types.js';
import { compileFilter } from '../query/match.js';
import { type Collection, type Index, isTrue } from '../storage/catalog.js';
import { collectionName, docsArgument, integerArgument, isSimple } from './arguments.js';
import type { Command, Store } from './types.js';
import { collectionFor } from './write.js';

const specFields = [
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'v',
  'hidden',
];

function cannot(message: string): CommandError {
  return new CommandError(codes.cannotCreateIndex, message);
}

/** An index specification, checked and normalised as listIndexes will show it. */
function checkSpec(spec: Doc): Doc {
  const key = spec.get('key');
  if (key === undefined)
    throw new CommandError(
      codes.failedToParse,
      "The 'key' field is a required property of an index specification",
    );
  if (!isDoc(key) || key.size === 0) throw cannot('Index keys cannot be an empty object.');
  if (key.size > 32) throw new CommandError(13103, 'too many compound keys');
  for (const [name, value] of spec) {
    if (name === 'collation' && !isSimple(value)) {
      throw new CommandError(codes.commandNotSupported, 'The embedded store does not support collation');
    }
    if (!specFields.includes(name) && name !== 'collation') {
      throw new CommandError(
        197,
        `Error in specification ${describeValue(spec)} :: caused by :: The field '${name}' is not valid for an index specification (or not supported by the embedded store).`,
      );
    }
  }
  const fields: Doc = new Map();
  for (const [path, direction] of key) fields.set(path, checkField(path, direction));
  const name = spec.get('name');
  if (typeof name !== 'string' || name === '')
    throw new CommandError(codes.failedToParse, 'The index name must be a nonempty string');
  const result: Doc = new Map<string, Value>([
    ['v', int(2)],
    ['key', fields],
    ['name', name],
  ]);
  if (isTrue(spec.get('unique'))) result.set('unique', true);
  if (isTrue(spec.get('sparse'))) result.set('sparse', true);
  if (isTrue(spec.get('hidden'))) result.set('hidden', true);
  addPartial(spec, result);
  addExpiry(spec, result, fields);
  return result;
}

const otherKinds = ['text', 'hashed', '2d', '2dsphere', 'geoHaystack'];

function checkField(path: string, direction: Value): Value {
  if (path.includes('$**') || path === '$**')
    throw new CommandError(codes.commandNotSupported, 'The embedded store does not support wildcard indexes');
  if (path === '' || path.split('.').includes('')) throw cannot('Index keys cannot contain an empty field.');
  if (path.split('.').some((part) => part.startsWith('$') && !['$ref', '$id', '$db'].includes(part))) {
    throw cannot("Index key contains an illegal field name: field name starts with '$'.");
  }
  if (typeof direction === 'string') {
    if (!otherKinds.includes(direction)) throw cannot(`Unknown index plugin '${direction}'`);
    throw new CommandError(
      codes.commandNotSupported,
      `The embedded store does not support ${direction} indexes ({ ${path}: "${direction}" })`,
    );
  }
  if (!isNumber(direction) || !plainNumber(direction))
    throw cannot(`Values in v:2 index key pattern must be non-zero numbers: ${path}`);
  return direction;
}

function addPartial(spec: Doc, result: Doc): void {
  const partial = spec.get('partialFilterExpression');
  if (partial === undefined) return;
  if (!isDoc(partial)) throw cannot('partialFilterExpression must be an object');
  if (isTrue(spec.get('sparse'))) throw cannot('cannot mix "partialFilterExpression" and "sparse" options');
  const refused = notPartial(compileFilter(partial).node);
  if (refused) throw cannot(`Expression not supported in partial index: ${refused}`);
  result.set('partialFilterExpression', partial);
}

const partialTests = ['eq', 'lt', 'lte', 'gt', 'gte', 'in', 'exists', 'type'];

/** What MongoDB would refuse in the filter of a partial index. */
function notPartial(node: FilterNode): string | undefined {
  if (node.kind === 'and' || node.kind === 'or') return node.nodes.map(notPartial).find(Boolean);
  if (node.kind !== 'field') return `$${node.kind}`;
  if (node.negated) return '$not';
  return partialTests.includes(node.test.op) ? undefined : `$${node.test.op}`;
}

function addExpiry(spec: Doc, result: Doc, fields: Doc): void {
  const expire = spec.get('expireAfterSeconds');
  if (expire === undefined) return;
  const seconds = integerArgument(expire, 'expireAfterSeconds') as number;
  if (seconds < 0 || seconds > 2 ** 31 - 1)
    throw cannot('TTL index expireAfterSeconds option must be within an acceptable range');
  if (fields.size !== 1 || fields.has('_id'))
    throw cannot('TTL indexes are single-field indexes, compound indexes do not support TTL');
  result.set('expireAfterSeconds', int(seconds));
}

/** What tells two indexes apart: several with one key may stand side by side when these differ. */
const identity = ['unique', 'sparse', 'partialFilterExpression'];
const otherOptions = ['expireAfterSeconds', 'hidden'];

/** The index that already is what is asked for; a different one of the same name or identity is a conflict. */
function existing(collection: Collection, spec: Doc): Index | undefined {
  for (const index of collection.indexes) {
    const sameName = index.name === spec.get('name');
    const equivalent =
      sameOrder(index.spec.get('key') as Doc, spec.get('key') as Doc) &&
      identity.every((option) => equalOption(index.spec, spec, option));
    const identical = equivalent && otherOptions.every((option) => equalOption(index.spec, spec, option));
    if (sameName && identical) return index;
    const both = `Requested index: ${describeValue(spec)}, existing index: ${describeValue(index.spec)}`;
    if (sameName && !equivalent) {
      throw new CommandError(
        codes.indexKeySpecsConflict,
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${both}`,
      );
    }
    if (equivalent) {
      throw new CommandError(
        codes.indexOptionsConflict,
        identical
          ? `Index already exists with a different name: ${index.name}`
          : `An equivalent index already exists with ${sameName ? 'the same name but different options' : 'a different name and options'}. ${both}`,
      );
    }
  }
  return undefined;
}

function sameOrder(a: Doc, b: Doc): boolean {
  return equalValues(a, b);
}

function equalOption(a: Doc, b: Doc, option: string): boolean {
  const left = a.get(option);
  const right = b.get(option);
  return left === right || (left !== undefined && right !== undefined && equalValues(left, right));
}

const createIndexes: Command = {
  fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'],
  async run(request) {
    const { store, database, body } = request;
    const name = collectionName(request, 'createIndexes');
    const given = docsArgument(body, 'indexes');
    if (given.length === 0) throw badValue('Must specify at least one index to create');
    const specs = given.filter((spec) => !isIdIndex(spec)).map(checkSpec);
    const waiting: Promise<void>[] = [];
    const begun: number[] = [];
    const reply = await store.environment.write(() => {
      const known = store.catalog.find(database, name);
      const collection = collectionFor(store, database, name);
      const before = collection.indexes.length + 1;
      try {
        for (const spec of specs) {
          const same = existing(collection, spec);
          if (!same && collection.indexes.length >= 63) throw cannot('add index fails, too many indexes');
          waiting.push(same ? store.builds.ready(collection, same) : store.builds.start(collection, spec));
          if (!same) begun.push((collection.indexes.at(-1) as Index).id);
        }
      } catch (error) {
        dropBegun(store, collection, begun);
        throw error;
      }
      const after = collection.indexes.length + 1;
      return doc({
        numIndexesBefore: int(before),
        numIndexesAfter: int(after),
        createdCollectionAutomatically: known === undefined,
        note: before === after ? 'all indexes already exist' : undefined,
        ok: 1,
      });
    });
    const [broken] = (await Promise.allSettled(waiting)).filter(({ status }) => status === 'rejected');
    if (!broken) return reply;
    await store.environment.write(() => {
      const collection = store.catalog.find(database, name);
      if (collection) dropBegun(store, collection, begun);
    });
    throw (broken as PromiseRejectedResult).reason;
  },
};

/** All the indexes of one command are made, or none. */
function dropBegun(store: Store, collection: Collection, ids: readonly number[]): void {
  for (const index of collection.indexes.filter(({ id }) => ids.includes(id)))
    store.documents.dropIndex(collection, index);
}

function isIdIndex(spec: Doc): boolean {
  const key = spec.get('key');
  const direction = isDoc(key) && key.size === 1 ? key.get('_id') : undefined;
  return isNumber(direction) && plainNumber(direction) === 1;
}

const idIndex = (): Doc => doc({ v: int(2), key: doc({ _id: int(1) }), name: '_id_' });

const listIndexes: Command = {
  fields: ['cursor'],
  run(request) {
    const { store, database, body } = request;
    const name = collectionName(request, 'listIndexes');
    const collection = existingCollection(store, database, name);
    const specs = [idIndex(), ...collection.indexes.filter(({ ready }) => ready).map(({ spec }) => spec)];
    const cursor = body.get('cursor');
    const batchSize = isDoc(cursor) ? integerArgument(cursor.get('batchSize'), 'batchSize') : undefined;
    return store.cursors.start(`${database}.${name}`, specs[Symbol.iterator]() as never, batchSize, false);
  },
};

export function existingCollection(store: Store, database: string, name: string): Collection {
  const collection = store.catalog.find(database, name);
  if (!collection) throw new CommandError(codes.namespaceNotFound, `ns does not exist: ${database}.${name}`);
  return collection;
}

const dropIndexes: Command = {
  fields: ['index'],
  run(request) {
    const { store, database, body } = request;
    const name = collectionName(request, body.has('dropIndexes') ? 'dropIndexes' : 'deleteIndexes');
    const wanted = body.get('index');
    return store.environment.write(() => {
      const collection = store.catalog.find(database, name);
      if (!collection) throw new CommandError(codes.namespaceNotFound, `ns not found ${database}.${name}`);
      const before = collection.indexes.length + 1;
      for (const index of indexesToDrop(collection, wanted)) store.documents.dropIndex(collection, index);
      return doc({ nIndexesWas: int(before), ok: 1 });
    });
  },
};

function indexesToDrop(collection: Collection, wanted: Value | undefined): Index[] {
  if (wanted === '*') return [...collection.indexes];
  if (wanted === '_id_' || (isDoc(wanted) && wanted.size === 1 && wanted.has('_id'))) {
    throw new CommandError(codes.invalidOptions, 'cannot drop _id index');
  }
  if (Array.isArray(wanted)) return wanted.flatMap((one) => indexesToDrop(collection, one));
  const found = collection.indexes.filter((index) =>
    typeof wanted === 'string'
      ? index.name === wanted
      : isDoc(wanted) && equalValues(index.spec.get('key'), wanted),
  );
  if (found.length === 0)
    throw new CommandError(codes.indexNotFound, `index not found with name [${describeValue(wanted)}]`);
  return found;
}

export const indexCommands: Record<string, Command> = {
  createIndexes,
  listIndexes,
  dropIndexes,
  deleteIndexes: dropIndexes,
};
