import { z } from 'zod';

/** What is looked at before experts give a slide their time, in the order in which people are told. */
export const SLIDE_CHECKS = ['identity', 'scale', 'tissue', 'black', 'focus'] as const;
export const slideCheckName = z.enum(SLIDE_CHECKS);

/** `holds` keeps the case from its readers until somebody acts or answers for it; `pending`: not looked at yet. */
export const checkOutcome = z.enum(['passes', 'warns', 'holds', 'pending']);
export type CheckOutcome = z.infer<typeof checkOutcome>;

export const slideCheck = z.object({
  check: slideCheckName,
  outcome: checkOutcome,
  /** Share of the slide or of its tissue that it speaks of, 0 to 1; null where there is none. */
  share: z.number().nullable(),
});
export type SlideCheck = z.infer<typeof slideCheck>;

/** `by`: read from a code on the label by the machine, or compared by a person. */
export const labelResult = z.object({
  result: z.enum(['agrees', 'differs', 'not_compared']),
  by: z.enum(['code', 'person']).nullable(),
});
export type LabelResult = z.infer<typeof labelResult>;

export interface CheckFacts {
  /** The background's look at it has ended. */
  readonly checked: boolean;
  readonly label: LabelResult['result'];
  readonly hasScale: boolean;
  /** Of the whole picture; null when there was no time to overlook it. */
  readonly tissueShare: number | null;
  readonly blackShare: number | null;
  /** Places looked at, and the blurred ones among them. */
  readonly looked: number;
  readonly blurred: number;
}

/**
 * Less tissue than this is none: a thousandth of a slide of 15 mm x 15 mm is half a millimetre across, and dust and the
 * edge of the coverslip make up less. Basis: our own samples, docs/decisions/0012.
 */
export const LEAST_TISSUE = 0.001;
/** Some scanners leave black what they did not scan; beyond half of the picture the scan itself failed. */
export const BLACK_WARNS = 0.05;
export const BLACK_HOLDS = 0.5;
/**
 * A zone out of focus is common and a reader works around it; the Royal College of Pathologists (digital pathology
 * guidance, 2018) leaves the decision to rescan to the reader. Half of the tissue is not worth sending to one.
 */
export const BLUR_WARNS = 0.1;
export const BLUR_HOLDS = 0.5;
/** Too few places to judge a share by: one blurred tile in three is no third of the tissue. */
const LEAST_PLACES = 4;

const grade = (share: number, warns: number, holds: number): CheckOutcome =>
  share >= holds ? 'holds' : share >= warns ? 'warns' : 'passes';

const LABEL_OUTCOME: Record<LabelResult['result'], CheckOutcome> = {
  agrees: 'passes',
  differs: 'holds',
  not_compared: 'warns',
};

/** A pure function of the facts, so that a rule that changes can be replayed on old slides. */
export function checkSlide(facts: CheckFacts): SlideCheck[] {
  const { checked, tissueShare, blackShare, looked, blurred } = facts;
  const blurredShare = looked === 0 ? null : blurred / looked;
  const seen = (check: SlideCheck['check'], outcome: CheckOutcome, share: number | null): SlideCheck => ({
    check,
    outcome: checked ? outcome : 'pending',
    share: checked ? share : null,
  });
  return [
    // A person's word counts at once; the machine may still find a code.
    facts.label === 'not_compared'
      ? seen('identity', 'warns', null)
      : { check: 'identity', outcome: LABEL_OUTCOME[facts.label], share: null },
    { check: 'scale', outcome: facts.hasScale ? 'passes' : 'warns', share: null },
    seen(
      'tissue',
      tissueShare === null ? 'warns' : tissueShare < LEAST_TISSUE ? 'holds' : 'passes',
      tissueShare,
    ),
    seen('black', blackShare === null ? 'warns' : grade(blackShare, BLACK_WARNS, BLACK_HOLDS), blackShare),
    seen(
      'focus',
      // Nothing to judge on a slide without tissue: that is said once, above.
      blurredShare === null || looked < LEAST_PLACES ? 'passes' : grade(blurredShare, BLUR_WARNS, BLUR_HOLDS),
      blurredShare,
    ),
  ];
}

/** Where a slide is sharp: one character a cell, row by row, `0` (sharp) to `9`; a space where there is no tissue. */
export const focusMap = z.object({
  columns: z.number().int(),
  rows: z.number().int(),
  cells: z.string(),
  /** From this figure on a cell is blurred. */
  blurredFrom: z.number().int(),
});
export type FocusMap = z.infer<typeof focusMap>;

/** What the label of the glass says, for those who know the patient. */
export const slideLabel = labelResult.extend({
  /** Read by the machine. */
  codes: z.array(z.string()),
  /** Typed by a person; null when they only compared. */
  says: z.string().nullable(),
  comparedBy: z.string().nullable(),
  at: z.iso.datetime().nullable(),
});
export type SlideLabel = z.infer<typeof slideLabel>;

/** What it says, or that it was compared by eye and agrees or not. */
export const compareLabelBody = z.union([
  z.object({ says: z.string().trim().min(1).max(120) }).strict(),
  z.object({ agrees: z.boolean() }).strict(),
]);
export type CompareLabelBody = z.infer<typeof compareLabelBody>;
