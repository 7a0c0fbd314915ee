import type { Intent, Urgency } from '@relecture/shared/cases/schema.js';
import type { ReviewStatus } from '@relecture/shared/events/status.js';
import type { Language } from '@relecture/shared/http/page.js';
import type { ExportColumn } from '@relecture/shared/monitoring/schema.js';

interface ExportWords {
  /** Of the sheet. */
  readonly sheet: string;
  readonly columns: Readonly<Record<ExportColumn, string>>;
  readonly status: Readonly<Record<ReviewStatus, string>>;
  readonly intent: Readonly<Record<Intent, string>>;
  readonly urgency: Readonly<Record<Urgency, string>>;
  readonly agreement: Readonly<Record<string, string>>;
  readonly discordance: Readonly<Record<string, string>>;
  readonly impact: Readonly<Record<string, string>>;
}

const FR = {
  sheet: 'Lectures',
  columns: {
    number: 'Dossier',
    network: 'Réseau',
    level: 'Niveau de lecture',
    status: 'Statut',
    intent: 'Nature de la demande',
    urgency: 'Urgence',
    region: 'Région du demandeur',
    organisation: 'Établissement demandeur',
    siteCode: 'Localisation CIM-O-3',
    site: 'Localisation',
    morphologyCode: 'Morphologie CIM-O-3 du demandeur',
    morphology: 'Morphologie du demandeur',
    submittedOn: 'Transmis le',
    admittedOn: 'Recevable le',
    assignedOn: 'Affecté le',
    reviewer: 'Expert',
    centre: 'Centre de l’expert',
    dueOn: 'Échéance',
    signedOn: 'Signé le',
    agreement: 'Concordance',
    readMorphologyCode: 'Morphologie CIM-O-3 du relecteur',
    readMorphology: 'Morphologie du relecteur',
    discordanceTypes: 'Nature de la discordance',
    impact: 'Impact thérapeutique',
    materialRequests: 'Demandes de matériel',
    workingDays: 'Délai depuis le premier diagnostic (j ouvrés)',
    heldBySubmitter: 'dont demandeur',
    heldByTransfer: 'dont acheminement',
    heldByAdmission: 'dont recevabilité',
    heldByDispatcher: 'dont coordination nationale',
    heldByCoordinator: 'dont coordination du réseau',
    heldByReviewer: 'dont expert',
    heldByMaterial: 'dont attente de matériel',
  },
  status: {
    routed: 'Transmis, recevabilité en cours',
    admitted: 'Recevable',
    assigned: 'Affecté',
    in_review: 'En lecture',
    on_hold: 'En attente de matériel complémentaire',
    preliminary: 'Avis préliminaire',
    signed: 'Signé',
    cancelled: 'Annulée',
  },
  intent: {
    systematic: 'Relecture systématique',
    advice: 'Demande d’avis',
  },
  urgency: {
    normal: 'Normale',
    urgent: 'Urgente',
  },
  agreement: {
    concordant: 'Concordant',
    partial: 'Partiellement concordant',
    discordant: 'Discordant',
    not_classifiable: 'Non classable',
  },
  discordance: {
    benign_malignant: 'Bénin ou malin',
    lineage: 'Lignée',
    entity: 'Entité',
    subtype: 'Sous-type',
    grade: 'Grade',
    stage: 'Stade',
  },
  impact: { none: 'Aucun', minor: 'Mineur', major: 'Majeur', to_assess: 'À évaluer en RCP' },
} as const;

/** The words of an exported table, in the language it is asked for in. */
export const EXPORT_WORDS: Readonly<Record<Language, ExportWords>> = {
  fr: FR,
  en: {
    sheet: 'Readings',
    columns: {
      number: 'Case',
      network: 'Network',
      level: 'Level of reading',
      status: 'Status',
      intent: 'Kind of request',
      urgency: 'Urgency',
      region: 'Region of the sender',
      organisation: 'Sending organisation',
      siteCode: 'ICD-O-3 site',
      site: 'Site',
      morphologyCode: 'ICD-O-3 morphology of the sender',
      morphology: 'Morphology of the sender',
      submittedOn: 'Submitted on',
      admittedOn: 'Admitted on',
      assignedOn: 'Assigned on',
      reviewer: 'Reviewer',
      centre: 'Centre of the reviewer',
      dueOn: 'Due on',
      signedOn: 'Signed on',
      agreement: 'Agreement',
      readMorphologyCode: 'ICD-O-3 morphology of the reviewer',
      readMorphology: 'Morphology of the reviewer',
      discordanceTypes: 'What differed',
      impact: 'Therapeutic impact',
      materialRequests: 'Material requests',
      workingDays: 'Since the first diagnosis (working days)',
      heldBySubmitter: 'of which sender',
      heldByTransfer: 'of which transfer',
      heldByAdmission: 'of which admission',
      heldByDispatcher: 'of which national dispatch',
      heldByCoordinator: 'of which network coordination',
      heldByReviewer: 'of which reviewer',
      heldByMaterial: 'of which waiting for material',
    },
    status: {
      routed: 'Submitted, being admitted',
      admitted: 'Admitted',
      assigned: 'Assigned',
      in_review: 'In review',
      on_hold: 'Waiting for material',
      preliminary: 'Preliminary opinion',
      signed: 'Signed',
      cancelled: 'Withdrawn',
    },
    intent: {
      systematic: 'Systematic review',
      advice: 'Advice',
    },
    urgency: {
      normal: 'Normal',
      urgent: 'Urgent',
    },
    agreement: {
      concordant: 'Concordant',
      partial: 'Partly concordant',
      discordant: 'Discordant',
      not_classifiable: 'Not classifiable',
    },
    discordance: {
      benign_malignant: 'Benign or malignant',
      lineage: 'Lineage',
      entity: 'Entity',
      subtype: 'Subtype',
      grade: 'Grade',
      stage: 'Stage',
    },
    impact: { none: 'None', minor: 'Minor', major: 'Major', to_assess: 'To be assessed in a board' },
  },
};
