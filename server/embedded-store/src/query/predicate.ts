import type { Doc } from '../bson/values.js';

/** Where the matched array element was, for the positional operator `$`. */
export interface Position {
  index: number | undefined;
}

export type Predicate = (document: Doc, position?: Position) => boolean;
