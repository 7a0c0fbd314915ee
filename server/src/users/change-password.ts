import { randomInt } from 'node:crypto';
import type { Types } from 'mongoose';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { type Actor, invalid, record } from './accounts.js';
import { SessionModel, UserModel } from './model.js';
import { hashPassword } from './passwords.js';
import { endSession, forgetPrincipals, verifyPassword } from './sessions.js';

/** No letter that is read as another, or as a figure. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP = 4;

/** To be read out or copied by hand once: 79 bits in groups of four. */
export function makeTemporaryPassword(): string {
  const group = () => Array.from({ length: GROUP }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/**
 * A person's own choice. Their other sessions end: whoever knew the former password is out.
 * @throws {ProblemError} PASSWORD_WRONG, TOO_MANY_ATTEMPTS; INVALID_INPUT when it is the former one
 */
export async function choosePassword(principal: Principal, current: string, password: string): Promise<void> {
  await verifyPassword(principal.id, current);
  if (password === current) throw invalid('password', 'unchanged');
  await setPassword(principal.id, password, false);
  await endSessionsOf(principal.id, principal.sessionId);
  await record('user.password-changed', principal, principal.id);
}

/**
 * For somebody who forgot theirs; every session of theirs ends. Answers the password, which is kept nowhere.
 * @throws {ProblemError} NOT_FOUND
 */
export async function givePassword(userId: string, by: Actor): Promise<string> {
  const password = makeTemporaryPassword();
  await setPassword(userId, password, true);
  await endSessionsOf(userId, null);
  await record('user.password-given', by, userId);
  return password;
}

async function setPassword(userId: string, password: string, passwordTemporary: boolean): Promise<void> {
  const passwordHash = await hashPassword(password);
  const { matchedCount } = await UserModel.updateOne(
    { _id: userId },
    { $set: { passwordHash, passwordTemporary } },
  );
  if (matchedCount === 0) throw new ProblemError('NOT_FOUND');
  await forgetPrincipals(userId);
}

async function endSessionsOf(userId: string, except: string | null): Promise<void> {
  const open = await SessionModel.find({ userId, revokedAt: null }, { _id: 1 }).lean<
    { _id: Types.ObjectId }[]
  >();
  for (const { _id } of open) if (String(_id) !== except) await endSession(String(_id));
}
