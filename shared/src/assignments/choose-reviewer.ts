import type { Leave, NetworkMembership, Person } from '../users/schema.js';
import type { ReviewerCandidate } from './schema.js';

/** What the choice looks at; a pure function of this and nothing else, so that it can be replayed. */
export interface ChoiceInput {
  readonly candidates: readonly CandidateFacts[];
  readonly senderOrganisationId: string;
  readonly senderRegion: string;
  readonly wishedUserId: string | null;
  /** Words and codes of the entity, to compare with competences. */
  readonly entity: string;
  /** Years; null: not known, then nobody is left out for it. */
  readonly age: number | null;
  /** A third reading is a coordinating centre's. */
  readonly level: 2 | 3;
  /** Who has the network's other reading of the case, with their houses: a third reading is independent of them. */
  readonly otherReaders: ReadonlyArray<{ readonly userId: string; readonly organisationId: string }>;
  /** The calendar day of the choice, YYYY-MM-DD. */
  readonly day: string;
}

export interface CandidateFacts extends Pick<NetworkMembership, 'competences' | 'ages' | 'third'> {
  readonly person: Person;
  readonly organisationId: string;
  readonly region: string;
  readonly capacity: number;
  readonly leaves: readonly Leave[];
  /** Organisations with which a conflict of interest was declared. */
  readonly conflicts: readonly string[];
  /** Open reviews now; an urgent one weighs two. */
  readonly load: number;
  readonly declinedBefore: boolean;
  /** Has read for the same patient before. */
  readonly knowsPatient: boolean;
  /** Has signed for the sender's organisation in this network during the last year. */
  readonly knowsSender: boolean;
}

type Reason = ReviewerCandidate['for'][number];

const ADULT_YEARS = 18;

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();

/** What rules a candidate out, each with the figures that say why. */
function hindrances(facts: CandidateFacts, input: ChoiceInput): Reason[] {
  const found: Reason[] = [];
  const say = (code: Reason['code'], params: Reason['params'] = {}) => found.push({ code, params });
  if (facts.organisationId === input.senderOrganisationId) say('same_organisation');
  if (facts.conflicts.includes(input.senderOrganisationId)) say('conflict_declared');
  if (input.age !== null && facts.ages !== 'all' && (facts.ages === 'child') !== input.age < ADULT_YEARS)
    say('age_group', { age: input.age });
  if (input.otherReaders.some(({ userId }) => userId === facts.person.id)) say('reads_already');
  else if (input.otherReaders.some(({ organisationId }) => organisationId === facts.organisationId))
    say('reader_organisation');
  if (input.level === 3 && !facts.third) say('not_third_reader');
  const leave = facts.leaves.find(({ from, to }) => from <= input.day && input.day <= to);
  if (leave) say('on_leave', { until: leave.to });
  if (facts.load >= facts.capacity) say('full', { load: facts.load, capacity: facts.capacity });
  if (facts.declinedBefore) say('declined_before');
  return found;
}

/**
 * Ranks the reviewers of a network, best first, each with the reasons for and against. The first eligible one is the
 * choice. Never somebody of the sender's organisation, nor one with a declared conflict. Order: wished expert,
 * continuity, competence, lighter load, known to the sender, same region; then the identifier, so that the same input
 * always gives the same answer.
 */
export function chooseReviewer(input: ChoiceInput): ReviewerCandidate[] {
  const entity = fold(input.entity);
  const ranked = input.candidates.map((facts) => {
    const against = hindrances(facts, input);
    return {
      facts,
      against,
      eligible: against.length === 0,
      wished: facts.person.id === input.wishedUserId,
      competent: facts.competences.some((competence) => entity.includes(fold(competence))),
      regional: facts.region === input.senderRegion,
    };
  });
  const loads = ranked.filter(({ eligible }) => eligible).map(({ facts }) => facts.load);
  const lightest = Math.min(...loads);
  const next = Math.min(...loads.filter((load) => load > lightest));
  const someCompetent = ranked.some(({ eligible, competent }) => eligible && competent);
  return ranked
    .sort(
      (a, b) =>
        Number(b.eligible) - Number(a.eligible) ||
        Number(b.wished) - Number(a.wished) ||
        Number(b.facts.knowsPatient) - Number(a.facts.knowsPatient) ||
        Number(b.competent) - Number(a.competent) ||
        a.facts.load - b.facts.load ||
        Number(b.facts.knowsSender) - Number(a.facts.knowsSender) ||
        Number(b.regional) - Number(a.regional) ||
        (a.facts.person.id < b.facts.person.id ? -1 : 1),
    )
    .map(({ facts, eligible, against, wished, competent, regional }) => {
      const forIt: Reason[] = [];
      const say = (list: Reason[], code: Reason['code'], params: Reason['params'] = {}) =>
        list.push({ code, params });
      if (wished) say(forIt, 'wished');
      if (facts.knowsPatient) say(forIt, 'continuity');
      if (competent) say(forIt, 'competent');
      if (facts.knowsSender) say(forIt, 'knows_sender');
      if (regional) say(forIt, 'same_region', { region: facts.region });
      // The rest is said only where it tells people apart, and with the figures: an urgent reading weighs two, a list
      // does not show it.
      if (eligible && facts.load === lightest && Number.isFinite(next))
        say(forIt, 'lighter_load', { load: lightest, next });
      if (eligible && facts.load > lightest)
        say(against, 'heavier_load', { load: facts.load, next: lightest });
      if (someCompetent && !competent && facts.competences.length > 0) say(against, 'not_competent');
      if (!regional) say(against, 'other_region', { region: facts.region });
      return {
        reviewer: facts.person,
        eligible,
        load: facts.load,
        capacity: facts.capacity,
        for: forIt,
        against,
      };
    });
}

/** Nobody may overrule these: not the engine, nor a coordinator. */
const NEVER: ReadonlySet<Reason['code']> = new Set([
  'same_organisation',
  'conflict_declared',
  'reads_already',
]);
export const mayBeChosen = ({ against }: Pick<ReviewerCandidate, 'against'>): boolean =>
  !against.some(({ code }) => NEVER.has(code));
