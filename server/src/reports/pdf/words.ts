import type { AncillaryTest } from '@relecture/shared/cases/schema.js';
import type { ReportContent } from '@relecture/shared/reports/schema.js';
import type { ReportRecord } from '../model.js';

/** The words of a printed report. French: it is the sender's and the patient's document. */
export const KIND: Record<ReportRecord['kind'], string> = {
  preliminary: 'Avis préliminaire',
  final: 'Compte rendu de relecture',
  addendum: 'Compte rendu complémentaire',
  correction: 'Compte rendu rectificatif',
};

type Concordance = ReportContent['concordance'];

export const AGREEMENT: Record<NonNullable<Concordance['agreement']>, string> = {
  concordant: 'Concordant avec le diagnostic du demandeur',
  partial: 'Partiellement concordant',
  discordant: 'Discordant',
  not_classifiable: 'Non classable',
};

export const DISCORDANCE: Record<Concordance['types'][number], string> = {
  benign_malignant: 'bénin / malin',
  lineage: 'lignée',
  entity: 'entité',
  subtype: 'sous-type',
  grade: 'grade',
  stage: 'stade',
};

export const IMPACT: Record<NonNullable<Concordance['therapeuticImpact']>, string> = {
  none: 'Aucun',
  minor: 'Mineur',
  major: 'Majeur',
  to_assess: 'À évaluer en RCP',
};

export const OUTCOME: Record<ReportContent['outcome'], string> = {
  diagnosis: 'Diagnostic',
  no_tumour: 'Absence de tumeur',
  unclassifiable: 'Lésion inclassable',
};

/** « Né », « née » : a person is not a form. */
export const BORN = { F: 'Née le', M: 'Né le', I: 'Né(e) le' } as const;

export const INTENT = { systematic: 'relecture systématique', advice: 'demande d’avis' } as const;

export const LEVEL = { 2: 'Deuxième lecture', 3: 'Troisième lecture' } as const;

export const SEX = { F: 'féminin', M: 'masculin', I: 'indéterminé' } as const;

export const SAMPLE: Record<string, string> = {
  excision: 'exérèse',
  resection: 'résection',
  biopsy: 'biopsie',
  core_needle_biopsy: 'microbiopsie',
  endoscopic_biopsy: 'biopsie endoscopique',
  curettage: 'curetage',
  cytology: 'cytologie',
  bone_marrow: 'biopsie ostéo-médullaire',
  other: 'autre prélèvement',
};

/** Results of the sender's own tests. */
export const RESULT: Record<AncillaryTest['result'], string> = {
  positive: 'positif',
  negative: 'négatif',
  equivocal: 'équivoque',
  pending: 'en attente',
  done: 'fait',
};

const dayFormat = new Intl.DateTimeFormat('fr-FR', {
  timeZone: 'Europe/Paris',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const timeFormat = new Intl.DateTimeFormat('fr-FR', {
  timeZone: 'Europe/Paris',
  hour: '2-digit',
  minute: '2-digit',
});
export const day = (at: Date): string => dayFormat.format(at);
export const dayAndTime = (at: Date): string => `${day(at)} à ${timeFormat.format(at)}`;
/** A calendar date (YYYY-MM-DD) as people write it; noon keeps it the same day in every zone of France. */
export const calendarDay = (date: string): string => {
  const [year, month, number] = date.split('-');
  return `${number}/${month}/${year}`;
};
