import type { CaseContent } from '@relecture/shared/cases/schema.js';

/**
 * Every context a case may carry, in the groups a pathologist thinks in. Their words are in `i18n/.../submission`.
 * What the form already knows from another field (urgency, sample type) is added by `deriveContexts`, not asked twice.
 */
export const CONTEXT_GROUPS = {
  extent: [
    'metastasis',
    'metastatic_stage',
    'unknown_primary',
    'peritoneal_spread',
    'secondary_cns',
    'known_systemic_lymphoma',
    'systemic_therapy_needed',
  ],
  situation: [
    'diagnostic_doubt',
    'unresolved_after_national_panel',
    'prior_network_confirmation',
    'post_chemotherapy',
    'radiation_induced',
    'radioiodine_refractory',
    'pregnancy_related',
    'overseas_reunion',
  ],
  terrain: [
    'HIV',
    'solid_organ_transplant',
    'stem_cell_transplant',
    'primary_immunodeficiency',
    'iatrogenic_immunosuppression',
    'immunosuppression',
    'coeliac_disease',
    'refractory_sprue',
    'cirrhosis',
    'myasthenia',
    'sickle_cell',
    'erythroderma',
  ],
  exposure: ['asbestos', 'tobacco', 'wood_dust', 'breast_implant'],
  predisposition: [
    'li_fraumeni',
    'NF1',
    'VHL',
    'BHD',
    'MEN2',
    'SDHx',
    'DICER1',
    'SMARCA4',
    'FH_deficient_ihc',
    'lynch',
    'HLRCC',
    'HPRC',
    'BAP1',
    'cowden',
    'NF2',
    'FAP',
    'HBOC',
    'germline_predisposition',
  ],
} as const;

export type ContextGroup = keyof typeof CONTEXT_GROUPS;
const CONTEXT_CODES = Object.values(CONTEXT_GROUPS).flat();
export type ContextCode = (typeof CONTEXT_CODES)[number] | DerivedContext;

const DERIVED = ['urgent', 'core_needle_biopsy', 'cytology'] as const;
type DerivedContext = (typeof DERIVED)[number];

export const isContextCode = (code: string): code is ContextCode =>
  (CONTEXT_CODES as string[]).includes(code) || (DERIVED as readonly string[]).includes(code);

const isDerived = (code: string) => (DERIVED as readonly string[]).includes(code);

/** The contexts chosen, with those other fields imply. */
export function deriveContexts(content: Pick<CaseContent, 'contexts' | 'urgency' | 'specimens'>): string[] {
  const chosen = content.contexts.filter((code) => !isDerived(code));
  const types = new Set(content.specimens.map((specimen) => specimen.sampleType));
  if (content.urgency === 'urgent') chosen.push('urgent');
  if (types.has('core_needle_biopsy')) chosen.push('core_needle_biopsy');
  if (types.has('cytology')) chosen.push('cytology');
  return chosen;
}
