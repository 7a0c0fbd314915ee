import { expect } from 'chai';
import { mongo } from 'mongoose';

type Fields = Record<string, unknown>;

interface Operation {
  name: string;
  object: string;
  arguments?: Fields;
  expectError?: { errorCode?: number; errorCodeName?: string; errorContains?: string };
  expectResult?: unknown;
  saveResultAsEntity?: string;
}

interface Requirement {
  minServerVersion?: string;
  maxServerVersion?: string;
  topologies?: string[];
  auth?: boolean;
}

interface SpecTest {
  description: string;
  runOnRequirements?: Requirement[];
  operations: Operation[];
  outcome?: { databaseName: string; collectionName: string; documents: Fields[] }[];
}

/** A file of MongoDB's unified test format, as far as its CRUD tests use it. */
export interface Specification {
  runOnRequirements?: Requirement[];
  createEntities?: Record<string, Fields>[];
  initialData?: { databaseName: string; collectionName: string; documents: Fields[] }[];
  tests: SpecTest[];
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
const numbers = (version: string): number[] => version.split('.').map(Number);

function before(a: string, b: string): boolean {
  const [left, right] = [numbers(a), numbers(b)];
  const at = left.findIndex((part, index) => part !== (right[index] ?? 0));
  return at !== -1 && (left[at] as number) < (right[at] ?? 0);
}

export function runsOn(version: string, requirements: Requirement[] | undefined): boolean {
  return (requirements ?? [{}]).some(
    ({ minServerVersion = '0', maxServerVersion = '99', topologies, auth }) =>
      !before(version, minServerVersion) &&
      !before(maxServerVersion, version) &&
      (topologies ?? ['single']).includes('single') &&
      auth !== true,
  );
}

/** Fields the specification does not name are free at the top of a result, and a `$$` operator says what else is. */
function match(expected: unknown, actual: unknown, top: boolean): void {
  if (Array.isArray(expected)) {
    expect(actual).to.be.an('array').with.length(expected.length);
    expected.forEach((entry, at) => void match(entry, (actual as unknown[])[at], top));
    return;
  }
  if (expected === null || typeof expected !== 'object') {
    expect(plain(actual)).to.deep.equal(plain(expected));
    return;
  }
  const [operator] = Object.keys(expected);
  if (operator === '$$unsetOrMatches') {
    if (actual !== undefined && actual !== null) match((expected as Fields)[operator], actual, top);
    return;
  }
  if (operator?.startsWith('$$')) return;
  for (const [name, value] of Object.entries(expected)) match(value, (actual as Fields)[name], false);
  if (!top) expect(Object.keys(plain(actual) as object)).to.have.members(Object.keys(expected));
}

type Run = (target: never, args: Fields, rest: Fields) => Promise<unknown>;
type Coll = mongo.Collection;

/** Arguments the driver takes by position, in order; what remains are its options. */
const positional: Record<string, string[]> = {
  find: ['filter'],
  aggregate: ['pipeline'],
  insertOne: ['document'],
  insertMany: ['documents'],
  updateOne: ['filter', 'update'],
  updateMany: ['filter', 'update'],
  replaceOne: ['filter', 'replacement'],
  deleteOne: ['filter'],
  deleteMany: ['filter'],
  findOneAndUpdate: ['filter', 'update'],
  findOneAndReplace: ['filter', 'replacement'],
  findOneAndDelete: ['filter'],
  bulkWrite: ['requests'],
  countDocuments: ['filter'],
  estimatedDocumentCount: [],
  distinct: ['fieldName', 'filter'],
};

/** `{insertOne: {namespace, …}}` is `{name: 'insertOne', namespace, …}` to the driver. */
function clientModels(models: unknown): mongo.AnyClientBulkWriteModel<mongo.Document>[] {
  return (models as Record<string, Fields>[]).map((model) => {
    const [[name, fields] = ['', {}]] = Object.entries(model);
    return { name, ...fields } as never;
  });
}

/** The driver's maps of results, as the specification writes them. */
const plainResults = (result: Fields): Fields =>
  Object.fromEntries(
    Object.entries(result).map(([name, value]) => [
      name,
      value instanceof Map ? Object.fromEntries(value) : value,
    ]),
  );

const special: Record<string, Run> = {
  clientBulkWrite: async (target: mongo.MongoClient, args, { models: _, ...options }) =>
    plainResults({ ...(await target.bulkWrite(clientModels(args.models), options)) }),
  runCommand: (target: mongo.Db, args) => target.command(args.command as mongo.Document),
  createCollection: (target: mongo.Db, args, rest) => target.createCollection(String(args.collection), rest),
  dropCollection: (target: mongo.Db, args) => target.dropCollection(String(args.collection)),
  createFindCursor: async (target: Coll, args, rest) => {
    const cursor = target.find(args.filter as object, rest);
    await cursor.hasNext();
    return cursor;
  },
  iterateUntilDocumentOrError: (target: mongo.FindCursor) => target.next(),
  close: (target: mongo.FindCursor) => target.close(),
};

export const known = (name: string): boolean => name in positional || name in special;

async function perform({ name, arguments: given = {} }: Operation, target: unknown): Promise<unknown> {
  const args = mongo.BSON.EJSON.deserialize(given, { relaxed: true }) as Fields;
  if (typeof args.returnDocument === 'string') args.returnDocument = args.returnDocument.toLowerCase();
  const order = positional[name] ?? ['filter', 'collection', 'command'];
  const rest = Object.fromEntries(Object.entries(args).filter(([key]) => !order.includes(key)));
  const run = special[name];
  if (run) return run(target as never, args, rest);
  const method = (target as Record<string, (...all: unknown[]) => unknown>)[name];
  const result = await method?.call(target, ...order.map((key) => args[key] ?? {}), rest);
  return result instanceof mongo.AbstractCursor ? result.toArray() : result;
}

export async function runSpecTest(uri: string, spec: Specification, test: SpecTest): Promise<void> {
  const client = await new mongo.MongoClient(uri).connect();
  const opened: mongo.MongoClient[] = [client];
  try {
    for (const { databaseName, collectionName, documents } of spec.initialData ?? []) {
      const database = client.db(databaseName);
      await database.collection(collectionName).drop();
      if (documents.length > 0) await database.collection(collectionName).insertMany(documents);
    }
    const entities: Record<string, unknown> = {};
    for (const entry of spec.createEntities ?? []) {
      const [[kind, given] = ['', {} as Fields]] = Object.entries(entry);
      const id = String(given.id);
      if (kind === 'client') {
        const made = await new mongo.MongoClient(uri, (given.uriOptions ?? {}) as object).connect();
        opened.push(made);
        entities[id] = made;
      } else if (kind === 'database') {
        entities[id] = (entities[String(given.client)] as mongo.MongoClient).db(String(given.databaseName));
      } else {
        const options = (given.collectionOptions ?? {}) as object;
        const database = entities[String(given.database)] as mongo.Db;
        entities[id] = database.collection(String(given.collectionName), options);
      }
    }
    for (const operation of test.operations) {
      const done = perform(operation, entities[operation.object]);
      const error =
        (await done.then(
          () => undefined,
          (reason: mongo.MongoServerError) => reason,
        )) ?? undefined;
      const wanted = operation.expectError;
      if (wanted) {
        expect(error, `${operation.name} should fail`).to.not.equal(undefined);
        if (wanted.errorCode !== undefined) expect(error?.code).to.equal(wanted.errorCode);
        if (wanted.errorContains) expect(error?.message).to.include(wanted.errorContains);
        continue;
      }
      if (error) throw error;
      const result = await done;
      if (operation.saveResultAsEntity) entities[operation.saveResultAsEntity] = result;
      if (operation.expectResult !== undefined) match(operation.expectResult, result, true);
    }
    for (const { databaseName, collectionName, documents } of test.outcome ?? []) {
      const found = await client
        .db(databaseName)
        .collection(collectionName)
        .find()
        .sort({ _id: 1 })
        .toArray();
      expect(plain(found)).to.deep.equal(plain(documents));
    }
  } finally {
    for (const made of opened) await made.close();
  }
}
