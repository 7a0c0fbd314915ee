import { normaliseText } from '@relecture/shared/routing/read-words.js';
import { type EntityWords, type RuleSet, ruleSetSchema } from '@relecture/shared/routing/schema.js';
import entityWords from './data/entity-words-2025-1.json' with { type: 'json' };
import morphologies from './data/morphologies.json' with { type: 'json' };
import networkRules from './data/network-rules-2025-1.json' with { type: 'json' };
import base from './data/rule-set-2025-1.json' with { type: 'json' };

/** Two letters alone (« MF », « CE ») mean too many things in free text; the search finds them, the rules do not. */
const SHORTEST_WORD = 3;

const curated = new Set(entityWords.flatMap(({ words }) => words));

/** Where the same words name two codes, the curated one is meant: the table's are left out, so that order never decides. */
function wordsOfTheTable(): EntityWords[] {
  return morphologies.entries.map(({ code, fr, en, synonyms }) => ({
    morphology: code,
    words: [fr, en, ...synonyms].filter(
      (word) => word.length >= SHORTEST_WORD && !curated.has(normaliseText(word)),
    ),
  }));
}

let loaded: RuleSet | null = null;

/** The rule set shipped with the product, put together from the files a pathologist reviews, and checked. */
export function loadSeedRuleSet(): RuleSet {
  loaded ??= ruleSetSchema.parse({
    ...base,
    networkRules,
    entityWords: [...entityWords, ...wordsOfTheTable()],
  });
  return loaded;
}
