import type { TypeName } from '../bson/types.js';
import type { Doc, Regex, Value } from '../bson/values.js';

/** What is asked of the values at one path. */
export type Test =
  | { op: 'eq' | 'lt' | 'lte' | 'gt' | 'gte'; value: Value }
  | { op: 'in'; values: Value[] }
  | { op: 'regex'; regex: Regex }
  | { op: 'exists' }
  | { op: 'type'; types: Set<TypeName> }
  | { op: 'size'; size: number }
  | { op: 'mod'; divisor: bigint; remainder: bigint }
  | { op: 'bits'; mode: BitsMode; mask: bigint }
  | { op: 'elemMatchValue'; tests: { test: Test; negated: boolean }[] }
  | { op: 'elemMatchDocument'; node: FilterNode };

export type BitsMode = 'allSet' | 'allClear' | 'anySet' | 'anyClear';

export type FilterNode =
  | { kind: 'and' | 'or' | 'nor'; nodes: FilterNode[] }
  | { kind: 'field'; path: string; parts: string[]; test: Test; negated: boolean }
  | {
      kind: 'expression';
      matches: (document: Doc) => boolean;
      fields: Set<string> | undefined;
      implied: FilterNode[];
    }
  | { kind: 'never' };
