import type { Doc, RawDocument, Value } from '../bson/values.js';
import type { Query } from '../plan/query.js';

export interface Pipeline {
  /** What the planner can do: filter, order, skip and limit at the head of the pipeline. */
  query: Omit<Query, 'hint'>;
  stages: Stage[];
  /** Top-level fields the stages read; undefined when they may need whole documents. */
  fields: Set<string> | undefined;
  /** The stages from this one on, over the documents it is given. */
  runFrom(stage: number, input: Iterable<Doc>): Iterable<Doc>;
}

/** Lets a stage read another collection of the same database; without one (explain) it is only checked. */
export type OpenCollection = (name: string, pipeline: Pipeline) => Iterable<Doc | RawDocument>;

export interface StageContext {
  open: OpenCollection | undefined;
  compile(pipeline: Value): Pipeline;
  /** Every stage runs over documents in memory; nothing is left to the planner. */
  compileWhole(pipeline: Value): Pipeline;
}

export interface Stage {
  run(input: Iterable<Doc>): Iterable<Doc>;
  /** Top-level fields it reads itself; undefined when it may read any. */
  reads: Set<string> | undefined;
  /** What it passes on holds nothing of its input but what it read. */
  ends: boolean;
  /** Set when only the number of documents matters to it: what it gives for that number. */
  fromCount?(documents: number): Doc[];
}

export type StageCompiler = (operand: Value, context: StageContext, name: string) => Stage;
