import type { Doc, Value } from '../bson/values.js';

/** What one operator does at one concrete path of a document it may change freely. */
export interface Modifier {
  run(document: Doc, parts: readonly string[]): void;
  onlyOnInsert?: boolean;
  /** Counts as a change even where it leaves everything as it was: $currentDate and $push. */
  always?: boolean;
  /** Another path it writes: where $rename moves the field. */
  alsoWrites?: string[];
}

export type ModifierMaker = (operand: Value, path: string) => Modifier;
