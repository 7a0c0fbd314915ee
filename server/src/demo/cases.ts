import type { CaseContent } from '@relecture/shared/cases/schema.js';
import type { ReportContent } from '@relecture/shared/reports/schema.js';
import type { PersonKey } from './people.js';
import type { SlideKind } from './slides.js';

/** How far a demo case has come; each step walks the real gate. */
export type Walk =
  | 'draft'
  | 'contradiction'
  | 'refused_slide'
  | 'to_dispatch'
  | 'dispatched'
  | 'pathway'
  | 'withdrawn'
  | 'parcel_on_its_way'
  | 'nobody_free'
  | 'assigned'
  | 'accepted'
  | 'in_review'
  | 'on_hold'
  | 'resumed'
  | 'preliminary'
  | 'signed'
  | 'signed_with_addendum';

type Agreement = NonNullable<ReportContent['concordance']['agreement']>;

export interface DemoCase {
  readonly walk: Walk;
  /** Working days ago that the case was sent. */
  readonly daysAgo: number;
  readonly sender: PersonKey;
  readonly patient: readonly [birthName: string, firstName: string, birthDate: string, sex: 'F' | 'M'];
  readonly site: string;
  readonly specimenSite?: string;
  readonly morphology: string | null;
  readonly diagnosis: string;
  readonly question: string;
  readonly clinical: string;
  readonly intent: NonNullable<CaseContent['intent']>;
  readonly contexts?: readonly string[];
  readonly urgent?: boolean;
  /** The expert that the sender wishes for. */
  readonly wishes?: PersonKey;
  readonly markers: readonly string[];
  readonly slides: readonly SlideKind[];
  /** What the expert concludes, for cases that get that far. */
  readonly opinion?: {
    readonly conclusion: string;
    readonly morphology: string;
    readonly agreement: Agreement;
    readonly impact: NonNullable<ReportContent['concordance']['therapeuticImpact']>;
    readonly types?: ReportContent['concordance']['types'];
    /** Markers that lock it: no third reading then. */
    readonly proven?: readonly string[];
  };
}

const LYMPHOMA_IHC = ['CD20 +', 'CD3 -', 'CD10 +', 'BCL6 +', 'BCL2 +'];

/** 24 invented cases, in every status, over the last 90 working days. */
export const CASES: readonly DemoCase[] = [
  {
    walk: 'draft',
    daysAgo: 1,
    sender: 'pathologiste',
    patient: ['LE MEUR', 'Annick', '1951-03-08', 'F'],
    site: 'C77.0',
    morphology: '9690/3',
    diagnosis: 'Lymphome folliculaire, grade à préciser',
    question: 'Confirmation et grade.',
    clinical: 'Adénopathie cervicale de 3 cm.',
    intent: 'systematic',
    markers: LYMPHOMA_IHC,
    slides: ['lymphoid'],
  },
  {
    walk: 'draft',
    daysAgo: 0,
    sender: 'pathologiste',
    patient: ['QUÉMÉNER', 'Yann', '1978-11-21', 'M'],
    site: 'C49.2',
    morphology: null,
    diagnosis: 'Prolifération fusocellulaire',
    question: 'Sarcome ?',
    clinical: 'Masse de la cuisse, 9 cm.',
    intent: 'advice',
    markers: [],
    slides: [],
  },
  {
    walk: 'contradiction',
    daysAgo: 2,
    sender: 'pathologiste',
    patient: ['GUÉGUEN', 'Pierre', '1960-01-15', 'M'],
    site: 'C56.9',
    morphology: '8620/3',
    diagnosis: 'Tumeur de la granulosa',
    question: 'Confirmation.',
    clinical: 'Masse annexielle.',
    intent: 'systematic',
    markers: ['Inhibine +'],
    slides: ['gland'],
  },
  {
    walk: 'refused_slide',
    daysAgo: 2,
    sender: 'pathologiste',
    patient: ['TANGUY', 'Odile', '1947-06-30', 'F'],
    site: 'C77.4',
    morphology: '9680/3',
    diagnosis: 'Lymphome B diffus à grandes cellules',
    question: 'Cellule d’origine.',
    clinical: 'Adénopathies inguinales, altération de l’état général.',
    intent: 'systematic',
    markers: ['CD20 +', 'Ki-67 80 %'],
    slides: ['lymphoid'],
  },
  {
    walk: 'to_dispatch',
    daysAgo: 2,
    sender: 'cap',
    patient: ['SANTONI', 'Marie-Ange', '1983-09-02', 'F'],
    site: 'C80.9',
    morphology: null,
    diagnosis: 'Tumeur maligne indifférenciée, origine inconnue',
    question: 'Lignée ?',
    clinical: 'Métastases multiples sans primitif retrouvé.',
    intent: 'advice',
    contexts: ['unknown_primary', 'diagnostic_doubt'],
    markers: ['AE1/AE3 -', 'S100 -', 'CD45 -'],
    slides: ['sarcoma'],
  },
  {
    walk: 'to_dispatch',
    daysAgo: 6,
    sender: 'pathologiste',
    patient: ['BARGAIN', 'Loïc', '1969-12-11', 'M'],
    site: 'C80.9',
    morphology: '8000/3',
    diagnosis: 'Néoplasie maligne, sans autre indication',
    question: 'Orientation vers un réseau.',
    clinical: 'Lésion retropéritonéale, biopsie exiguë.',
    intent: 'advice',
    contexts: ['diagnostic_doubt', 'core_needle_biopsy'],
    markers: [],
    slides: ['gland'],
  },
  {
    walk: 'pathway',
    daysAgo: 30,
    sender: 'pathologiste',
    patient: ['RIOU', 'Bernadette', '1949-02-27', 'F'],
    site: 'C25.0',
    morphology: '8500/3',
    diagnosis: 'Adénocarcinome canalaire du pancréas',
    question: 'Prise en charge.',
    clinical: 'Tumeur de la tête du pancréas, non résécable.',
    intent: 'systematic',
    contexts: ['metastatic_stage'],
    markers: ['CK7 +'],
    slides: ['gland'],
  },
  {
    walk: 'withdrawn',
    daysAgo: 20,
    sender: 'pathologiste',
    patient: ['LE GALL', 'Jean', '1957-05-19', 'M'],
    site: 'C77.2',
    morphology: '9673/3',
    diagnosis: 'Lymphome du manteau',
    question: 'Confirmation.',
    clinical: 'Adénopathies profondes.',
    intent: 'systematic',
    markers: ['Cycline D1 +'],
    slides: ['lymphoid'],
  },
  {
    walk: 'parcel_on_its_way',
    daysAgo: 4,
    sender: 'cap',
    patient: ['ANDREANI', 'François', '1972-07-07', 'M'],
    site: 'C49.4',
    morphology: '8858/3',
    diagnosis: 'Liposarcome dédifférencié',
    question: 'Confirmation, MDM2.',
    clinical: 'Masse rétropéritonéale de 18 cm.',
    intent: 'systematic',
    markers: ['MDM2 +'],
    slides: [],
  },
  {
    walk: 'nobody_free',
    daysAgo: 5,
    sender: 'pathologiste',
    patient: ['MORVEZEN', 'Gaël', '2019-10-03', 'M'],
    site: 'C64.9',
    morphology: '8960/3',
    diagnosis: 'Néphroblastome',
    question: 'Type histologique et stade.',
    clinical: 'Masse rénale, chimiothérapie préopératoire.',
    intent: 'systematic',
    contexts: ['post_chemotherapy'],
    markers: ['WT1 +'],
    slides: ['gland', 'sarcoma'],
  },
  {
    walk: 'assigned',
    daysAgo: 2,
    sender: 'pathologiste',
    wishes: 'relecteur',
    patient: ['PENNEC', 'Josiane', '1954-08-14', 'F'],
    site: 'C77.3',
    morphology: '9690/3',
    diagnosis: 'Lymphome folliculaire',
    question: 'Confirmation et grade.',
    clinical: 'Adénopathie axillaire isolée.',
    intent: 'systematic',
    markers: LYMPHOMA_IHC,
    slides: ['lymphoid', 'ihc'],
  },
  {
    walk: 'accepted',
    daysAgo: 18,
    sender: 'cap',
    patient: ['LECA', 'Dominique', '1966-04-01', 'M'],
    site: 'C49.2',
    morphology: '8890/3',
    diagnosis: 'Léiomyosarcome',
    question: 'Grade FNCLCC.',
    clinical: 'Masse de la cuisse.',
    intent: 'systematic',
    markers: ['Desmine +', 'H-caldesmone +'],
    slides: ['sarcoma'],
  },
  {
    walk: 'accepted',
    daysAgo: 3,
    sender: 'pathologiste',
    patient: ['CARIOU', 'Hélène', '1990-12-24', 'F'],
    site: 'C38.1',
    morphology: '9679/3',
    diagnosis: 'Lymphome B primitif du médiastin',
    question: 'Distinguer d’un Hodgkin.',
    clinical: 'Masse médiastinale antérieure.',
    intent: 'advice',
    urgent: true,
    contexts: ['diagnostic_doubt'],
    markers: ['CD20 +', 'CD30 hétérogène'],
    slides: ['lymphoid'],
  },
  {
    walk: 'in_review',
    daysAgo: 5,
    sender: 'pathologiste',
    patient: ['KERDILÈS', 'Armel', '1943-01-29', 'M'],
    site: 'C77.1',
    morphology: '9680/3',
    diagnosis: 'Lymphome B diffus à grandes cellules',
    question: 'Cellule d’origine, double expresseur ?',
    clinical: 'Adénopathies médiastinales, LDH élevées.',
    intent: 'systematic',
    markers: ['CD20 +', 'MYC 60 %', 'BCL2 90 %'],
    slides: ['lymphoid', 'ihc'],
  },
  {
    walk: 'in_review',
    daysAgo: 21,
    sender: 'cap',
    patient: ['CASANOVA', 'Antoine', '1959-10-10', 'M'],
    site: 'C77.5',
    morphology: '9591/3',
    diagnosis: 'Lymphome B, sans autre indication',
    question: 'Sous-type.',
    clinical: 'Adénopathies iliaques.',
    intent: 'advice',
    contexts: ['core_needle_biopsy'],
    markers: ['CD20 +', 'CD5 +'],
    slides: ['lymphoid'],
  },
  {
    walk: 'in_review',
    daysAgo: 7,
    sender: 'interne',
    patient: ['JÉZÉQUEL', 'Marine', '1975-03-17', 'F'],
    site: 'C25.2',
    morphology: '8240/3',
    diagnosis: 'Tumeur neuroendocrine bien différenciée',
    question: 'Grade : Ki-67 à 4 % ou 18 % ?',
    clinical: 'Lésion caudale de 22 mm.',
    intent: 'systematic',
    markers: ['Chromogranine +', 'Synaptophysine +'],
    slides: ['gland', 'large', 'ihc'],
  },
  {
    walk: 'on_hold',
    daysAgo: 9,
    sender: 'pathologiste',
    patient: ['LE FLOCH', 'Denise', '1962-06-06', 'F'],
    site: 'C77.0',
    morphology: '9702/3',
    diagnosis: 'Lymphome T périphérique',
    question: 'Confirmation, phénotype TFH ?',
    clinical: 'Fièvre, sueurs, polyadénopathie.',
    intent: 'advice',
    contexts: ['diagnostic_doubt'],
    markers: ['CD3 +', 'CD4 +'],
    slides: ['lymphoid'],
  },
  {
    walk: 'resumed',
    daysAgo: 14,
    sender: 'pathologiste',
    patient: ['SALAÜN', 'Erwan', '1988-02-02', 'M'],
    site: 'C77.3',
    morphology: '9652/3',
    diagnosis: 'Lymphome de Hodgkin classique',
    question: 'Confirmation.',
    clinical: 'Adénopathie axillaire, prurit.',
    intent: 'systematic',
    markers: ['CD30 +', 'CD15 +'],
    slides: ['lymphoid'],
  },
  {
    walk: 'preliminary',
    daysAgo: 10,
    sender: 'pathologiste',
    patient: ['CLOAREC', 'Mona', '1981-09-09', 'F'],
    site: 'C49.1',
    morphology: '8825/1',
    diagnosis: 'Tumeur myofibroblastique',
    question: 'Nature, potentiel évolutif.',
    clinical: 'Nodule de l’avant-bras.',
    intent: 'advice',
    contexts: ['diagnostic_doubt'],
    markers: ['ALK -', 'AML +'],
    slides: ['sarcoma'],
    opinion: {
      conclusion:
        'Aspect compatible avec une fasciite nodulaire. Recherche d’un réarrangement de USP6 en cours.',
      morphology: '8828/0',
      agreement: 'discordant',
      impact: 'to_assess',
      types: ['benign_malignant', 'entity'],
    },
  },
  {
    walk: 'signed',
    daysAgo: 25,
    sender: 'pathologiste',
    patient: ['NICOLAS', 'Corentin', '1993-07-23', 'M'],
    site: 'C77.0',
    morphology: '9663/3',
    diagnosis: 'Lymphome de Hodgkin classique, type scléronodulaire',
    question: 'Confirmation.',
    clinical: 'Adénopathie sus-claviculaire.',
    intent: 'systematic',
    markers: ['CD30 +', 'CD15 +', 'PAX5 faible'],
    slides: ['lymphoid'],
    opinion: {
      conclusion: 'Lymphome de Hodgkin classique de type scléronodulaire. Diagnostic confirmé.',
      morphology: '9663/3',
      agreement: 'concordant',
      impact: 'none',
    },
  },
  {
    walk: 'signed',
    daysAgo: 45,
    sender: 'cap',
    patient: ['ORSINI', 'Ghjulia', '1970-05-05', 'F'],
    site: 'C49.6',
    morphology: '8830/3',
    diagnosis: 'Sarcome pléomorphe indifférencié',
    question: 'Confirmation du diagnostic.',
    clinical: 'Masse dorsale profonde.',
    intent: 'systematic',
    markers: ['S100 -', 'Desmine -'],
    slides: ['sarcoma'],
    opinion: {
      conclusion: 'Liposarcome dédifférencié : amplification de MDM2. Le diagnostic initial est modifié.',
      morphology: '8858/3',
      agreement: 'discordant',
      impact: 'major',
      types: ['entity'],
      proven: ['MDM2'],
    },
  },
  {
    walk: 'signed',
    daysAgo: 62,
    sender: 'pathologiste',
    patient: ['LE ROUX', 'Fañch', '1948-12-01', 'M'],
    site: 'C77.4',
    morphology: '9690/3',
    diagnosis: 'Lymphome folliculaire de bas grade',
    question: 'Grade.',
    clinical: 'Adénopathie inguinale.',
    intent: 'systematic',
    markers: LYMPHOMA_IHC,
    slides: ['lymphoid', 'ihc'],
    opinion: {
      conclusion: 'Lymphome folliculaire classique, avec une composante à grandes cellules de 20 %.',
      morphology: '9690/3',
      agreement: 'partial',
      impact: 'minor',
      types: ['grade'],
    },
  },
  {
    walk: 'dispatched',
    daysAgo: 75,
    sender: 'interne',
    patient: ['MADEC', 'Rozenn', '1956-03-03', 'F'],
    site: 'C80.9',
    morphology: null,
    diagnosis: 'Tumeur maligne à cellules rondes',
    question: 'Lignée ?',
    clinical: 'Masse des parties molles, origine inconnue.',
    intent: 'advice',
    contexts: ['unknown_primary', 'diagnostic_doubt'],
    markers: ['CD99 +'],
    slides: ['sarcoma'],
    opinion: {
      conclusion: 'Sarcome d’Ewing avec fusion EWSR1::FLI1.',
      morphology: '9260/3',
      agreement: 'not_classifiable',
      impact: 'major',
      proven: ['EWSR1'],
    },
  },
  {
    walk: 'signed_with_addendum',
    daysAgo: 88,
    sender: 'pathologiste',
    patient: ['HÉNAFF', 'Gwenola', '1965-11-11', 'F'],
    site: 'C77.2',
    morphology: '9699/3',
    diagnosis: 'Lymphome de la zone marginale',
    question: 'Confirmation.',
    clinical: 'Adénopathies mésentériques.',
    intent: 'systematic',
    markers: ['CD20 +', 'CD5 -', 'CD10 -'],
    slides: ['lymphoid'],
    opinion: {
      conclusion: 'Lymphome de la zone marginale ganglionnaire. Diagnostic confirmé.',
      morphology: '9699/3',
      agreement: 'concordant',
      impact: 'none',
    },
  },
];
