import { compileRules } from '@relecture/shared/routing/compile-rules.js';
import { type RuleSet, ruleSetSchema } from '@relecture/shared/routing/schema.js';
import { now } from '../platform/clock.js';
import { RuleSetModel, type RuleSetRecord } from './decision-model.js';
import { DraftModel, type DraftRecord } from './draft-model.js';

/** Every published version, newest validity first; one that was withdrawn routes nothing new but still explains its cases. */
let published: { set: RuleSet; withdrawn: boolean }[] = [];

const keep = (set: RuleSet, facts: Pick<RuleSetRecord, 'publishedAt' | 'publishedBy'>) =>
  RuleSetModel.updateOne(
    { _id: set.version },
    { $setOnInsert: { validFrom: set.validFrom, rules: set, withdrawn: null, ...facts } },
    { upsert: true },
  );

export async function readRuleSets(): Promise<void> {
  const records = await RuleSetModel.find()
    .sort({ validFrom: -1, publishedAt: -1, _id: -1 })
    .limit(200)
    .lean();
  published = records.map((record) => {
    const known = published.find(({ set }) => set.version === record._id);
    // The same object as before, so that it stays compiled: a published version never changes.
    return { set: known?.set ?? ruleSetSchema.parse(record.rules), withdrawn: Boolean(record.withdrawn) };
  });
}

/** The draft is the gate; this follows it, and is done again at the start after a crash between the two. */
export async function publishDraft(draft: DraftRecord): Promise<void> {
  compileRules(draft.rules);
  await keep(draft.rules, { publishedAt: draft.publishedAt ?? now(), publishedBy: draft.publishedBy });
}

/** Puts the reviewed seed rule set into the store once; then reads every published version. */
export async function seedRuleSet(seed: RuleSet): Promise<void> {
  await keep(seed, { publishedAt: now(), publishedBy: null });
  const kept = new Set((await RuleSetModel.find({}, { _id: 1 }).lean()).map(({ _id }) => _id));
  const drafts = await DraftModel.find({ status: 'published', version: { $nin: [...kept] } }).lean<
    DraftRecord[]
  >();
  for (const draft of drafts) await publishDraft(draft);
  await readRuleSets();
}

/** The rule set in force on a date (YYYY-MM-DD). A date before the first label period takes the oldest set. */
export function ruleSetOn(date: string): RuleSet {
  const standing = published.filter(({ withdrawn }) => !withdrawn);
  const inForce =
    standing.find(({ set }) => set.validFrom <= date && (set.validTo === null || date <= set.validTo)) ??
    standing.at(-1);
  if (!inForce) throw new Error('no rule set is loaded');
  return inForce.set;
}

/** The very version a case was routed by, in force or not. */
export const ruleSetNamed = (version: string): RuleSet | null =>
  published.find(({ set }) => set.version === version)?.set ?? null;
