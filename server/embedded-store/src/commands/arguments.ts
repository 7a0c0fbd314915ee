import { typeName } from '../bson/types.js';
import { type Doc, isDoc, type Maybe, type Value } from '../bson/values.js';
import { isNumber, plainNumber } from '../codec/exact.js';
import { badValue, CommandError, codes, typeMismatch } from '../errors.js';
import { isTrue } from '../storage/catalog.js';
import type { Request } from './types.js';

/** Sent by drivers with any command; harmless for one process that flushes every write. */
const everywhere = new Set([
  '$db',
  'lsid',
  '$readPreference',
  '$clusterTime',
  'readConcern',
  'writeConcern',
  'comment',
  'maxTimeMS',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
]);

/** Known to MongoDB, not built here: refused by name with a reason. */
const notThere: Record<string, string> = {
  collation: 'collation',
  txnNumber: 'transactions',
  startTransaction: 'transactions',
  autocommit: 'transactions',
};

/** The commands of the versioned API, which is what `apiStrict` allows. */
const versioned = new Set([
  'abortTransaction',
  'aggregate',
  'bulkWrite',
  'collMod',
  'commitTransaction',
  'count',
  'create',
  'createIndexes',
  'delete',
  'drop',
  'dropDatabase',
  'dropIndexes',
  'endSessions',
  'explain',
  'find',
  'findAndModify',
  'getMore',
  'hello',
  'insert',
  'killCursors',
  'listCollections',
  'listDatabases',
  'listIndexes',
  'ping',
  'refreshSessions',
  'update',
]);

export function checkApiVersion(command: string, body: Doc): void {
  const version = body.get('apiVersion');
  if (version === undefined) {
    if (body.has('apiStrict') || body.has('apiDeprecationErrors'))
      throw new CommandError(
        codes.invalidOptions,
        'Provided apiStrict and/or apiDeprecationErrors without passing apiVersion',
      );
    return;
  }
  if (version !== '1') throw new CommandError(322, 'API version must be "1"');
  if (isTrue(body.get('apiStrict')) && !versioned.has(command))
    throw new CommandError(
      323,
      `Provided apiStrict:true, but the command ${command} is not in API Version 1.`,
    );
}

export function checkFields(command: string, body: Doc, known: readonly string[]): void {
  for (const [name, value] of body) {
    if (name === command || everywhere.has(name) || known.includes(name)) continue;
    if (name === 'txnNumber' || name === 'startTransaction' || name === 'autocommit') {
      throw new CommandError(
        codes.illegalOperation,
        'Transaction numbers are only allowed on a replica set member or mongos',
      );
    }
    refuseKnown(name, value, command);
  }
  checkConcerns(body);
}

function refuseKnown(name: string, value: Value, owner: string): void {
  if (name in notThere) {
    if (name === 'collation' && isSimple(value)) return;
    throw new CommandError(
      codes.commandNotSupported,
      `The embedded store does not support ${notThere[name]} (${owner})`,
    );
  }
  throw new CommandError(codes.unknownField, `BSON field '${owner}.${name}' is an unknown field.`);
}

/** The collation there is: none, which compares bytes. */
export function isSimple(collation: Maybe): boolean {
  if (collation === undefined) return true;
  if (!isDoc(collation)) return false;
  return collation.size === 0 || (collation.size === 1 && collation.get('locale') === 'simple');
}

/** The same rule for a document inside a command, such as one entry of `updates`. */
export function checkEntry(owner: string, entry: Doc, known: readonly string[]): void {
  for (const [name, value] of entry) if (!known.includes(name)) refuseKnown(name, value, owner);
}

function checkConcerns(body: Doc): void {
  const write = body.get('writeConcern');
  if (isDoc(write)) {
    const w = write.get('w');
    if (isNumber(w) && plainNumber(w) > 1) throw badValue("cannot use 'w' > 1 when a host is not replicated");
    if (typeof w === 'string' && w !== 'majority')
      throw new CommandError(79, `No write concern mode named '${w}' found`);
  }
  const read = body.get('readConcern');
  if (isDoc(read)) {
    const level = read.get('level');
    if (level !== undefined && !['local', 'available', 'majority'].includes(level as string)) {
      throw new CommandError(
        codes.commandNotSupported,
        `The embedded store does not support read concern ${String(level)}`,
      );
    }
  }
}

export function collectionName(request: Request, command: string): string {
  const name = request.body.get(command);
  if (typeof name !== 'string') {
    throw new CommandError(codes.invalidNamespace, `Collection name has invalid type ${typeName(name)}`);
  }
  if (name === '') {
    throw new CommandError(codes.invalidNamespace, `Invalid namespace specified '${request.database}.'`);
  }
  return name;
}

export function docArgument(body: Doc, name: string): Doc {
  const value = body.get(name);
  if (value === undefined || value === null) return new Map();
  if (!isDoc(value)) {
    throw typeMismatch(`BSON field '${name}' is the wrong type '${typeName(value)}', expected type 'object'`);
  }
  return value;
}

export function optionalDoc(body: Doc, name: string): Doc | undefined {
  return body.has(name) ? docArgument(body, name) : undefined;
}

export function arrayArgument(body: Doc, name: string): Value[] {
  const value = body.get(name);
  if (value === undefined)
    throw new CommandError(40414, `BSON field '${name}' is missing but a required field`);
  if (!Array.isArray(value)) {
    throw typeMismatch(`BSON field '${name}' is the wrong type '${typeName(value)}', expected type 'array'`);
  }
  return value;
}

export function docsArgument(body: Doc, name: string): Doc[] {
  return arrayArgument(body, name).map((value) => {
    if (!isDoc(value)) throw typeMismatch(`BSON field '${name}' must be an array of objects`);
    return value;
  });
}

export function booleanArgument(body: Doc, name: string, fallback = false): boolean {
  const value = body.get(name);
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'boolean' && !isNumber(value)) {
    throw typeMismatch(`BSON field '${name}' is the wrong type '${typeName(value)}', expected type 'bool'`);
  }
  return isTrue(value);
}

export function integerArgument(value: Maybe, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isNumber(value))
    throw typeMismatch(`BSON field '${name}' is the wrong type '${typeName(value)}', expected a number`);
  const number = plainNumber(value);
  if (!Number.isFinite(number)) throw badValue(`${name} must be representable as a 64-bit integer`);
  return Math.trunc(number);
}

/** Options that mean nothing when false and are not built when true. */
export function refuseWhenSet(body: Doc, names: readonly string[]): void {
  for (const name of names) {
    if (isTrue(body.get(name))) {
      throw new CommandError(codes.commandNotSupported, `The embedded store does not support ${name}`);
    }
  }
}
