import { arithmetic } from './arithmetic.js';
import { arrayBodies } from './array-bodies.js';
import { arrays } from './arrays.js';
import { conversions } from './convert.js';
import { dates } from './dates.js';
import { functions } from './functions.js';
import { logic } from './logic.js';
import { objects } from './objects.js';
import { setOperators } from './sets.js';
import { strings } from './strings.js';
import { totals } from './totals.js';
import type { OperatorCompiler } from './types.js';

/** Every expression operator there is; anything else is refused by name. */
export const operators: ReadonlyMap<string, OperatorCompiler> = new Map<string, OperatorCompiler>(
  [
    arithmetic,
    functions,
    logic,
    arrays,
    arrayBodies,
    setOperators,
    strings,
    conversions,
    dates,
    objects,
    totals,
  ].flatMap((group) => Object.entries(group)),
);
