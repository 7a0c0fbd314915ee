import { describeDateFinding } from '../cases/dates.js';
import type { ChecklistCode } from '../cases/schema.js';
import type { ReportGap } from '../reports/schema.js';
import type { Language } from './page.js';

/** What is wrong with one field, for people; the code beside it is for programs. Never the value: it may name somebody. */
type FieldCode =
  | ChecklistCode
  | ReportGap
  | 'invalid_type'
  | 'invalid_value'
  | 'invalid_format'
  | 'invalid_union'
  | 'too_small'
  | 'too_big'
  | 'unrecognized_keys'
  | 'required'
  | 'unknown'
  | 'enum'
  | 'cursor'
  | 'too_many'
  | 'beside_slide'
  | 'one_file'
  | 'taken'
  | 'unchanged'
  | 'checksum'
  | 'before_sending'
  | 'pattern'
  | 'outside_root'
  | 'before_reception'
  | 'session_date';

const WORDS: Record<FieldCode, Record<Language, string>> = {
  patient_identity: {
    fr: 'L’identité du patient est incomplète : nom de naissance, prénom, date de naissance, sexe.',
    en: 'The patient’s identity is incomplete: birth name, first name, birth date, sex.',
  },
  patient_informed: {
    fr: 'Indiquez que le patient est informé de la relecture.',
    en: 'State that the patient is informed of the second reading.',
  },
  prescriber: { fr: 'Indiquez le médecin prescripteur.', en: 'Name the prescribing physician.' },
  specimen: {
    fr: 'Décrivez au moins un prélèvement : siège, type et date.',
    en: 'Describe at least one specimen: site, type and date.',
  },
  primary_site: {
    fr: 'Indiquez le siège de la tumeur primitive (code CIM-O-3).',
    en: 'Give the site of the primary tumour (ICD-O-3 code).',
  },
  first_diagnosis: {
    fr: 'Indiquez votre diagnostic, ou « pas de diagnostic formel ».',
    en: 'Give your diagnosis, or “no formal diagnosis”.',
  },
  first_diagnosis_date: { fr: 'Indiquez la date du diagnostic.', en: 'Give the date of the diagnosis.' },
  dates: { fr: 'Des dates se contredisent.', en: 'Some dates contradict each other.' },
  local_report: { fr: 'Joignez votre compte rendu en PDF.', en: 'Attach your report as a PDF.' },
  intent: {
    fr: 'Indiquez s’il s’agit d’une relecture systématique ou d’une demande d’avis.',
    en: 'Say whether this is a systematic second reading or a request for an opinion.',
  },
  question: { fr: 'Posez votre question à l’expert.', en: 'Write your question to the expert.' },
  expert_wish_reason: {
    fr: 'Dites pourquoi vous souhaitez cet expert.',
    en: 'Say why you wish for this expert.',
  },
  material: {
    fr: 'Ajoutez une lame numérisée ou déclarez un envoi physique.',
    en: 'Add a digitised slide or declare a parcel.',
  },
  conclusion: { fr: 'La conclusion manque.', en: 'The conclusion is missing.' },
  morphology: { fr: 'La morphologie (CIM-O-3) manque.', en: 'The morphology (ICD-O-3) is missing.' },
  agreement: {
    fr: 'Dites si le diagnostic concorde avec celui du demandeur.',
    en: 'Say whether the diagnosis agrees with the submitter’s.',
  },
  discordance_type: {
    fr: 'Précisez la nature de la discordance.',
    en: 'Say what the disagreement is about.',
  },
  therapeutic_impact: { fr: 'Précisez l’impact thérapeutique.', en: 'State the impact on treatment.' },
  slides_unread: { fr: 'Des lames n’ont pas été ouvertes.', en: 'Some slides were not opened.' },
  invalid_type: {
    fr: 'Ce champ manque, ou n’est pas du type attendu.',
    en: 'This field is missing, or not of the expected type.',
  },
  invalid_value: {
    fr: 'Cette valeur n’est pas dans la liste des valeurs possibles.',
    en: 'This value is not in the list of possible ones.',
  },
  invalid_format: {
    fr: 'Ce champ n’a pas la forme attendue.',
    en: 'This field does not have the expected form.',
  },
  invalid_union: {
    fr: 'Ce champ ne correspond à aucune des formes acceptées.',
    en: 'This field matches none of the accepted forms.',
  },
  too_small: { fr: 'Valeur trop courte ou trop petite.', en: 'Too short or too small.' },
  too_big: { fr: 'Valeur trop longue ou trop grande.', en: 'Too long or too large.' },
  unrecognized_keys: { fr: 'Un champ inconnu est présent.', en: 'There is an unknown field.' },
  required: { fr: 'Ce champ est obligatoire.', en: 'This field is required.' },
  unknown: { fr: 'Cette valeur est inconnue.', en: 'This value is not known.' },
  enum: {
    fr: 'Cette valeur n’est pas dans la liste des valeurs possibles.',
    en: 'This value is not in the list of possible ones.',
  },
  cursor: {
    fr: 'Ce repère de page n’est pas le nôtre : reprenez à la première page.',
    en: 'This page marker is not ours: start again from the first page.',
  },
  too_many: { fr: 'Le nombre maximal est atteint.', en: 'The largest number is reached.' },
  beside_slide: {
    fr: 'Ce tracé est entièrement en dehors de la lame : tracez-le sur la lame.',
    en: 'This shape lies wholly beside the slide: draw it on the slide.',
  },
  one_file: { fr: 'Envoyez un seul fichier à la fois.', en: 'Send one file at a time.' },
  unchanged: {
    fr: 'C’est la valeur d’avant : choisissez-en une autre.',
    en: 'This is the value of before: choose another.',
  },
  taken: { fr: 'Cette valeur est déjà prise.', en: 'This value is already taken.' },
  pattern: {
    fr: 'Le modèle doit contenir {exam}, ou rester vide.',
    en: 'The pattern must contain {exam}, or stay empty.',
  },
  outside_root: {
    fr: 'Ce dossier n’est pas sous le dossier que le serveur autorise.',
    en: 'This folder is not below the one that the server allows.',
  },
  checksum: {
    fr: 'La somme de contrôle n’a pas la forme attendue : sha256 ou sha1, puis l’empreinte en base64.',
    en: 'The checksum does not have the expected form: sha256 or sha1, then the digest in base64.',
  },
  before_sending: {
    fr: 'La réception ne peut pas précéder l’envoi.',
    en: 'It cannot have arrived before it was sent.',
  },
  session_date: {
    fr: 'La séance a eu lieu entre la signature et aujourd’hui.',
    en: 'The session took place between the signature and today.',
  },
  before_reception: {
    fr: 'Le colis ne peut pas repartir avant d’être arrivé.',
    en: 'It cannot be sent on before it has arrived.',
  },
};

/** What the server already put into words stays as it is. */
export function wordField(field: { code: string; message: string }, language: Language): string {
  if (field.message.includes(' ')) return field.message;
  const words = WORDS[field.message as FieldCode] ?? WORDS[field.code as FieldCode];
  return (
    words?.[language] ??
    describeDateFinding(field.code, language) ??
    (language === 'fr' ? 'Cette valeur est à corriger.' : 'This value needs correcting.')
  );
}
