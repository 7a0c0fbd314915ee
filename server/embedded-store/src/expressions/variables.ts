import { DateTime, type Maybe, Timestamp } from '../bson/values.js';

/** A variable the expression being compiled may use; one that `let` gave has its value already. */
export interface Declared {
  name: string;
  value?: Maybe;
}

/** Compilation is synchronous, so one stack serves. */
const declared: Declared[] = [];

export function declaredVariable(name: string): Declared | undefined {
  return declared.findLast((candidate) => candidate.name === name);
}

/** What is declared now, for a stage that compiles its inner pipeline later, once per document. */
export function declaredNow(): readonly Declared[] {
  return [...declared];
}

export function declaring<T>(variables: readonly Declared[], compile: () => T): T {
  declared.push(...variables);
  try {
    return compile();
  } finally {
    declared.length -= variables.length;
  }
}

/** $$NOW is one instant for a whole command. */
let now = new DateTime(Date.now());

export function startClock(): void {
  now = new DateTime(Date.now());
}

export function currentTime(): DateTime {
  return now;
}

export function currentTimestamp(): Timestamp {
  return new Timestamp((BigInt(Math.floor(Date.now() / 1000)) << 32n) | 1n);
}
