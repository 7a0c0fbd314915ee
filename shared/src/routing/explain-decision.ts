import { wordContexts } from './context-words.js';
import type { Reason, RoutingDecision } from './schema.js';

export type ExplanationLanguage = 'fr' | 'en';

type Sentence = (params: Readonly<Record<string, string>>) => string;
type Sentences = Record<Exclude<Reason['code'], 'rule' | 'excluded' | 'outside'>, Sentence>;

const FIELDS: Record<ExplanationLanguage, Record<string, string>> = {
  fr: {
    age: 'l’âge',
    sex: 'le sexe',
    contexts: 'le contexte',
    site: 'le siège (CIM-O-3)',
    morphology: 'la morphologie (CIM-O-3)',
    suspectedEntity: 'le diagnostic évoqué',
  },
  en: {
    age: 'the age',
    sex: 'the sex',
    contexts: 'the context',
    site: 'the site (ICD-O-3)',
    morphology: 'the morphology (ICD-O-3)',
    suspectedEntity: 'the suspected diagnosis',
  },
};

const SEX: Record<ExplanationLanguage, Record<string, string>> = {
  fr: { F: 'féminin', M: 'masculin' },
  en: { F: 'female', M: 'male' },
};

/** The words of an ICD-O-3 code, when the reference table has it. */
export type NameCode = (code: string, language: ExplanationLanguage) => string | null;

/** The reasons whose `value` is an ICD-O-3 code, which nobody should have to look up. */
const CODED: readonly Reason['code'][] = [
  'site_inside',
  'site_outside',
  'morphology_inside',
  'morphology_outside',
];

function inWords(reason: Reason, language: ExplanationLanguage, nameCode: NameCode): Reason['params'] {
  const { value } = reason.params;
  const name = value && CODED.includes(reason.code) ? nameCode(value, language) : null;
  return name === null ? reason.params : { value: `${name} (${value})` };
}

const withLineage = (value: string | undefined, lineage: string | undefined) =>
  lineage ? `${value} (${lineage})` : (value ?? '');

const asWords = (codes: string | undefined, language: ExplanationLanguage) =>
  wordContexts((codes ?? '').split(/,\s*/), language);

const FRENCH: Sentences = {
  companion_of: (p) => `Informé avec ${p.networkId}, qui lit pour ce réseau.`,
  site_inside: (p) => `Siège dans le périmètre : ${p.value}.`,
  site_outside: (p) => `Siège hors du périmètre : ${p.value}.`,
  morphology_inside: (p) => `Morphologie dans le périmètre : ${withLineage(p.value, p.lineageFr)}.`,
  morphology_outside: (p) =>
    p.value
      ? `Morphologie hors du périmètre : ${withLineage(p.value, p.lineageFr)}.`
      : 'Aucune morphologie ne situe la tumeur dans le périmètre.',
  behaviour_outside: (p) => `Comportement /${p.value} hors du périmètre.`,
  age_outside: (p) => `Âge de ${p.value} ans hors du périmètre.`,
  sex_outside: (p) => `Sexe ${SEX.fr[p.value ?? ''] ?? p.value} hors du périmètre.`,
  context_present: (p) => `Contexte signalé : ${asWords(p.contexts, 'fr')}.`,
  context_missing: (p) => `Aucun de ces contextes n’est signalé : ${asWords(p.contexts, 'fr')}.`,
  context_forbidden: (p) => `Écarté par le contexte : ${asWords(p.contexts, 'fr')}.`,
  words_present: (p) => `La demande mentionne « ${p.words} ».`,
  words_missing: (p) => `La demande ne mentionne rien de tel : ${p.words}.`,
  words_forbidden: (p) => `Écarté par les mots de la demande : « ${p.words} ».`,
  doubt_required: () => 'Ne vaut que pour un diagnostic en doute.',
  doubt_forbidden: () => 'Ne vaut que pour un diagnostic formel.',
  origin_outside: () => 'Ne vaut pas pour cette forme de diagnostic.',
  entity_words: (p) => `Diagnostic reconnu dans les mots « ${p.words} ».`,
  any_site: () => 'Lit cette lignée quel que soit le siège ; rien d’autre ne distingue ce réseau.',
  site_suspicion: () => 'Suspicion d’après le seul siège, à confirmer.',
  other_network_reads: (p) => `Cède le pas à ${p.networkId}, réseau de cette tumeur rare.`,
  arbitration: (p) => `Rattachement à ${p.networkId} non encore tranché par les coordonnateurs.`,
  tie: (p) =>
    `Les règles ne départagent pas ${p.first} et ${p.second} : à trancher par le régulateur national.`,
  unknown_morphology: (p) => `Code morphologique ${p.value} inconnu du référentiel : à vérifier.`,
  unspecific: () => 'Trop peu d’éléments pour désigner un réseau : tri par le régulateur national.',
  nothing_matched: () => 'Aucune règle ne couvre ce cas : tri par le régulateur national.',
  field_malformed: (p) =>
    `La valeur « ${p.value} » n’est pas valable pour ${FIELDS.fr[p.field ?? ''] ?? p.field}.`,
  field_missing: (p) => `À renseigner : ${FIELDS.fr[p.field ?? ''] ?? p.field}.`,
  contradiction: (p) => `Données contradictoires : vérifier ${FIELDS.fr[p.field ?? ''] ?? p.field}.`,
};

const ENGLISH: Sentences = {
  companion_of: (p) => `Told together with ${p.networkId}, which reads for this network.`,
  site_inside: (p) => `Site inside the perimeter: ${p.value}.`,
  site_outside: (p) => `Site outside the perimeter: ${p.value}.`,
  morphology_inside: (p) => `Morphology inside the perimeter: ${withLineage(p.value, p.lineageEn)}.`,
  morphology_outside: (p) =>
    p.value
      ? `Morphology outside the perimeter: ${withLineage(p.value, p.lineageEn)}.`
      : 'No morphology places the tumour inside the perimeter.',
  behaviour_outside: (p) => `Behaviour /${p.value} outside the perimeter.`,
  age_outside: (p) => `Age ${p.value} outside the perimeter.`,
  sex_outside: (p) => `The ${SEX.en[p.value ?? ''] ?? p.value} sex is outside the perimeter.`,
  context_present: (p) => `Context stated: ${asWords(p.contexts, 'en')}.`,
  context_missing: (p) => `None of these contexts is stated: ${asWords(p.contexts, 'en')}.`,
  context_forbidden: (p) => `Ruled out by the context: ${asWords(p.contexts, 'en')}.`,
  words_present: (p) => `The request mentions "${p.words}".`,
  words_missing: (p) => `The request mentions none of: ${p.words}.`,
  words_forbidden: (p) => `Ruled out by the words of the request: "${p.words}".`,
  doubt_required: () => 'Applies only to a diagnosis in doubt.',
  doubt_forbidden: () => 'Applies only to a formal diagnosis.',
  origin_outside: () => 'Does not apply to this form of diagnosis.',
  entity_words: (p) => `Diagnosis recognised in the words "${p.words}".`,
  any_site: () => 'Reads its lineage at any site; nothing else distinguishes this network.',
  site_suspicion: () => 'Suspected from the site alone, to be confirmed.',
  other_network_reads: (p) => `Gives way to ${p.networkId}, the network of this rare tumour.`,
  arbitration: (p) => `The coordinators have not yet settled whether ${p.networkId} takes this tumour.`,
  tie: (p) => `The rules do not decide between ${p.first} and ${p.second}: the national dispatcher will.`,
  unknown_morphology: (p) => `Morphology code ${p.value} is not in the reference table: please check it.`,
  unspecific: () => 'Too little to name a network: sorted by the national dispatcher.',
  nothing_matched: () => 'No rule covers this case: sorted by the national dispatcher.',
  field_malformed: (p) => `"${p.value}" is not a valid value for ${FIELDS.en[p.field ?? ''] ?? p.field}.`,
  field_missing: (p) => `Please fill in ${FIELDS.en[p.field ?? ''] ?? p.field}.`,
  contradiction: (p) => `Contradictory data: check ${FIELDS.en[p.field ?? ''] ?? p.field}.`,
};

const SENTENCES: Record<ExplanationLanguage, Sentences> = { fr: FRENCH, en: ENGLISH };

/** One reason as a sentence. A rule speaks in its own words; everything else has a sentence per code. */
export function explainReason(
  reason: Reason,
  language: ExplanationLanguage,
  nameCode: NameCode = () => null,
): string {
  if (reason.because) return reason.because[language];
  if (reason.code === 'rule' || reason.code === 'excluded' || reason.code === 'outside') {
    return language === 'fr' ? 'Règle du réseau.' : 'Rule of the network.';
  }
  return SENTENCES[language][reason.code](inWords(reason, language, nameCode));
}

const ROLES: Record<ExplanationLanguage, Record<string, string>> = {
  fr: {
    reading: 'lecture',
    terrain: 'terrain',
    pathway: 'orientation, sans double lecture',
    european_escalation: 'escalade européenne',
  },
  en: {
    reading: 'reading',
    terrain: 'terrain',
    pathway: 'pathway, no second reading',
    european_escalation: 'European escalation',
  },
};

/** The whole decision in a few sentences: each network with its role and main reason, then what else must be said. */
export function explainDecision(
  decision: RoutingDecision,
  language: ExplanationLanguage,
  nameCode?: NameCode,
): string {
  const networks = decision.networks.map(({ networkId, role, reasons }) => {
    const main = reasons[0] ? ` : ${explainReason(reasons[0], language, nameCode)}` : '.';
    const colon = language === 'fr' ? main : main.replace(' : ', ': ');
    return `${networkId} (${ROLES[language][role]})${colon}`;
  });
  const rest = decision.reasons.map((reason) => explainReason(reason, language, nameCode));
  return [...new Set([...networks, ...rest])].join(' ');
}
