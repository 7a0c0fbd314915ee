import { type CompiledRuleSet, contextKey } from './compile-rules.js';
import { type MorphologyCode, parseMorphology, parseSite, type SiteCode } from './icdo3-code.js';
import { joinWords, NO_WORDS, tokenise, type Words } from './read-words.js';
import type { RoutingInput } from './schema.js';

/** The input, read once: codes parsed, words split, contexts in one spelling. */
export interface Facts {
  input: RoutingInput;
  site: SiteCode | null;
  morphology: MorphologyCode | null;
  age: number | null;
  sex: 'F' | 'M' | null;
  contexts: ReadonlySet<string>;
  doubt: boolean;
  entityTokens: Words;
  titleTokens: Words;
  /** Read only when nothing else names a diagnosis. */
  questionTokens: () => Words;
  /** Entity and title together: what the rules' word conditions look at. The question names differentials, so not it. */
  tokens: Words;
}

function readSex(text: string | null): 'F' | 'M' | null {
  const letter = text?.trim().toUpperCase().charAt(0);
  if (letter === 'F' || letter === 'W') return 'F';
  if (letter === 'M' || letter === 'H') return 'M';
  return null;
}

export function readFacts(input: RoutingInput, rules: CompiledRuleSet): Facts {
  const contexts = new Set(input.contexts.map(contextKey));
  const entityTokens = input.suspectedEntity ? tokenise(input.suspectedEntity) : NO_WORDS;
  const titleTokens = input.title ? tokenise(input.title) : NO_WORDS;
  let doubt = input.intent === 'advice';
  for (const code of contexts) if (rules.doubtContexts.has(code)) doubt = true;
  return {
    input,
    site: input.site ? parseSite(input.site) : null,
    morphology: input.morphology ? parseMorphology(input.morphology) : null,
    age: input.age === null ? null : Math.floor(input.age),
    sex: readSex(input.sex),
    contexts,
    doubt,
    entityTokens,
    titleTokens,
    questionTokens: () => (input.question ? tokenise(input.question) : NO_WORDS),
    tokens: joinWords(entityTokens, titleTokens),
  };
}
