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
