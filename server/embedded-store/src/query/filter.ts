import { type Doc, isDoc, type Maybe, Regex, Singleton, type Value } from '../bson/values.js';
import { isNumber, plainNumber } from '../codec/exact.js';
import { badValue, CommandError, codes, notBuilt } from '../errors.js';
import { compileExpression } from '../expressions/compile.js';
import { truthy } from '../expressions/truth.js';
import { parseBits, parseMod, parseRegex, parseTypes, regexTest } from './filter-operands.js';
import type { FilterNode, Test } from './filter-types.js';
import { compileRegex } from './regex.js';

export function parseFilter(filter: Doc, insideElement = false): FilterNode {
  const nodes: FilterNode[] = [];
  for (const [name, value] of filter) {
    if (name.startsWith('$')) nodes.push(...parseTopLevel(name, value, insideElement));
    else nodes.push(...parseField(name, value));
  }
  return nodes.length === 1 ? (nodes[0] as FilterNode) : { kind: 'and', nodes };
}

function parseTopLevel(name: string, value: Value, insideElement: boolean): FilterNode[] {
  switch (name) {
    case '$and':
    case '$or':
    case '$nor': {
      if (!Array.isArray(value)) throw badValue(`${name} must be an array`);
      if (value.length === 0) throw badValue(`${name} must be a nonempty array`);
      const nodes = value.map((entry) => {
        if (!(entry instanceof Map)) throw badValue(`${name} entries need to be full objects`);
        return parseFilter(entry, insideElement);
      });
      return [{ kind: name.slice(1) as 'and' | 'or' | 'nor', nodes }];
    }
    case '$expr': {
      if (insideElement) throw badValue('$expr can only be applied to the top-level document');
      const expression = compileExpression(value);
      return [
        {
          kind: 'expression',
          matches: (document) => truthy(expression.evaluate({ root: document, current: document })),
          fields: expression.fields,
          implied: impliedBy(value),
        },
      ];
    }
    case '$comment':
      return [];
    case '$alwaysTrue':
      return [];
    case '$alwaysFalse':
      return [{ kind: 'never' }];
    case '$where':
      throw badValue('no globalScriptEngine in $where parsing');
    case '$text':
      throw new CommandError(codes.indexNotFound, 'text index required for $text query');
    case '$jsonSchema':
    case '$sampleRate':
      throw notBuilt(name);
    default:
      throw badValue(
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

/** `$expr` comparing a field with a constant says at least this much in query terms, which an index can use. */
function impliedBy(value: Value): FilterNode[] {
  if (!isDoc(value) || value.size !== 1) return [];
  const [operator, operand] = value.entries().next().value as [string, Value];
  if (operator === '$and' && Array.isArray(operand)) return operand.flatMap(impliedBy);
  if (!Array.isArray(operand) || operand.length !== 2) return [];
  if (operator !== '$eq' && operator !== '$in') return [];
  const sides = operator === '$eq' ? [operand, [...operand].reverse()] : [operand];
  for (const [path, constant] of sides as [Value, Value][]) {
    if (typeof path !== 'string' || !/^\$[^$]/.test(path)) continue;
    const known = constantOf(constant);
    if (known === undefined) continue;
    const name = path.slice(1);
    const field = (test: Test): FilterNode => ({
      kind: 'field',
      path: name,
      parts: name.split('.'),
      test,
      negated: false,
    });
    if (operator === '$eq' && known !== null && !Array.isArray(known))
      return [field({ op: 'eq', value: known })];
    if (
      operator === '$in' &&
      Array.isArray(known) &&
      !known.some((one) => one === null || Array.isArray(one) || one instanceof Regex)
    ) {
      return [field({ op: 'in', values: known })];
    }
  }
  return [];
}

function constantOf(value: Value): Maybe {
  const expression = compileExpression(value);
  return expression.constant ? expression.evaluate({ root: new Map(), current: new Map() }) : undefined;
}

export function isOperatorDocument(value: Maybe): value is Doc {
  if (!(value instanceof Map) || value.size === 0) return false;
  const first = value.keys().next().value as string;
  return first.startsWith('$') && !['$ref', '$id', '$db'].includes(first);
}

function parseField(path: string, value: Value): FilterNode[] {
  const parts = path.split('.');
  const field = ({ test, negated }: { test: Test; negated: boolean }): FilterNode => ({
    kind: 'field',
    path,
    parts,
    test,
    negated,
  });
  if (value instanceof Regex) return [field({ test: regexTest(value), negated: false })];
  refuseUndefined(value);
  if (!isOperatorDocument(value)) return [field({ test: { op: 'eq', value }, negated: false })];
  const nodes: FilterNode[] = [];
  for (const [operator, operand] of value) {
    if (operator === '$not') {
      const inner = parseNot(path, operand);
      nodes.push({ kind: 'nor', nodes: [inner] });
    } else if (operator === '$all') nodes.push(...parseAll(path, operand, field));
    else {
      const parsed = parseOperator(operator, operand, value);
      if (parsed) nodes.push(field(parsed));
    }
  }
  return nodes;
}

function refuseUndefined(value: Value): void {
  if (value instanceof Singleton && value.kind === 'undefined') throw badValue('cannot compare to undefined');
}

function parseNot(path: string, operand: Value): FilterNode {
  if (operand instanceof Regex) {
    return { kind: 'field', path, parts: path.split('.'), test: regexTest(operand), negated: false };
  }
  if (!isOperatorDocument(operand)) throw badValue('$not needs a regex or a document');
  return { kind: 'and', nodes: parseField(path, operand) };
}

function parseAll(
  path: string,
  operand: Value,
  field: (entry: { test: Test; negated: boolean }) => FilterNode,
): FilterNode[] {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  if (operand.length === 0) return [{ kind: 'never' }];
  const asks = (entry: Value): boolean => isOperatorDocument(entry) && entry.has('$elemMatch');
  if (asks(operand[0] as Value) && !operand.every(asks))
    throw badValue('$all/$elemMatch has to be consistent');
  return operand.map((entry) => {
    if (entry instanceof Regex) return field({ test: regexTest(entry), negated: false });
    if (isOperatorDocument(entry)) {
      if (!asks(operand[0] as Value)) throw badValue('no $ expressions in $all');
      return { kind: 'and', nodes: parseField(path, entry) };
    }
    return field({ test: { op: 'eq', value: entry }, negated: false });
  });
}

function parseOperator(
  operator: string,
  operand: Value,
  all: Doc,
): { test: Test; negated: boolean } | undefined {
  const yes = (test: Test) => ({ test, negated: false });
  if (operator !== '$exists') refuseUndefined(operand);
  switch (operator) {
    case '$eq':
    case '$ne':
      if (operand instanceof Regex) {
        if (operator === '$ne') throw badValue("Can't have regex as arg to $ne.");
      }
      return { test: { op: 'eq', value: operand }, negated: operator === '$ne' };
    case '$lt':
    case '$lte':
    case '$gt':
    case '$gte':
      if (operand instanceof Regex)
        throw badValue(`Can't have RegEx as arg to predicate over field '${operator}'.`);
      return yes({ op: operator.slice(1) as 'lt', value: operand });
    case '$in':
    case '$nin': {
      if (!Array.isArray(operand)) throw badValue(`${operator} needs an array`);
      if (operand.some(isOperatorDocument)) throw badValue(`cannot nest $ under ${operator}`);
      for (const entry of operand) if (entry instanceof Regex) compileRegex(entry);
      return { test: { op: 'in', values: operand }, negated: operator === '$nin' };
    }
    case '$exists':
      return { test: { op: 'exists' }, negated: !truthy(operand) };
    case '$type':
      return yes({ op: 'type', types: parseTypes(operand) });
    case '$regex':
      return yes(regexTest(parseRegex(operand, all.get('$options'))));
    case '$options':
      if (!all.has('$regex')) throw badValue('$options needs a $regex');
      return undefined;
    case '$size': {
      if (!isNumber(operand)) throw badValue('Failed to parse $size. Expected a number');
      const size = plainNumber(operand);
      if (!Number.isInteger(size)) throw badValue('Failed to parse $size. Expected an integer');
      if (size < 0) throw badValue('Failed to parse $size. Expected a non-negative number');
      if (size > 0x7fffffff) throw badValue('Failed to parse $size. Cannot represent it in an int');
      return yes({ op: 'size', size });
    }
    case '$mod':
      return yes(parseMod(operand));
    case '$elemMatch':
      return yes(parseElemMatch(operand));
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
      return yes(parseBits(operator, operand));
    case '$geoWithin':
    case '$geoIntersects':
    case '$near':
    case '$nearSphere':
    case '$within':
      throw notBuilt(`geospatial queries (${operator})`);
    default:
      throw badValue(`unknown operator: ${operator}`);
  }
}

function parseElemMatch(operand: Value): Test {
  if (!(operand instanceof Map)) throw badValue('$elemMatch needs an Object');
  const logical = ['$and', '$or', '$nor', '$where', '$expr'];
  const first = operand.keys().next().value;
  if (isOperatorDocument(operand) && !logical.includes(first as string)) {
    const nodes = parseField('', operand);
    return { op: 'elemMatchValue', tests: nodes.flatMap(valueTests) };
  }
  return { op: 'elemMatchDocument', node: parseFilter(operand, true) };
}

/** Within $elemMatch on plain values each operator asks about the element itself. */
function valueTests(node: FilterNode): { test: Test; negated: boolean }[] {
  if (node.kind === 'field') return [{ test: node.test, negated: node.negated }];
  if (node.kind === 'nor' && node.nodes.length === 1) {
    const inner = node.nodes[0] as FilterNode;
    const parts = inner.kind === 'and' ? inner.nodes.flatMap(valueTests) : valueTests(inner);
    if (parts.length === 1) return parts.map(({ test, negated }) => ({ test, negated: !negated }));
  }
  throw notBuilt('this combination of operators inside $elemMatch');
}
