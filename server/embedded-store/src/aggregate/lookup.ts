import { readDocument } from '../bson/read.js';
import { type Doc, doc, int, isDoc, type Maybe, RawDocument, Regex, type Value } from '../bson/values.js';
import { CommandError, failedToParse, notBuilt } from '../errors.js';
import { checkVariableName, compileExpression, splitPath } from '../expressions/compile.js';
import { mergeFields } from '../expressions/types.js';
import { type Declared, declaredNow, declaring } from '../expressions/variables.js';
import { visitPath } from '../query/path.js';
import type { OpenCollection, Pipeline, Stage, StageCompiler, StageContext } from './stage.js';
import { setPath } from './unwind.js';

function decode(document: Doc | RawDocument): Doc {
  return document instanceof RawDocument ? readDocument(document.bytes as Buffer) : document;
}

export const lookup: StageCompiler = (operand, context) => {
  if (!isDoc(operand)) throw failedToParse('the $lookup stage specification must be an object');
  for (const name of operand.keys()) {
    if (!['from', 'as', 'localField', 'foreignField', 'let', 'pipeline'].includes(name)) {
      throw failedToParse(`unknown argument to $lookup: ${name}`);
    }
  }
  const text = (name: string): string => {
    const value = operand.get(name);
    if (typeof value !== 'string') throw failedToParse(`$lookup argument '${name}' must be a string`);
    return value;
  };
  const join: Join = {
    from: text('from'),
    as: splitPath(text('as')),
    local: operand.has('localField') ? splitPath(text('localField')) : undefined,
    foreign: operand.has('foreignField') ? text('foreignField') : undefined,
    pipeline: operand.get('pipeline'),
    variables: letOf(operand.get('let')),
    outer: declaredNow(),
  };
  if ((join.local === undefined) !== (join.foreign === undefined)) {
    throw failedToParse('$lookup requires both or neither of localField and foreignField to be specified');
  }
  if (join.local === undefined && join.pipeline === undefined) {
    throw failedToParse('$lookup requires either localField and foreignField, or a pipeline');
  }
  // Wrong inner stages are told at once, whatever the documents.
  compileInner(join, new Map(), undefined, context);
  return stage(join, context);
};

interface Join {
  from: string;
  as: string[];
  local: string[] | undefined;
  foreign: string | undefined;
  pipeline: Value | undefined;
  variables: { name: string; expression: ReturnType<typeof compileExpression> }[];
  /** Variables of the command and of the pipelines around this one. */
  outer: readonly Declared[];
}

function letOf(operand: Maybe): Join['variables'] {
  if (operand === undefined) return [];
  if (!isDoc(operand)) throw failedToParse("$lookup argument 'let' must be an object");
  return [...operand].map(([name, value]) => {
    checkVariableName(name);
    return { name, expression: compileExpression(value) };
  });
}

/** Variables are constants of one run, so that the planner can use an index for them. */
function compileInner(join: Join, document: Doc, match: Doc | undefined, context: StageContext): Pipeline {
  const scope = { root: document, current: document };
  const values = join.variables.map(({ name, expression }) => ({ name, value: expression.evaluate(scope) }));
  const stages = [...((join.pipeline as Value[] | undefined) ?? [])];
  if (join.pipeline !== undefined && !Array.isArray(join.pipeline)) {
    throw failedToParse("'pipeline' option must be specified as an array");
  }
  if (match) stages.unshift(new Map([['$match', match]]));
  return declaring([...join.outer, ...values], () => context.compile(stages));
}

/** The values at the local path: arrays on the way and at its end stand for their elements, nothing for null. */
function localValues(document: Doc, parts: readonly string[]): Value[] {
  const values: Value[] = [];
  visitPath(document, parts, false, (found) => {
    for (const value of Array.isArray(found) ? found : [found]) if (value !== undefined) values.push(value);
    return false;
  });
  return values.length > 0 ? values : [null];
}

/** What equals one of the local values. */
function foreignMatch(foreign: string, values: Value[]): Doc {
  const several = values.length > 1;
  // A regular expression must be met by an equal one, which $in cannot say.
  if (several && values.some((value) => value instanceof Regex))
    throw notBuilt('$lookup from an array with regular expressions');
  const condition: Doc = several ? new Map([['$in', values]]) : new Map([['$eq', values[0] as Value]]);
  const equal: Doc = new Map([[foreign, condition]]);
  const parts = foreign.split('.');
  if (parts.length === 1 || !values.includes(null)) return equal;
  // A join, other than a query, finds null as well where an array on the way has no document to go on with.
  const elsewhere = parts.slice(0, -1).flatMap((_, at): Doc[] => {
    const prefix = parts.slice(0, at + 1).join('.');
    return [
      doc({ [prefix]: doc({ $elemMatch: doc({ $not: doc({ $type: 'object' }) }) }) }),
      doc({ [prefix]: doc({ $size: int(0) }) }),
    ];
  });
  return doc({ $or: [equal, ...elsewhere] });
}

function stage(join: Join, context: StageContext): Stage {
  const fields = mergeFields(join.variables.map(({ expression }) => expression));
  return {
    reads: fields && new Set([...fields, ...(join.local?.slice(0, 1) ?? []), join.as[0] as string]),
    ends: false,
    *run(input) {
      const open = context.open as OpenCollection;
      for (const document of input) {
        const match = join.local && foreignMatch(join.foreign as string, localValues(document, join.local));
        const pipeline = compileInner(join, document, match, context);
        const joined: Value[] = [];
        for (const found of open(join.from, pipeline)) joined.push(decode(found));
        yield setPath(document, join.as, joined);
      }
    },
  };
}

export const unionWith: StageCompiler = (operand, context) => {
  const spec = isDoc(operand) ? operand : new Map<string, Value>([['coll', operand]]);
  for (const name of spec.keys()) {
    if (name !== 'coll' && name !== 'pipeline') {
      throw new CommandError(40415, `BSON field '$unionWith.${name}' is an unknown field.`);
    }
  }
  const from = spec.get('coll');
  if (typeof from !== 'string') throw failedToParse('$unionWith needs the name of a collection');
  const pipeline = context.compile(spec.get('pipeline') ?? []);
  return {
    reads: undefined,
    ends: false,
    *run(input) {
      yield* input;
      for (const found of (context.open as OpenCollection)(from, pipeline)) yield decode(found);
    },
  };
};

/** Every branch sees the same documents. */
export const facet: StageCompiler = (operand, context) => {
  if (!isDoc(operand) || operand.size === 0) {
    throw new CommandError(40169, 'the $facet specification must be a non-empty object');
  }
  const branches = [...operand].map(([name, list]) => {
    if (name.startsWith('$') || name.includes('.'))
      throw failedToParse(`$facet name '${name}' is not allowed`);
    if (!Array.isArray(list))
      throw new CommandError(40170, `arguments to $facet must be arrays, ${name} is not`);
    for (const entry of list) {
      const inner = isDoc(entry) ? entry.keys().next().value : undefined;
      if (inner === '$facet' || inner === '$out' || inner === '$merge') {
        throw new CommandError(40600, `${inner} is not allowed to be used within a $facet stage`);
      }
    }
    return { name, pipeline: context.compileWhole(list) };
  });
  return {
    reads: undefined,
    ends: true,
    *run(input) {
      const documents = [...input];
      const result: Doc = new Map();
      for (const { name, pipeline } of branches) result.set(name, [...pipeline.runFrom(0, documents)]);
      yield result;
    },
  };
};
