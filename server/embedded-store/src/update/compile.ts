import { describeValue } from '../bson/describe.js';
import { cloneDoc, type Doc, isDoc, Timestamp, type Value } from '../bson/values.js';
import { compareStrings, equalValues } from '../codec/compare.js';
import { badValue, CommandError, codes, failedToParse } from '../errors.js';
import { currentTimestamp } from '../expressions/variables.js';
import { compileFilter } from '../query/match.js';
import { arrayPosition } from '../query/path.js';
import type { Position } from '../query/predicate.js';
import { arrayModifiers } from './array-modifiers.js';
import { checkPath, type ElementTest, expandPath, isMarker } from './expand.js';
import { fieldModifiers } from './field-modifiers.js';
import type { Modifier, ModifierMaker } from './modifier.js';
import { compilePipelineUpdate } from './pipeline.js';

export interface Update {
  /** The document after the update; the one given is not changed. */
  apply(document: Doc, context: UpdateContext): Doc;
  replacement: boolean;
}

export interface UpdateContext {
  position: Position | undefined;
  inserting: boolean;
  /** Set by an operator that counts as a change whatever it did. */
  changed?: boolean;
}

const makers: Record<string, ModifierMaker> = { ...fieldModifiers, ...arrayModifiers };

export function compileUpdate(update: Value, arrayFilters: Value | undefined, multi: boolean): Update {
  if (Array.isArray(update)) {
    if (arrayFilters !== undefined)
      throw failedToParse('arrayFilters may not be specified for pipeline-syle updates');
    return { replacement: false, apply: compilePipelineUpdate(update) };
  }
  if (!isDoc(update)) throw failedToParse('Update argument must be either an object or an array');
  const first = update.keys().next().value;
  if (first === undefined || !first.startsWith('$')) return replacement(update, arrayFilters, multi);
  return modifiers(update, arrayFilters);
}

function replacement(update: Doc, arrayFilters: Value | undefined, multi: boolean): Update {
  if (multi) throw failedToParse('multi update is not supported for replacement-style update');
  if (arrayFilters !== undefined)
    throw failedToParse('arrayFilters may not be specified for replacement-style updates');
  for (const name of update.keys()) {
    if (name.startsWith('$')) {
      throw new CommandError(
        codes.dollarPrefixedFieldName,
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document.`,
      );
    }
  }
  return {
    replacement: true,
    apply: (document) => {
      const result: Doc = new Map();
      const id = document.get('_id');
      const wanted = update.get('_id');
      if (id !== undefined) {
        if (wanted !== undefined && !equalValues(id, wanted)) throw changedId(wanted);
        result.set('_id', id);
      } else if (wanted !== undefined) result.set('_id', wanted);
      for (const [name, value] of cloneDoc(update)) {
        const empty = value instanceof Timestamp && value.value === 0n;
        if (name !== '_id') result.set(name, empty ? currentTimestamp() : value);
      }
      return result;
    },
  };
}

function changedId(wanted: Value | undefined): CommandError {
  return new CommandError(
    codes.immutableField,
    `Performing an update on the path '_id' would modify the immutable field '_id' (new value: ${describeValue(wanted)})`,
  );
}

interface Planned {
  parts: string[];
  modifier: Modifier;
  /** Where $rename writes: its place in the order of new fields. */
  target: readonly string[] | undefined;
}

/** New fields are added in the order of their names, numbers by value, whatever order the update has. */
function comparePaths(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a[at] as string;
    const right = b[at] as string;
    const numeric = arrayPosition(left) !== undefined && arrayPosition(right) !== undefined;
    const order = numeric ? Number(left) - Number(right) : compareStrings(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function modifiers(update: Doc, arrayFilters: Value | undefined): Update {
  const planned: Planned[] = [];
  for (const [operator, operand] of update) {
    if (!operator.startsWith('$')) {
      throw new CommandError(
        codes.failedToParse,
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    const make = makers[operator];
    if (!make) {
      throw failedToParse(
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDoc(operand)) {
      throw failedToParse(
        `Modifiers operate on fields but we found type ${describeValue(operand)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${describeValue(operand)}}`,
      );
    }
    for (const [path, value] of operand) {
      const modifier = make(value, path);
      planned.push({ parts: checkPath(path), modifier, target: modifier.alsoWrites });
    }
  }
  checkConflicts(planned);
  planned.sort((a, b) => comparePaths(a.target ?? a.parts, b.target ?? b.parts));
  const filters = compileArrayFilters(arrayFilters, planned);
  const dynamic = planned.some(({ parts }) => parts.some(isMarker));
  return {
    replacement: false,
    apply: (document, context) => {
      const result = cloneDoc(document);
      const id = document.get('_id');
      const written: Planned[] = [];
      for (const step of planned) {
        // Where it leads is looked at even where nothing is inserted: a wrong path is told at once.
        const paths = expandPath(result, step.parts, context.position, filters);
        if (step.modifier.onlyOnInsert && !context.inserting) continue;
        for (const parts of paths) {
          step.modifier.run(result, parts);
          if (step.modifier.always) context.changed = true;
          if (dynamic) written.push({ ...step, parts });
        }
      }
      // Markers may lead two operators to one element, which only the document tells.
      if (dynamic) checkConflicts(written);
      const after = result.get('_id');
      if (id !== undefined && (after === undefined || !equalValues(id, after))) throw changedId(after);
      return result;
    },
  };
}

/** The paths an update writes, as a tree: one that leads to another or beyond it shows on the way. */
interface Written {
  ends: boolean;
  children: Map<string, Written>;
}

function checkConflicts(planned: Planned[]): void {
  const root: Written = { ends: false, children: new Map() };
  for (const { parts, target } of planned) {
    for (const path of target ? [parts, target] : [parts]) {
      const shared = enter(root, path);
      if (shared === undefined) continue;
      throw new CommandError(
        codes.conflictingUpdateOperators,
        `Updating the path '${path.join('.')}' would create a conflict at '${path.slice(0, shared).join('.')}'`,
      );
    }
  }
}

/**
 * How many parts this path shares with one before it that may not both be written: one leads to the other or beyond
 * it, or elements of an array are named by `$[]` in one and by position or field in the other.
 */
function enter(root: Written, path: readonly string[]): number | undefined {
  let node = root;
  for (const [at, part] of path.entries()) {
    if (node.ends) return at;
    let next = node.children.get(part);
    if (!next) {
      const [beside] = node.children.keys();
      if (beside !== undefined && beside.startsWith('$[') !== part.startsWith('$[')) return at;
      next = { ends: false, children: new Map() };
      node.children.set(part, next);
    }
    node = next;
  }
  if (node.ends || node.children.size > 0) return path.length;
  node.ends = true;
  return undefined;
}

function compileArrayFilters(arrayFilters: Value | undefined, planned: Planned[]): Map<string, ElementTest> {
  const filters = new Map<string, ElementTest>();
  if (arrayFilters !== undefined && !Array.isArray(arrayFilters))
    throw new CommandError(codes.typeMismatch, 'arrayFilters must be an array');
  for (const filter of arrayFilters ?? []) {
    if (!isDoc(filter)) throw new CommandError(codes.typeMismatch, 'array filters must be objects');
    const name = filterName(filter);
    if (name === undefined)
      throw failedToParse('Cannot use an expression without a top-level field name in arrayFilters');
    if (filters.has(name))
      throw failedToParse(`Found multiple array filters with the same top-level field name ${name}`);
    const { predicate } = compileFilter(filter);
    filters.set(name, (element) => predicate(new Map([[name, element]])));
    if (!planned.some(({ parts }) => parts.includes(`$[${name}]`))) {
      throw failedToParse(`The array filter for identifier '${name}' was not used in the update`);
    }
  }
  for (const { parts } of planned) {
    for (const part of parts) {
      if (!part.startsWith('$[') || part === '$[]' || filters.has(part.slice(2, -1))) continue;
      throw badValue(
        `No array filter found for identifier '${part.slice(2, -1)}' in path '${parts.join('.')}'`,
      );
    }
  }
  return filters;
}

/** The identifier an array filter is about: the first part of its field names. */
function filterName(filter: Doc): string | undefined {
  let found: string | undefined;
  for (const [name, value] of filter) {
    let inner: string | undefined;
    if (!name.startsWith('$')) inner = name.split('.')[0];
    else if (Array.isArray(value)) {
      for (const entry of value) if (isDoc(entry)) inner = filterName(entry) ?? inner;
    }
    if (inner !== undefined && found !== undefined && inner !== found) {
      throw badValue(`Expected a single top-level field name, found '${found}' and '${inner}'`);
    }
    found ??= inner;
  }
  return found;
}
