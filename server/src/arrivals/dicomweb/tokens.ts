import { createHash, randomBytes } from 'node:crypto';
import { Types } from 'mongoose';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { recordAccess } from '../../platform/access-log.js';
import { now } from '../../platform/clock.js';
import type { Principal } from '../../platform/principal.js';
import { ProblemError } from '../../platform/problem.js';
import { getOrganisation } from '../../users/index.js';
import { TokenModel, type TokenRecord } from '../model.js';

/** What a machine is known by. */
export type MachineToken = TokenRecord;

/** 256 bits of chance need no slow hash: nobody guesses them. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
const FORM = /^relecture_[A-Za-z0-9_-]{43}$/;
const MOST_TOKENS = 20;
const USE_NOTED_MS = 60_000;

let wrong = new RateLimiterMemory({ points: 20, duration: 15 * 60 });
let asked = new RateLimiterMemory({ points: 600, duration: 60 });

export function forgetTokenAttempts(): void {
  wrong = new RateLimiterMemory({ points: 20, duration: 15 * 60 });
  asked = new RateLimiterMemory({ points: 600, duration: 60 });
}

/** The token is told this once; what is kept does not open anything. */
export async function createToken(
  organisationId: string,
  label: string,
  principal: Principal,
): Promise<{ record: TokenRecord; token: string }> {
  const organisation = await getOrganisation(organisationId);
  const filter = { organisationId: organisation._id, revokedAt: null };
  if ((await TokenModel.countDocuments(filter)) >= MOST_TOKENS) {
    throw new ProblemError('INVALID_INPUT', {
      fields: [{ path: 'label', code: 'too_many', message: 'too_many' }],
    });
  }
  const token = `relecture_${randomBytes(32).toString('base64url')}`;
  const made = await TokenModel.create({
    organisationId: organisation._id,
    label,
    start: token.slice(0, 14),
    hash: hashOf(token),
    createdBy: new Types.ObjectId(principal.id),
    createdAt: now(),
  });
  await recordAccess({
    actorId: principal.id,
    action: 'arrival-token.created',
    recordKind: 'organisation',
    recordId: organisationId,
  });
  return { record: made.toObject(), token };
}

export async function listTokens(organisationId: string): Promise<TokenRecord[]> {
  return await TokenModel.find({ organisationId: new Types.ObjectId(organisationId), revokedAt: null })
    .sort({ createdAt: 1 })
    .limit(MOST_TOKENS)
    .lean<TokenRecord[]>();
}

export async function revokeToken(
  organisationId: string,
  tokenId: string,
  principal: Principal,
): Promise<void> {
  const revoked = await TokenModel.findOneAndUpdate(
    { _id: tokenId, organisationId: new Types.ObjectId(organisationId), revokedAt: null },
    { $set: { revokedAt: now() } },
  ).lean();
  if (!revoked) throw new ProblemError('NOT_FOUND');
  await recordAccess({
    actorId: principal.id,
    action: 'arrival-token.revoked',
    recordKind: 'organisation',
    recordId: organisationId,
  });
}

/** Which organisation a machine speaks for. @throws {ProblemError} NOT_SIGNED_IN, TOO_MANY_ATTEMPTS */
export async function organisationOfToken(header: string | undefined, address: string): Promise<TokenRecord> {
  const token = /^Bearer (\S+)$/i.exec(header ?? '')?.[1] ?? '';
  // Counted before it is looked at, so that guesses sent together are all counted.
  await count(wrong, address);
  const record = FORM.test(token)
    ? await TokenModel.findOne({ hash: hashOf(token), revokedAt: null }).lean<TokenRecord>()
    : null;
  if (!record) throw new ProblemError('NOT_SIGNED_IN');
  await wrong.reward(address);
  await count(asked, String(record._id));
  if (!record.lastUsedAt || Date.now() - record.lastUsedAt.getTime() > USE_NOTED_MS) {
    await TokenModel.updateOne({ _id: record._id }, { $set: { lastUsedAt: now() } });
  }
  return record;
}

async function count(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw new ProblemError('TOO_MANY_ATTEMPTS', { retryAfter: Math.ceil(refused.msBeforeNext / 1000) });
  }
}
