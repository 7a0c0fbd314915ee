import type { Doc, Value } from '../bson/values.js';
import type { Store } from '../commands/types.js';
import type { Pipeline } from './pipeline.js';

export interface StageContext {
  source: { store: Store; database: string } | undefined;
  compile(pipeline: Value[]): Pipeline;
}

export interface Stage {
  run(input: Iterable<Doc>): Iterable<Doc>;
  /** Top-level fields it reads itself; undefined when it may read any. */
  reads: Set<string> | undefined;
  /** What it passes on holds nothing of its input but what it read. */
  ends: boolean;
}

export type StageCompiler = (operand: Value, context: StageContext, name: string) => Stage;
