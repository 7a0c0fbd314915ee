import { arithmetic } from './arithmetic.js';
import { arrays } from './arrays.js';
import { logic } from './logic.js';
import type { OperatorCompiler } from './types.js';

/** Every expression operator there is; anything else is refused by name. */
export const operators: ReadonlyMap<string, OperatorCompiler> = new Map<string, OperatorCompiler>([
  ...Object.entries(arithmetic),
  ...Object.entries(logic),
  ...Object.entries(arrays),
]);
