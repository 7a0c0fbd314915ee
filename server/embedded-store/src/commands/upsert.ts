import { type Doc, isDoc, ObjectId, Regex, Singleton, type Value } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { isOperatorDocument } from '../query/filter.js';
import type { Update } from '../update/compile.js';
import { setAt } from '../update/paths.js';

/** The document an upsert inserts: what the query says by equality, then the update. */
export function upsertDocument(query: Doc, update: Update): Doc {
  const base: Doc = new Map();
  const equalities = new Map<string, Value>();
  collectEqualities(query, equalities);
  if (update.replacement) {
    const id = equalities.get('_id');
    if (id !== undefined) base.set('_id', id);
  } else {
    for (const [path, value] of equalities) setAt(base, path.split('.'), value);
  }
  return withId(update.apply(base, { position: undefined, inserting: true }));
}

function collectEqualities(query: Doc, into: Map<string, Value>): void {
  const put = (path: string, value: Value) => {
    if (into.has(path)) {
      throw new CommandError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    }
    into.set(path, value);
  };
  for (const [name, value] of query) {
    if (name === '$and' || (name === '$or' && Array.isArray(value) && value.length === 1)) {
      for (const part of value as Value[]) if (isDoc(part)) collectEqualities(part, into);
    } else if (name.startsWith('$') || value instanceof Regex) {
      // not an equality
    } else if (isOperatorDocument(value)) {
      const equal = value.get('$eq');
      const all = value.get('$all');
      if (equal !== undefined) put(name, equal);
      else if (Array.isArray(all) && all.length === 1 && !isOperatorDocument(all[0]))
        put(name, all[0] as Value);
    } else put(name, value);
  }
}

/** `_id` first, made when there is none. */
export function withId(document: Doc): Doc {
  const id = document.get('_id');
  if (id === undefined) return new Map<string, Value>([['_id', ObjectId.generate()], ...document]);
  checkId(id);
  if (document.keys().next().value === '_id') return document;
  const result: Doc = new Map([['_id', id]]);
  for (const [name, value] of document) result.set(name, value);
  return result;
}

function checkId(id: Value): void {
  if (Array.isArray(id)) throw new CommandError(53, "The '_id' value cannot be of type array");
  if (id instanceof Regex) throw new CommandError(53, "The '_id' value cannot be of type regex");
  if (id instanceof Singleton && id.kind === 'undefined') {
    throw new CommandError(53, "The '_id' value cannot be of type undefined");
  }
  if (isDoc(id)) {
    for (const name of id.keys()) {
      if (name.startsWith('$') && !['$ref', '$id', '$db'].includes(name)) {
        throw new CommandError(
          52,
          `_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`,
        );
      }
    }
  }
}
