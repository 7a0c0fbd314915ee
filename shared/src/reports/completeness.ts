import type { ReportContent, ReportGap } from './schema.js';

/**
 * What is missing before a report can be signed. A preliminary report needs its conclusion only: treatment rests on
 * the final one (domain.md 1.6). Pure: the page and the server ask the same function.
 * `unreadSlides` is how many readable slides the reviewer has not opened.
 */
export function findReportGaps(
  content: ReportContent,
  kind: 'preliminary' | 'final' | 'correction',
  unreadSlides: number,
): ReportGap[] {
  const gaps: ReportGap[] = [];
  if (content.conclusion.trim() === '') gaps.push('conclusion');
  if (kind === 'preliminary') return gaps;
  if (content.outcome === 'diagnosis' && !content.morphology) gaps.push('morphology');
  const { agreement, types, therapeuticImpact } = content.concordance;
  if (agreement === null) gaps.push('agreement');
  if ((agreement === 'partial' || agreement === 'discordant') && types.length === 0)
    gaps.push('discordance_type');
  if (therapeuticImpact === null) gaps.push('therapeutic_impact');
  if (unreadSlides > 0) gaps.push('slides_unread');
  return gaps;
}

/** What a report says that does not go with the first diagnosis. It may be meant, so it is said and holds nothing up. */
export type ReportDoubt =
  | 'concordant_other_behaviour'
  | 'concordant_other_morphology'
  | 'concordant_no_tumour';

/**
 * Where the agreement that was ticked and the codes contradict each other. « Concordant » beside another behaviour
 * (/0 for /3) is told apart: it changes the treatment. Pure. `first` is the morphology of the sender, null without a
 * formal diagnosis.
 */
export function findReportDoubt(content: ReportContent, first: string | null): ReportDoubt | null {
  if (content.concordance.agreement !== 'concordant' || first === null) return null;
  if (content.outcome === 'no_tumour') return 'concordant_no_tumour';
  const { morphology } = content;
  if (content.outcome !== 'diagnosis' || morphology === null || morphology === first) return null;
  const behaviour = (code: string) => code.split('/')[1];
  return behaviour(morphology) === behaviour(first)
    ? 'concordant_other_morphology'
    : 'concordant_other_behaviour';
}
