import { type Doc, isDoc, type Value } from '../bson/values.js';
import type { Query } from '../commands/find.js';
import type { Store } from '../commands/types.js';
import { CommandError, codes } from '../errors.js';
import type { SortField } from '../plan/plan.js';
import type { FilterNode } from '../query/filter.js';
import { compileFilter, predicateOf } from '../query/match.js';
import { matchFilter, positiveCount, sortFields } from './operands.js';
import type { Stage, StageContext } from './stage.js';
import { stageCompilers } from './stages.js';

export interface Pipeline {
  /** What the planner can do: filter, order, skip and limit at the head of the pipeline. */
  query: Omit<Query, 'hint'>;
  stages: Stage[];
  /** Top-level fields the stages read; undefined when they may need whole documents. */
  fields: Set<string> | undefined;
  run(input: Iterable<Doc>): Iterable<Doc>;
}

/** Without a store (for explain) stages that read other collections are only checked. */
export function compilePipeline(
  list: Value[],
  source: { store: Store; database: string } | undefined,
): Pipeline {
  const entries = list.map((entry): [string, Value] => {
    if (!isDoc(entry))
      throw new CommandError(codes.typeMismatch, "Each element of the 'pipeline' array must be an object");
    if (entry.size !== 1) {
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
    }
    return entry.entries().next().value as [string, Value];
  });
  const { query, rest } = takeHead(entries);
  const context: StageContext = { source, compile: (inner) => compilePipeline(inner, source) };
  const stages = rest.map(([name, operand]) => {
    const compiler = stageCompilers[name];
    if (!compiler) throw new CommandError(codes.unknownStage, `Unrecognized pipeline stage name: '${name}'`);
    return compiler(operand, context, name);
  });
  return {
    query,
    stages,
    fields: neededFields(stages),
    run: (input) => stages.reduce<Iterable<Doc>>((flow, stage) => stage.run(flow), input),
  };
}

/** Leading $match, then $sort, $skip and $limit, in the order a find applies them. */
function takeHead(entries: [string, Value][]): { query: Omit<Query, 'hint'>; rest: [string, Value][] } {
  const nodes: FilterNode[] = [];
  const fields = new Set<string>();
  let bounded = true;
  let sort: SortField[] = [];
  let skip = 0;
  let limit = 0;
  let at = 0;
  for (; entries[at]?.[0] === '$match'; at += 1) {
    const filter = matchFilter((entries[at] as [string, Value])[1]);
    const compiled = compileFilter(filter);
    nodes.push(compiled.node);
    bounded &&= compiled.fields !== undefined;
    for (const field of compiled.fields ?? []) fields.add(field);
  }
  if (entries[at]?.[0] === '$sort') {
    sort = sortFields((entries[at] as [string, Value])[1]);
    at += 1;
    for (; entries[at]?.[0] === '$match'; at += 1) {
      const compiled = compileFilter(matchFilter((entries[at] as [string, Value])[1]));
      nodes.push(compiled.node);
      bounded &&= compiled.fields !== undefined;
      for (const field of compiled.fields ?? []) fields.add(field);
    }
  }
  if (entries[at]?.[0] === '$skip') {
    skip = positiveCount((entries[at] as [string, Value])[1], '$skip', 0);
    at += 1;
  }
  if (entries[at]?.[0] === '$limit') {
    limit = positiveCount((entries[at] as [string, Value])[1], '$limit', 1);
    at += 1;
  }
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
