import { type Doc, isDoc, ObjectId, Regex, Singleton, Timestamp, type Value } from '../bson/values.js';
import { equalValues } from '../codec/compare.js';
import { CommandError, codes } from '../errors.js';
import { currentTimestamp } from '../expressions/variables.js';
import { isOperatorDocument } from '../query/filter.js';
import type { FilterNode } from '../query/filter-types.js';
import type { Update } from '../update/compile.js';
import { setAt } from '../update/paths.js';

/** An upsert could not make a document that an expression is true of, so MongoDB asks none of it. */
export function refuseExpression(node: FilterNode): void {
  if (node.kind === 'expression')
    throw new CommandError(
      codes.queryFeatureNotAllowed,
      '$expr is not allowed in the query predicate for an upsert',
    );
  if ('nodes' in node) node.nodes.forEach(refuseExpression);
}

/** The document an upsert inserts: what the query says by equality, then the update. */
export function upsertDocument(query: Doc, update: Update): Doc {
  const base: Doc = new Map();
  const equalities = new Map<string, Value>();
  // A replacement takes only the _id.
  collectEqualities(query, equalities, update.replacement);
  if (update.replacement) {
    const id = equalities.get('_id');
    if (id !== undefined) base.set('_id', id);
    if (id === undefined && equalities.size > 0) {
      throw new CommandError(54, `cannot infer query fields to set, path '_id' is only matched in part`);
    }
  } else {
    for (const [path, value] of equalities) setAt(base, path.split('.'), value);
  }
  return withId(update.apply(base, { position: undefined, inserting: true }));
}

function collectEqualities(query: Doc, into: Map<string, Value>, onlyId: boolean): void {
  const put = (path: string, value: Value) => {
    if (onlyId && path !== '_id' && !path.startsWith('_id.')) return;
    for (const other of into.keys()) {
      if (other === path) {
        throw new CommandError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
      }
      if (other.startsWith(`${path}.`) || path.startsWith(`${other}.`)) {
        throw new CommandError(
          54,
          `cannot infer query fields to set, both paths '${path}' and '${other}' are matched`,
        );
      }
    }
    into.set(path, value);
  };
  for (const [name, value] of query) {
    if (name === '$and' || (name === '$or' && Array.isArray(value) && value.length === 1)) {
      for (const part of value as Value[]) if (isDoc(part)) collectEqualities(part, into, onlyId);
    } else if (!name.startsWith('$')) {
      for (const wanted of equalitiesOf(value)) put(name, wanted);
    }
  }
}

/** The values a condition on one field demands by equality. */
function equalitiesOf(condition: Value): Value[] {
  if (condition instanceof Regex) return [];
  if (!isOperatorDocument(condition)) return [condition];
  return [...condition].flatMap(([operator, operand]): Value[] => {
    if (operator === '$eq') return [operand];
    if (operator !== '$all' && operator !== '$in') return [];
    const values = Array.isArray(operand) ? operand : [];
    const plain = values.filter((value) => !(value instanceof Regex) && !isOperatorDocument(value));
    // One value, however often it is named.
    if (operator === '$in')
      return values.every((value) => equalValues(value, values[0])) ? plain.slice(0, 1) : [];
    return plain;
  });
}

/** A document that a client inserts: its empty timestamps at the top mean now. */
export function insertable(document: Doc): Doc {
  for (const [name, value] of document) {
    if (name !== '_id' && value instanceof Timestamp && value.value === 0n)
      document.set(name, currentTimestamp());
  }
  return withId(document);
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
