import { isDeepStrictEqual } from 'node:util';
import type { DraftEntry, EntryKind, RuleDraft } from '@relecture/shared/routing/drafts.js';
import type { RuleSet } from '@relecture/shared/routing/schema.js';

/** What a rule set holds beside the rules of its networks, as one list: read, put and taken out the same way. Pure. */

/** By which it is known: there is one of each in a set. */
export function keyOf(what: DraftEntry): string {
  switch (what.kind) {
    case 'outside':
    case 'contradiction':
      return what.entry.id;
    case 'words':
    case 'suspicion':
      return what.entry.morphology;
    case 'siteGroup':
    case 'morphologyGroup':
      return what.entry.name;
  }
}

const groupsOf = (kind: 'siteGroup' | 'morphologyGroup', groups: RuleSet['siteGroups']): DraftEntry[] =>
  Object.entries(groups).map(([name, group]) => ({ kind, entry: { name, ...group } }));

/** A morphology has the words that were written for it and those of the table: one entry for whoever edits. */
function mergeWords(entries: RuleSet['entityWords']): RuleSet['entityWords'] {
  const words = new Map<string, string[]>();
  for (const entry of entries)
    words.set(entry.morphology, [...(words.get(entry.morphology) ?? []), ...entry.words]);
  return [...words].map(([morphology, own]) => ({ morphology, words: [...new Set(own)] }));
}

export const entriesOf = (rules: RuleSet): DraftEntry[] => [
  ...rules.outsideRules.map((entry): DraftEntry => ({ kind: 'outside', entry })),
  ...rules.contradictionRules.map((entry): DraftEntry => ({ kind: 'contradiction', entry })),
  ...mergeWords(rules.entityWords).map((entry): DraftEntry => ({ kind: 'words', entry })),
  ...rules.siteSuspicions.map((entry): DraftEntry => ({ kind: 'suspicion', entry })),
  ...groupsOf('siteGroup', rules.siteGroups),
  ...groupsOf('morphologyGroup', rules.morphologyGroups),
];

/** In the place of the one it replaces, so that the rest of the set stays as it was reviewed. */
function putIn<T>(list: readonly T[], entry: T, same: (other: T) => boolean): T[] {
  const place = list.findIndex(same);
  return place < 0 ? [...list, entry] : list.toSpliced(place, 1, entry);
}

export function putEntry(rules: RuleSet, what: DraftEntry): RuleSet {
  switch (what.kind) {
    case 'outside':
      return {
        ...rules,
        outsideRules: putIn(rules.outsideRules, what.entry, ({ id }) => id === what.entry.id),
      };
    case 'contradiction':
      return {
        ...rules,
        contradictionRules: putIn(rules.contradictionRules, what.entry, ({ id }) => id === what.entry.id),
      };
    case 'words':
      return {
        ...rules,
        entityWords: putIn(
          mergeWords(rules.entityWords),
          what.entry,
          ({ morphology }) => morphology === what.entry.morphology,
        ),
      };
    case 'suspicion':
      return {
        ...rules,
        siteSuspicions: putIn(
          rules.siteSuspicions,
          what.entry,
          ({ morphology }) => morphology === what.entry.morphology,
        ),
      };
    case 'siteGroup': {
      const { name, ...group } = what.entry;
      return { ...rules, siteGroups: { ...rules.siteGroups, [name]: group } };
    }
    case 'morphologyGroup': {
      const { name, ...group } = what.entry;
      return { ...rules, morphologyGroups: { ...rules.morphologyGroups, [name]: group } };
    }
  }
}

const without = <T>(groups: Record<string, T>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(groups).filter(([key]) => key !== name));

export function removeEntry(rules: RuleSet, kind: EntryKind, key: string): RuleSet {
  switch (kind) {
    case 'outside':
      return { ...rules, outsideRules: rules.outsideRules.filter(({ id }) => id !== key) };
    case 'contradiction':
      return { ...rules, contradictionRules: rules.contradictionRules.filter(({ id }) => id !== key) };
    case 'words':
      return { ...rules, entityWords: rules.entityWords.filter(({ morphology }) => morphology !== key) };
    case 'suspicion':
      return {
        ...rules,
        siteSuspicions: rules.siteSuspicions.filter(({ morphology }) => morphology !== key),
      };
    case 'siteGroup':
      return { ...rules, siteGroups: without(rules.siteGroups, key) };
    case 'morphologyGroup':
      return { ...rules, morphologyGroups: without(rules.morphologyGroups, key) };
  }
}

/** What the draft has, each marked when it differs from the version it began with; and what it no longer has. */
export function compareEntries(
  rules: RuleSet,
  base: RuleSet | null,
): Pick<RuleDraft, 'entries' | 'removedEntries'> {
  const nameOf = (what: DraftEntry) => `${what.kind} ${keyOf(what)}`;
  const before = new Map((base ? entriesOf(base) : []).map((what) => [nameOf(what), what]));
  const now = entriesOf(rules);
  const there = new Set(now.map(nameOf));
  return {
    entries: now.map((what) => {
      const former = before.get(nameOf(what));
      const mark = !base || isDeepStrictEqual(former, what) ? null : former ? 'changed' : 'added';
      return { key: keyOf(what), what, mark };
    }),
    removedEntries: [...before.values()]
      .filter((what) => !there.has(nameOf(what)))
      .map((what) => ({ kind: what.kind, key: keyOf(what) })),
  };
}
