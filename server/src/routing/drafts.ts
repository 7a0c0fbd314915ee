import { compileRules } from '@relecture/shared/routing/compile-rules.js';
import type { DraftEntry, EntryKind, RuleDraft } from '@relecture/shared/routing/drafts.js';
import { type NetworkRule, type RuleSet, ruleSetSchema } from '@relecture/shared/routing/schema.js';
import type { Agenda } from 'agenda';
import { Types } from 'mongoose';
import { recordAccess } from '../platform/access-log.js';
import { calendarDay, now } from '../platform/clock.js';
import { asPerson, type Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { RuleSetModel } from './decision-model.js';
import { keyOf, putEntry, removeEntry } from './draft-entries.js';
import { DraftModel, type DraftRecord } from './draft-model.js';
import { isAuthor, presentDraft } from './present-drafts.js';
import { publishDraft, readRuleSets, ruleSetOn } from './rule-sets.js';
import { newTrial, tryDraft } from './try-draft.js';

const TRIAL = 'try-rule-draft';
const LOCK_MS = 10 * 60_000;

let jobs: Agenda | null = null;

/** A trial goes on after a restart: the job is in the store. */
export function defineTrials(agenda: Agenda): void {
  jobs = agenda;
  agenda.define<{ draftId: string; startedAt: string; count: number }>(
    TRIAL,
    async ({ attrs: { data } }) => {
      try {
        await tryDraft(data.draftId, data.startedAt, data.count);
      } catch (error) {
        await DraftModel.updateOne(
          { _id: data.draftId, 'trial.startedAt': data.startedAt },
          { $set: { 'trial.state': 'failed' } },
        );
        throw error;
      }
    },
    { concurrency: 1, lockLifetime: LOCK_MS },
  );
}

const invalid = (path: string, code: string) =>
  new ProblemError('INVALID_INPUT', { fields: [{ path, code, message: code }] });

export async function getDraft(draftId: string): Promise<DraftRecord> {
  const draft = await DraftModel.findById(draftId).lean<DraftRecord>();
  if (!draft) throw new ProblemError('NOT_FOUND');
  return draft;
}

const log = (
  principal: Principal,
  action: string,
  recordId: string,
  params: Record<string, string | number> = {},
) => recordAccess({ actorId: principal.id, action, recordKind: 'rule-set', recordId, params });

/** The year it is begun in and a number: `2026-3`. */
async function nextVersion(): Promise<string> {
  const year = calendarDay(now()).slice(0, 4);
  const own = { $regex: `^${year}-` };
  const taken = await Promise.all([
    RuleSetModel.find({ _id: own }, { _id: 1 }).lean<{ _id: string }[]>(),
    DraftModel.find({ version: own }, { version: 1 }).lean<{ version: string }[]>(),
  ]);
  const names = [...taken[0].map(({ _id }) => _id), ...taken[1].map(({ version }) => version)];
  const numbers = names.map((name) => Number(name.split('-')[1])).filter(Number.isInteger);
  return `${year}-${Math.max(0, ...numbers) + 1}`;
}

export async function beginDraft(principal: Principal): Promise<RuleDraft> {
  const base = ruleSetOn(calendarDay(now()));
  const version = await nextVersion();
  const _id = new Types.ObjectId();
  const { upsertedCount } = await DraftModel.updateOne(
    { version },
    {
      $setOnInsert: {
        _id,
        baseVersion: base.version,
        status: 'open',
        revision: 1,
        authors: [],
        updatedAt: now(),
        rules: { ...base, version },
        trial: null,
        publishedBy: null,
        publishedAt: null,
      },
    },
    { upsert: true },
  );
  // Somebody began one in the same instant.
  if (upsertedCount === 0) throw new ProblemError('CONFLICT');
  await log(principal, 'rules.draft-begun', version);
  return presentDraft(await getDraft(String(_id)), principal);
}

/** The set as a whole must hold: names, groups and codes that exist, no rule twice. */
function checked(rules: RuleSet): RuleSet {
  const parsed = ruleSetSchema.safeParse(rules);
  if (!parsed.success) throw invalid('rule', 'rule_set');
  try {
    compileRules(parsed.data);
  } catch {
    // The engine's own words are for those who write code; the form marks the field.
    throw invalid('rule.when', 'unknown_group');
  }
  return parsed.data;
}

async function write(
  draftId: string,
  revision: number,
  principal: Principal,
  change: (rules: RuleSet) => RuleSet,
): Promise<RuleDraft> {
  const draft = await getDraft(draftId);
  if (draft.status !== 'open') throw new ProblemError('STATUS_CONFLICT');
  if (draft.revision !== revision) throw new ProblemError('CONFLICT');
  const rules = checked(change(draft.rules));
  const { matchedCount } = await DraftModel.updateOne(
    { _id: draft._id, status: 'open', revision },
    {
      $set: { rules, updatedAt: now() },
      $inc: { revision: 1 },
      ...(isAuthor(draft, principal) ? {} : { $push: { authors: asPerson(principal) } }),
    },
  );
  if (matchedCount === 0) throw new ProblemError('CONFLICT');
  return presentDraft(await getDraft(draftId), principal);
}

export async function writeRule(draftId: string, revision: number, rule: NetworkRule, principal: Principal) {
  const written = await write(draftId, revision, principal, (rules) => {
    const place = rules.networkRules.findIndex(({ id }) => id === rule.id);
    const networkRules = place < 0 ? [...rules.networkRules, rule] : rules.networkRules.with(place, rule);
    return { ...rules, networkRules };
  });
  await log(principal, 'rules.rule-written', written.version, { rule: rule.id });
  return written;
}

export async function removeRule(draftId: string, revision: number, ruleId: string, principal: Principal) {
  const written = await write(draftId, revision, principal, (rules) => ({
    ...rules,
    networkRules: rules.networkRules.filter(({ id }) => id !== ruleId),
  }));
  await log(principal, 'rules.rule-removed', written.version, { rule: ruleId });
  return written;
}

export async function writeEntry(draftId: string, revision: number, what: DraftEntry, principal: Principal) {
  const written = await write(draftId, revision, principal, (rules) => putEntry(rules, what));
  await log(principal, 'rules.entry-written', written.version, { kind: what.kind, key: keyOf(what) });
  return written;
}

export async function takeEntryOut(
  draftId: string,
  revision: number,
  { kind, key }: { kind: EntryKind; key: string },
  principal: Principal,
) {
  const written = await write(draftId, revision, principal, (rules) => removeEntry(rules, kind, key));
  await log(principal, 'rules.entry-removed', written.version, { kind, key });
  return written;
}

export async function abandonDraft(draftId: string, principal: Principal): Promise<void> {
  const draft = await getDraft(draftId);
  const { matchedCount } = await DraftModel.updateOne(
    { _id: draftId, status: 'open' },
    { $set: { status: 'abandoned' } },
  );
  if (matchedCount === 0) throw new ProblemError('STATUS_CONFLICT');
  await log(principal, 'rules.draft-abandoned', draft.version);
}

export async function startTrial(draftId: string, count: number, principal: Principal): Promise<RuleDraft> {
  if (!jobs) throw new ProblemError('UNAVAILABLE');
  const draft = await getDraft(draftId);
  const trial = newTrial(draft.revision);
  const { matchedCount } = await DraftModel.updateOne(
    { _id: draft._id, status: 'open', revision: draft.revision },
    { $set: { trial } },
  );
  if (matchedCount === 0) throw new ProblemError('STATUS_CONFLICT');
  await jobs.now(TRIAL, { draftId, startedAt: trial.startedAt, count });
  await log(principal, 'rules.draft-tried', draft.version, { count });
  return presentDraft(await getDraft(draftId), principal);
}

/** Never by one of its authors, never untried, never for a day gone by. One atomic write decides. */
export async function publish(
  draftId: string,
  revision: number,
  validFrom: string,
  principal: Principal,
): Promise<void> {
  const draft = await getDraft(draftId);
  if (isAuthor(draft, principal)) throw new ProblemError('FORBIDDEN');
  if (validFrom < calendarDay(now())) throw invalid('validFrom', 'past');
  const { matchedCount } = await DraftModel.updateOne(
    {
      _id: draft._id,
      status: 'open',
      revision,
      'authors.0': { $exists: true },
      'authors.id': { $ne: principal.id },
      'trial.revision': revision,
      'trial.state': 'done',
    },
    {
      $set: {
        status: 'published',
        'rules.validFrom': validFrom,
        publishedAt: now(),
        publishedBy: asPerson(principal),
      },
    },
  );
  if (matchedCount === 0) throw new ProblemError('STATUS_CONFLICT');
  await publishDraft(await getDraft(draftId));
  await readRuleSets();
  await log(principal, 'rules.published', draft.version, { validFrom });
}

/** Rolled back: what was in force before is again. Its cases keep it. What is shipped with the product stays. */
export async function withdrawRuleSet(version: string, reason: string, principal: Principal): Promise<void> {
  const { matchedCount } = await RuleSetModel.updateOne(
    { _id: version, withdrawn: null, publishedBy: { $ne: null } },
    { $set: { withdrawn: { at: now(), by: asPerson(principal), reason } } },
  );
  if (matchedCount === 0) throw new ProblemError('STATUS_CONFLICT');
  await readRuleSets();
  await log(principal, 'rules.withdrawn', version);
}

export const seeDraft = async (draftId: string, principal: Principal): Promise<RuleDraft> =>
  presentDraft(await getDraft(draftId), principal);
