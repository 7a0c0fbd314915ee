import { isDeepStrictEqual } from 'node:util';
import type { DraftLine, PublishedLine, RuleDraft } from '@relecture/shared/routing/drafts.js';
import type { RuleSet } from '@relecture/shared/routing/schema.js';
import { calendarDay, now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { RuleSetModel, type RuleSetRecord } from './decision-model.js';
import { compareEntries } from './draft-entries.js';
import { DraftModel, type DraftRecord } from './draft-model.js';
import { ruleSetNamed, ruleSetOn } from './rule-sets.js';

export const isAuthor = (draft: DraftRecord, principal: Principal) =>
  draft.authors.some(({ id }) => id === principal.id);

const line = (draft: DraftRecord): DraftLine => ({
  id: String(draft._id),
  version: draft.version,
  baseVersion: draft.baseVersion,
  status: draft.status,
  title: draft.rules.title,
  revision: draft.revision,
  authors: draft.authors.map(({ id, displayName }) => ({ id, displayName })),
  updatedAt: draft.updatedAt.toISOString(),
});

const named = (groups: RuleSet['siteGroups']) =>
  Object.entries(groups).map(([name, { names }]) => ({ name, names }));

export function presentDraft(draft: DraftRecord, principal: Principal): RuleDraft {
  const { rules, trial } = draft;
  const before = new Map(ruleSetNamed(draft.baseVersion)?.networkRules.map((rule) => [rule.id, rule]));
  const ids = new Set(rules.networkRules.map(({ id }) => id));
  const tried = trial?.revision === draft.revision && trial.state === 'done';
  return {
    ...line(draft),
    networkIds: rules.networkIds,
    morphologyGroups: named(rules.morphologyGroups),
    siteGroups: named(rules.siteGroups),
    rules: rules.networkRules,
    added: rules.networkRules.filter(({ id }) => !before.has(id)).map(({ id }) => id),
    changed: rules.networkRules
      .filter((rule) => before.has(rule.id) && !isDeepStrictEqual(before.get(rule.id), rule))
      .map(({ id }) => id),
    removed: [...before.keys()].filter((id) => !ids.has(id)),
    ...compareEntries(rules, ruleSetNamed(draft.baseVersion)),
    trial,
    mayPublish: draft.status === 'open' && draft.authors.length > 0 && tried && !isAuthor(draft, principal),
  };
}

export async function listRuleSets(): Promise<{ published: PublishedLine[]; drafts: DraftLine[] }> {
  const today = ruleSetOn(calendarDay(now())).version;
  const sets = await RuleSetModel.find(
    {},
    { 'rules.title': 1, validFrom: 1, publishedAt: 1, publishedBy: 1, withdrawn: 1 },
  )
    .sort({ validFrom: -1, publishedAt: -1, _id: -1 })
    .limit(200)
    .lean<Array<Omit<RuleSetRecord, 'rules'> & { rules: Pick<RuleSet, 'title'> }>>();
  const drafts = await DraftModel.find({ status: 'open' })
    .sort({ updatedAt: -1 })
    .limit(100)
    .lean<DraftRecord[]>();
  return {
    published: sets.map(({ _id, rules, validFrom, publishedAt, publishedBy, withdrawn }) => ({
      version: _id,
      title: rules.title,
      validFrom,
      publishedAt: publishedAt.toISOString(),
      publishedBy: publishedBy?.displayName ?? null,
      inForce: _id === today,
      withdrawn: withdrawn
        ? { at: withdrawn.at.toISOString(), by: withdrawn.by.displayName, reason: withdrawn.reason }
        : null,
      mayWithdraw: !withdrawn && Boolean(publishedBy),
    })),
    drafts: drafts.map(line),
  };
}
