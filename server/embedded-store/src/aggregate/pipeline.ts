import { type Doc, isDoc, type Value } from '../bson/values.js';
import { CommandError, codes } from '../errors.js';
import type { Query } from '../plan/query.js';
import type { FilterNode } from '../query/filter-types.js';
import { compileFilter, predicateOf } from '../query/match.js';
import type { SortField } from '../query/sort.js';
import { matchFilter, positiveCount, sortFields } from './operands.js';
import type { OpenCollection, Pipeline, Stage, StageContext } from './stage.js';
import { stageCompilers } from './stages.js';

export function compilePipeline(list: Value, open: OpenCollection | undefined, planned = true): Pipeline {
  if (!Array.isArray(list))
    throw new CommandError(codes.typeMismatch, "'pipeline' option must be specified as an array");
  const entries = list.map((entry): [string, Value] => {
    if (!isDoc(entry)) {
      throw new CommandError(codes.typeMismatch, "Each element of the 'pipeline' array must be an object");
    }
    if (entry.size !== 1) {
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
    }
    return entry.entries().next().value as [string, Value];
  });
  const { query, rest } = takeHead(entries, planned);
  const context: StageContext = {
    open,
    compile: (inner) => compilePipeline(inner, open),
    compileWhole: (inner) => compilePipeline(inner, open, false),
  };
  const stages = rest.map(([name, operand]) => compileStage(name, operand, context));
  return {
    query,
    stages,
    fields: neededFields(stages),
    runFrom: (start, input) =>
      stages.slice(start).reduce<Iterable<Doc>>((flow, stage) => stage.run(flow), input),
  };
}

function compileStage(name: string, operand: Value, context: StageContext): Stage {
  const compiler = stageCompilers.get(name);
  if (compiler) return compiler(operand, context, name);
  if (name === '$changeStream') {
    throw new CommandError(40573, 'The $changeStream stage is only supported on replica sets');
  }
  throw new CommandError(codes.unknownStage, `Unrecognized pipeline stage name: '${name}'`);
}

/** Leading $match, then $sort, $skip and $limit, in the order a find applies them. */
function takeHead(
  entries: [string, Value][],
  planned: boolean,
): { query: Omit<Query, 'hint'>; rest: [string, Value][] } {
  const nodes: FilterNode[] = [];
  const fields = new Set<string>();
  let bounded = true;
  let sort: SortField[] = [];
  let skip = 0;
  let limit = 0;
  let at = 0;
  const operandOf = (name: string): Value | undefined => {
    const entry = entries[at];
    if (!planned || entry?.[0] !== name) return undefined;
    at += 1;
    return entry[1];
  };
  const takeMatches = (): void => {
    for (let operand = operandOf('$match'); operand !== undefined; operand = operandOf('$match')) {
      const compiled = compileFilter(matchFilter(operand));
      nodes.push(compiled.node);
      bounded &&= compiled.fields !== undefined;
      for (const field of compiled.fields ?? []) fields.add(field);
    }
  };
  takeMatches();
  const sortOperand = operandOf('$sort');
  if (sortOperand !== undefined) {
    sort = sortFields(sortOperand);
    takeMatches();
  }
  const skipOperand = operandOf('$skip');
  if (skipOperand !== undefined) skip = positiveCount(skipOperand, '$skip', 0);
  const limitOperand = operandOf('$limit');
  if (limitOperand !== undefined) limit = positiveCount(limitOperand, '$limit', 1);
  const node: FilterNode = nodes.length === 1 ? (nodes[0] as FilterNode) : { kind: 'and', nodes };
  const filter = { node, predicate: predicateOf(node), fields: bounded ? fields : undefined };
  return { query: { filter, sort, skip, limit }, rest: entries.slice(at) };
}

/** Fields needed until a stage that passes on only what it names. */
function neededFields(stages: Stage[]): Set<string> | undefined {
  const fields = new Set<string>();
  for (const stage of stages) {
    if (!stage.reads) return undefined;
    for (const field of stage.reads) fields.add(field);
    if (stage.ends) return fields;
  }
  return undefined;
}
