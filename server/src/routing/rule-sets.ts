import { type RuleSet, ruleSetSchema } from '@relecture/shared/routing/schema.js';
import { now } from '../platform/clock.js';
import { RuleSetModel } from './decision-model.js';

let published: RuleSet[] = [];

/** Puts the reviewed seed rule set into the store once; then reads every published version, newest validity first. */
export async function seedRuleSet(seed: RuleSet): Promise<void> {
  await RuleSetModel.updateOne(
    { _id: seed.version },
    { $setOnInsert: { validFrom: seed.validFrom, publishedAt: now(), rules: seed } },
    { upsert: true },
  );
  const records = await RuleSetModel.find().sort({ validFrom: -1, _id: -1 }).limit(100).lean();
  published = records.map((record) => ruleSetSchema.parse(record.rules));
}

/** The rule set in force on a date (YYYY-MM-DD). A date before the first label period takes the oldest set. */
export function ruleSetOn(date: string): RuleSet {
  const inForce =
    published.find((set) => set.validFrom <= date && (set.validTo === null || date <= set.validTo)) ??
    published.at(-1);
  if (!inForce) throw new Error('no rule set is loaded');
  return inForce;
}
