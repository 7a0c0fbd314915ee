import type { ReviewerCandidate } from '@relecture/shared/assignments/schema.js';
import type { Person } from '@relecture/shared/users/schema.js';

/** What the choice looks at; a pure function of this and nothing else, so that it can be replayed. */
export interface ChoiceInput {
  readonly candidates: readonly CandidateFacts[];
  readonly senderOrganisationId: string;
  readonly senderRegion: string;
  readonly wishedUserId: string | null;
  /** Words and codes of the entity, to compare with competences. */
  readonly entity: string;
  /** The calendar day of the choice, YYYY-MM-DD. */
  readonly day: string;
}

export interface CandidateFacts {
  readonly person: Person;
  readonly organisationId: string;
  readonly region: string;
  readonly competences: readonly string[];
  readonly capacity: number;
  readonly leaves: ReadonlyArray<{ readonly from: string; readonly to: string }>;
  /** Open reviews now; an urgent one weighs two. */
  readonly load: number;
  readonly declinedBefore: boolean;
  /** Has read for the same patient before. */
  readonly knowsPatient: boolean;
}

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();

/**
 * Ranks the reviewers of a network, best first, each with the reasons for and against. The first eligible one is the
 * choice. Never somebody of the sender's organisation. Order: wished expert, continuity, competence, lighter load,
 * same region; then the identifier, so that the same input always gives the same answer.
 */
export function chooseReviewer(input: ChoiceInput): ReviewerCandidate[] {
  const entity = fold(input.entity);
  const ranked = input.candidates.map((facts) => {
    const candidate: ReviewerCandidate = {
      reviewer: facts.person,
      eligible: true,
      load: facts.load,
      capacity: facts.capacity,
      for: [],
      against: [],
    };
    const wished = facts.person.id === input.wishedUserId;
    const competent = facts.competences.some((competence) => entity.includes(fold(competence)));
    const regional = facts.region === input.senderRegion;
    if (wished) candidate.for.push({ code: 'wished', params: {} });
    if (facts.knowsPatient) candidate.for.push({ code: 'continuity', params: {} });
    if (competent) candidate.for.push({ code: 'competent', params: {} });
    if (regional) candidate.for.push({ code: 'same_region', params: { region: facts.region } });

    const exclude = (
      code: ReviewerCandidate['against'][number]['code'],
      params: Record<string, string | number> = {},
    ) => {
      candidate.eligible = false;
      candidate.against.push({ code, params });
    };
    if (facts.organisationId === input.senderOrganisationId) exclude('same_organisation');
    const leave = facts.leaves.find(({ from, to }) => from <= input.day && input.day <= to);
    if (leave) exclude('on_leave', { until: leave.to });
    if (facts.load >= facts.capacity) exclude('full', { load: facts.load, capacity: facts.capacity });
    if (facts.declinedBefore) exclude('declined_before');
    return { candidate, wished, knowsPatient: facts.knowsPatient, competent, regional };
  });
  const loads = ranked.filter(({ candidate }) => candidate.eligible).map(({ candidate }) => candidate.load);
  const lightest = Math.min(...loads);
  const next = Math.min(...loads.filter((load) => load > lightest));
  // Said only where it tells people apart, and with the figures: an urgent reading weighs two, a list does not show it.
  for (const { candidate } of ranked) {
    if (candidate.eligible && candidate.load === lightest && Number.isFinite(next))
      candidate.for.push({ code: 'lighter_load', params: { load: lightest, next } });
  }
  return ranked
    .sort(
      (a, b) =>
        Number(b.candidate.eligible) - Number(a.candidate.eligible) ||
        Number(b.wished) - Number(a.wished) ||
        Number(b.knowsPatient) - Number(a.knowsPatient) ||
        Number(b.competent) - Number(a.competent) ||
        a.candidate.load - b.candidate.load ||
        Number(b.regional) - Number(a.regional) ||
        (a.candidate.reviewer.id < b.candidate.reviewer.id ? -1 : 1),
    )
    .map(({ candidate }) => candidate);
}
