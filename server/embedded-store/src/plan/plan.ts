import type { Index } from '../storage/catalog.js';
import type { KeyRange } from '../storage/environment.js';

export type Plan = CollectionPlan | IdsPlan | IndexPlan | UnionPlan | EmptyPlan;

export interface CollectionPlan {
  kind: 'collection';
  reverse: boolean;
  sorted: boolean;
}

export interface IdsPlan {
  kind: 'ids';
  ids: Buffer[];
  sorted: boolean;
}

export interface IndexPlan {
  kind: 'index';
  index: Index;
  ranges: KeyRange[];
  reverse: boolean;
  /** The entries come in the order asked for. */
  sorted: boolean;
  /** Ranges to be merged by what follows this many bytes of their own prefix, to give that order. */
  mergeAfter: number[] | undefined;
  /** How many fields the bounds use. */
  bounds: number;
  /** The bounds say all that the filter says: a count needs no document. */
  exact: boolean;
}

export interface UnionPlan {
  kind: 'union';
  plans: Plan[];
  sorted: false;
}

export interface EmptyPlan {
  kind: 'empty';
  sorted: true;
}
