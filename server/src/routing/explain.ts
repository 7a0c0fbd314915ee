import * as engine from '@relecture/shared/routing/explain-decision.js';
import type { Reason, RoutingDecision } from '@relecture/shared/routing/schema.js';
import { describeIcdo3 } from './icdo3.js';

const nameCode: engine.NameCode = (code, language) => {
  const entry = describeIcdo3(code, language);
  return entry?.known ? entry.label : null;
};

/** The engine's sentences, with sites and morphologies in words beside their codes. */
export const explainReason = (reason: Reason, language: engine.ExplanationLanguage): string =>
  engine.explainReason(reason, language, nameCode);

export const explainDecision = (decision: RoutingDecision, language: engine.ExplanationLanguage): string =>
  engine.explainDecision(decision, language, nameCode);
