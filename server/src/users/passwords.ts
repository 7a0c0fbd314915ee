import { hash, verify } from '@node-rs/argon2';

// argon2id, OWASP Password Storage Cheat Sheet (2025): 19 MiB, 2 passes, 1 lane.
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1, algorithm: 2 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password, options);

/** A hash nobody's password has: an unknown e-mail costs as long as a wrong password, so neither can be told apart. */
const NOBODY = hash('no such account', options);

export async function passwordMatches(stored: string | null, password: string): Promise<boolean> {
  const matches = await verify(stored ?? (await NOBODY), password);
  return stored !== null && matches;
}
