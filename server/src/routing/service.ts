import { chooseNetworks } from '@relecture/shared/routing/choose-networks.js';
import type { RoutingDecision, RoutingInput } from '@relecture/shared/routing/schema.js';
import { Types } from 'mongoose';
import { type CaseRecord, getCase, letNetworkIn } from '../cases/index.js';
import { transition } from '../events/index.js';
import { findNetwork } from '../networks/index.js';
import { calendarDay, now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { openReview } from '../reviews/index.js';
import { DecisionModel, type DecisionRecord } from './decision-model.js';
import { ruleSetOn } from './rule-sets.js';

/** What the rules look at: never the patient's identity, only age and sex. */
export function inputOf(record: CaseRecord, sex: string | null): RoutingInput {
  const { content } = record;
  const contexts = new Set(content.contexts);
  if (content.urgency === 'urgent') contexts.add('urgent');
  return {
    age: record.age,
    sex,
    contexts: [...contexts],
    site: content.primarySite,
    morphology: content.firstDiagnosis?.morphology ?? null,
    suspectedEntity: content.firstDiagnosis?.text ?? null,
    title: null,
    question: content.question,
    intent: content.intent,
  };
}

export function previewRouting(input: RoutingInput): RoutingDecision {
  return chooseNetworks(input, ruleSetOn(calendarDay(now())));
}

export const latestDecision = (caseId: string | Types.ObjectId): Promise<DecisionRecord | null> =>
  DecisionModel.findOne({ caseId }).sort({ at: -1, _id: -1 }).lean<DecisionRecord>().exec();

/**
 * Networks that open a review: those with the reading role, one per reading desk (a desk such as RENA_PATH reads for
 * its parent, which is told and listed).
 */
export function readingDesks(decision: Pick<RoutingDecision, 'networks'>): string[] {
  const reading = decision.networks
    .filter(({ role }) => role === 'reading')
    .map(({ networkId }) => networkId);
  const parents = new Set(reading.map((networkId) => findNetwork(networkId)?.parentNetworkId ?? null));
  return [...new Set(reading.filter((networkId) => !parents.has(networkId)))];
}

async function keepDecision(decision: Omit<DecisionRecord, '_id'>): Promise<DecisionRecord> {
  await DecisionModel.updateOne({ entryId: decision.entryId }, { $setOnInsert: decision }, { upsert: true });
  const kept = await DecisionModel.findOne({ entryId: decision.entryId }).lean<DecisionRecord>();
  if (!kept) throw new Error('routing decision was not kept');
  return kept;
}

/** Decides for a case that was just sent. Idempotent: a case no longer `submitted` was handled before. */
export async function routeCase(
  caseId: string,
  entryId: string,
  sexOf: (record: CaseRecord) => string | null,
): Promise<void> {
  const record = await getCase(caseId);
  if (record.status !== 'submitted') return;
  const input = inputOf(record, sexOf(record));
  const { decision } = await keepDecision({
    caseId: record._id,
    entryId,
    at: now(),
    decidedBy: 'engine',
    by: null,
    reason: null,
    input,
    decision: chooseNetworks(input, ruleSetOn(calendarDay(record.submittedAt ?? now())), {
      contested: record.content.contestedRouting !== null,
    }),
  });
  const params = {
    rulesVersion: decision.rulesVersion,
    networkIds: decision.networks.map(({ networkId }) => networkId),
  };
  const pass = { kind: 'case', id: record._id, from: ['submitted'], by: null, params } as const;

  if (decision.outcome === 'correct') {
    await transition<CaseRecord>({
      ...pass,
      event: 'case.correction-asked',
      to: 'to_correct',
      party: 'submitter',
    });
    return;
  }
  if (record.content.contestedRouting || decision.outcome === 'dispatch') {
    await transition<CaseRecord>({
      ...pass,
      params: { ...params, contested: record.content.contestedRouting !== null },
      event: 'case.dispatch-asked',
      to: 'to_dispatch',
      party: 'dispatcher',
    });
    return;
  }
  if (readingDesks(decision).length === 0) {
    await tellOtherNetworks(record, decision);
    await transition<CaseRecord>({
      ...pass,
      event: 'case.ended-as-pathway',
      to: 'clinical_pathway',
      party: 'none',
    });
    return;
  }
  await transition<CaseRecord>({
    ...pass,
    params: { ...params, decision: entryId },
    event: 'case.routed',
    to: 'routed',
    party: 'same',
  });
}

/**
 * After the gate, never before it: of two who decide at once, or of a decision and a withdrawal, only what passed opens
 * anything. Idempotent; after a crash the outbox hands the entry on again.
 */
export async function openReviews(caseId: string, entryId: string | null): Promise<void> {
  const record = await getCase(caseId);
  if (record.status !== 'routed') return;
  const kept = entryId
    ? await DecisionModel.findOne({ entryId }).lean<DecisionRecord>()
    : await latestDecision(caseId);
  if (!kept) throw new Error('routing decision was not kept');
  for (const networkId of readingDesks(kept.decision)) await openReview(record, networkId, 2, null);
  await tellOtherNetworks(record, kept.decision);
}

/** Context overlays and parent networks see the case (without identity); orientation networks are only listed. */
async function tellOtherNetworks(record: CaseRecord, decision: RoutingDecision): Promise<void> {
  for (const { networkId, role } of decision.networks) {
    if (role === 'reading' || role === 'terrain') await letNetworkIn(record._id, networkId);
  }
}

/** A national coordinator chooses by hand, with a reason. The engine's own ranked list stays beside it. */
export async function dispatchCase(
  caseId: string,
  networkIds: readonly string[],
  reason: string,
  principal: Principal,
): Promise<void> {
  const record = await getCase(caseId);
  if (record.status !== 'to_dispatch') throw new ProblemError('STATUS_CONFLICT');
  const unknown = networkIds.findIndex((networkId) => !findNetwork(networkId));
  if (unknown >= 0) {
    throw new ProblemError('INVALID_INPUT', {
      fields: [{ path: `networkIds.${unknown}`, code: 'unknown', message: 'unknown' }],
    });
  }
  const engine = await latestDecision(record._id);
  if (!engine) throw new ProblemError('STATUS_CONFLICT');
  const entryId = new Types.ObjectId().toHexString();
  const { decision } = await keepDecision({
    caseId: record._id,
    entryId,
    at: now(),
    decidedBy: 'coordinator',
    by: asPerson(principal),
    reason,
    input: engine.input,
    decision: {
      ...engine.decision,
      outcome: 'routed',
      networks: networkIds.map((networkId) => ({
        networkId,
        role: findNetwork(networkId)?.role ?? 'reading',
        reasons: engine.decision.networks.find((network) => network.networkId === networkId)?.reasons ?? [],
      })),
    },
  });
  const reads = readingDesks(decision).length > 0;
  const passed = transition<CaseRecord>({
    kind: 'case',
    id: record._id,
    event: reads ? 'case.routed' : 'case.ended-as-pathway',
    from: ['to_dispatch'],
    to: reads ? 'routed' : 'clinical_pathway',
    party: reads ? (record.content.materialBy === 'shipment' ? 'transfer' : 'admission') : 'none',
    by: principal,
    params: { networkIds: [...networkIds], reason, rulesVersion: decision.rulesVersion, decision: entryId },
    version: record.version,
  });
  await passed.catch(async (error: unknown) => {
    // Somebody else decided, or the sender withdrew: this choice was never taken.
    if (error instanceof ProblemError) await DecisionModel.deleteOne({ entryId });
    throw error;
  });
}
