import { classOf } from '../bson/types.js';
import { type Doc, doc, int, isDoc, type Maybe, type Value } from '../bson/values.js';
import { compareValues } from '../codec/compare.js';
import { CommandError } from '../errors.js';
import { compileExpression } from '../expressions/compile.js';
import { mergeFields } from '../expressions/types.js';
import { type AccumulatorMaker, compileAccumulator } from './accumulators.js';
import { positiveCount } from './operands.js';
import type { StageCompiler } from './stage.js';

interface Output {
  name: string;
  make: AccumulatorMaker;
}

function outputsOf(operand: Value | undefined): Output[] {
  const spec = operand === undefined ? doc({ count: doc({ $sum: int(1) }) }) : operand;
  if (!isDoc(spec)) throw new CommandError(40196, 'the output of a $bucket stage must be an object');
  return [...spec].map(([name, value]) => ({ name, make: compileAccumulator(name, value) }));
}

function specOf(operand: Value, stage: string, known: string[]): Doc {
  if (!isDoc(operand)) throw new CommandError(40201, `Argument to ${stage} stage must be an object`);
  for (const name of operand.keys()) {
    if (!known.includes(name)) throw new CommandError(40197, `Unrecognized option to ${stage}: ${name}.`);
  }
  return operand;
}

/** Collects documents of one bucket and gives its result document. */
function bucketResult(id: Value, outputs: Output[], members: Doc[]): Doc {
  const result: Doc = new Map([['_id', id]]);
  for (const { name, make } of outputs) {
    const accumulator = make.start();
    for (const document of members) accumulator.add({ root: document, current: document });
    const value = accumulator.result();
    if (value !== undefined) result.set(name, value);
  }
  return result;
}

function defaultOf(operand: Maybe, boundaries: Value[]): Value | undefined {
  if (operand === undefined) return undefined;
  const expression = compileExpression(operand);
  if (!expression.constant)
    throw new CommandError(40195, "The $bucket 'default' field must be a constant expression");
  const value = expression.evaluate({ root: new Map(), current: new Map() }) ?? null;
  const [low, high] = [boundaries[0], boundaries[boundaries.length - 1]];
  if (compareValues(value, low) >= 0 && compareValues(value, high) < 0) {
    throw new CommandError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
    );
  }
  return value;
}

export const bucket: StageCompiler = (operand) => {
  const spec = specOf(operand, '$bucket', ['groupBy', 'boundaries', 'default', 'output']);
  const groupBy = spec.get('groupBy');
  const boundaries = spec.get('boundaries');
  if (groupBy === undefined || !Array.isArray(boundaries)) {
    throw new CommandError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  if (boundaries.length < 2)
    throw new CommandError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  const fixed = boundaries.map((boundary) => {
    const expression = compileExpression(boundary);
    if (!expression.constant)
      throw new CommandError(40191, "The $bucket 'boundaries' field must be an array of constant values");
    return expression.evaluate({ root: new Map(), current: new Map() }) ?? null;
  });
  fixed.forEach((value, at) => {
    const before = fixed[at - 1];
    if (at === 0 || before === undefined) return;
    if (classOf(before) !== classOf(value))
      throw new CommandError(
        40193,
        "All values in the 'boundaries' option to $bucket must have the same type.",
      );
    if (compareValues(before, value) >= 0)
      throw new CommandError(40194, "The 'boundaries' option to $bucket must be sorted");
  });
  const fallback = defaultOf(spec.get('default'), fixed);
  const key = compileExpression(groupBy);
  const outputs = outputsOf(spec.get('output'));
  return {
    reads: mergeFields([key, ...outputs.map(({ make }) => ({ ...key, fields: make.fields }))]),
    ends: true,
    *run(input) {
      const members = new Map<number, Doc[]>();
      for (const document of input) {
        const value = key.evaluate({ root: document, current: document }) ?? null;
        let at = -1;
        const low = fixed[0] as Value;
        const high = fixed[fixed.length - 1] as Value;
        if (compareValues(value, low) >= 0 && compareValues(value, high) < 0) {
          at = fixed.findLastIndex((boundary) => compareValues(value, boundary) >= 0);
        } else if (fallback === undefined) {
          throw new CommandError(
            40066,
            '$switch could not find a matching branch for an input, and no default was specified.',
          );
        }
        const list = members.get(at);
        if (list) list.push(document);
        else members.set(at, [document]);
      }
      const results = [...members].map(([at, list]) =>
        bucketResult(at === -1 ? (fallback as Value) : (fixed[at] as Value), outputs, list),
      );
      yield* results.sort((a, b) => compareValues(a.get('_id'), b.get('_id')));
    },
  };
};

export const bucketAuto: StageCompiler = (operand) => {
  const spec = specOf(operand, '$bucketAuto', ['groupBy', 'buckets', 'output']);
  const groupBy = spec.get('groupBy');
  const wanted = spec.get('buckets');
  if (groupBy === undefined || wanted === undefined) {
    throw new CommandError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified.");
  }
  const buckets = positiveCount(wanted, '$bucketAuto', 1);
  const key = compileExpression(groupBy);
  const outputs = outputsOf(spec.get('output'));
  return {
    reads: mergeFields([key, ...outputs.map(({ make }) => ({ ...key, fields: make.fields }))]),
    ends: true,
    *run(input) {
      const rows = [...input].map((document) => ({
        document,
        value: key.evaluate({ root: document, current: document }) ?? null,
      }));
      rows.sort((a, b) => compareValues(a.value, b.value));
      const size = Math.max(1, Math.round(rows.length / buckets));
      let at = 0;
      let made = 0;
      while (at < rows.length) {
        made += 1;
        let end = made === buckets ? rows.length : Math.min(at + size, rows.length);
        // Equal values stay in one bucket.
        while (end < rows.length && compareValues(rows[end]?.value, rows[end - 1]?.value) === 0) end += 1;
        const slice = rows.slice(at, end);
        const min = slice[0]?.value as Value;
        const max = (end < rows.length ? rows[end]?.value : slice[slice.length - 1]?.value) as Value;
        yield bucketResult(
          doc({ min, max }),
          outputs,
          slice.map((row) => row.document),
        );
        at = end;
      }
    },
  };
};
