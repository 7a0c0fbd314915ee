import { readLack } from '@relecture/shared/assignments/admission.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { type CaseTimelineEntry, EVENTS } from '@relecture/shared/events/catalog.js';
import type { Party } from '@relecture/shared/events/status.js';
import { useTranslation } from 'react-i18next';
import { wordRefusal } from '../submission/RefusalWords';
import { wordLacks } from '../ui/Lacks';
import { useNetworkName } from '../ui/networks';

export interface TimelineLine {
  id: string;
  at: string;
  by: string | null;
  words: string;
  detail: string | null;
  /** Who holds the clock from here on, when that changed. */
  party: Party | null;
  /** A step of the path, as opposed to a detail of it. */
  strong: boolean;
}

/** Steps a person need not see: the next one says more. */
const QUIET = new Set(['slide.received', 'slide.processing-started', 'slide.checked', 'review.routed']);

const STRONG = new Set([
  'case.submitted',
  'case.routed',
  'review.assigned',
  'review.reassigned',
  'review.material-asked',
  'review.preliminary-signed',
  'review.signed',
  'review.addendum-signed',
  'review.correction-signed',
  'case.withdrawn',
]);

/** The same event is worded by how it came about. */
export const wordedAs = ({ event, params }: Pick<CaseTimelineEntry, 'event' | 'params'>) =>
  params.anyway === true
    ? 'review.admittedAnyway'
    : params.unopened === true
      ? 'review.reassignedUnopened'
      : event;

/** The story's order; a case is completed by its last signature, though the catalogue lists the case's events first. */
const placeOf = ({ event }: CaseTimelineEntry) =>
  event === 'case.completed' ? EVENTS.indexOf('review.signed') + 0.5 : EVENTS.indexOf(event);

/** By time; what two records tell of one instant, in the order of the story; one record's own order is its truth. */
function inOrder(a: CaseTimelineEntry, b: CaseTimelineEntry): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.recordId === b.recordId ? 0 : placeOf(a) - placeOf(b);
}

/** The timeline in words, latest first. */
export function useTimelineLines(page: CasePage): TimelineLine[] {
  const { t } = useTranslation('case');
  const networkName = useNetworkName();
  const slides = new Map(page.slides.map((slide) => [slide.id, slide]));
  const reviews = new Map(page.reviews.map((review) => [review.id, review]));
  const several = page.reviews.length > 1;
  const reads = page.networks
    .filter(({ role }) => role === 'reading')
    .map(({ networkId }) => networkName(networkId))
    .join(', ');

  const detailOf = (entry: CaseTimelineEntry): string | null => {
    const { reason, reasonWithheld } = entry.params;
    if (entry.event === 'slide.rejected') {
      const refusal = slides.get(entry.recordId)?.refusal;
      return refusal ? wordRefusal(refusal).reason : null;
    }
    if (entry.event === 'slide.removed') return null;
    const lacks = Array.isArray(entry.params.lacks)
      ? wordLacks(entry.params.lacks.flatMap((text) => readLack(text) ?? []))
      : '';
    const why =
      reasonWithheld === true
        ? t('timeline.reasonWithheld')
        : typeof reason === 'string' && reason !== ''
          ? t('timeline.reason', { reason })
          : '';
    return [lacks, why].filter(Boolean).join(' ') || null;
  };

  const lines: TimelineLine[] = [];
  let party: Party | null = null;
  let reading = false;
  for (const entry of page.timeline.toSorted(inOrder)) {
    // A slide's own clock is the case's, and once a review runs, its own entries say who holds the clock.
    reading ||= entry.record === 'review';
    const tells =
      entry.record === 'review' || (entry.record === 'case' && !reading && entry.event !== 'case.routed');
    const moved = tells && entry.party !== party && entry.party !== 'none';
    if (tells) party = entry.party;
    // What was corrected before it was sent concerned nobody else.
    const drafting = entry.event.endsWith('.described') && entry.at < (page.submittedAt ?? '9');
    // With one reading, its signature has said that all are signed.
    const said = entry.event === 'case.completed' && !several;
    if (QUIET.has(entry.event) || drafting || said) continue;
    const review = reviews.get(entry.recordId);
    const text = (name: string) => {
      const value = entry.params[name];
      return typeof value === 'string' ? value : '';
    };
    const name = wordedAs(entry);
    const words = t(`timeline.${name}`, {
      reviewer: text('reviewer'),
      centre: text('centre'),
      former: text('formerReviewer'),
      network: review ? networkName(review.networkId) : '',
      networks: reads,
      stain: slides.get(entry.recordId)?.stain || t('slides.noStain'),
    });
    lines.push({
      id: `${entry.recordId} ${entry.id}`,
      at: entry.at,
      by: entry.by?.displayName ?? null,
      words: several && review ? `${words} (${networkName(review.networkId)})` : words,
      detail: detailOf(entry),
      party: moved ? entry.party : null,
      strong: STRONG.has(entry.event),
    });
  }
  return lines.reverse();
}
