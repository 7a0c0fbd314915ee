import type { AdmissionLack } from '@relecture/shared/assignments/admission.js';
import type { Shipment } from '@relecture/shared/cases/schema.js';
import type { SlideStatus } from '@relecture/shared/events/status.js';
import type { Network } from '@relecture/shared/networks/schema.js';
import type { SlideCheck } from '@relecture/shared/slides/checks.js';
import { showsStain } from '@relecture/shared/slides/stains.js';

/** What admission looks at; a pure function of this and of the network's rules, so that it can be replayed. */
export interface AdmissionFacts {
  readonly hasReport: boolean;
  readonly slides: ReadonlyArray<{
    readonly status: SlideStatus;
    readonly stain: string;
    /** Refused after the case was sent: the sender meant to show it. */
    readonly refusedAfterSending: boolean;
    /** Readable, but not looked at yet. */
    readonly checking: boolean;
    /** What was found that keeps it from its readers. */
    readonly holds: ReadonlyArray<SlideCheck['check']>;
  }>;
  readonly shipments: ReadonlyArray<Pick<Shipment, 'status' | 'items'>>;
}

type Rules = Network['admission'];

/** For a network that says nothing of its own. */
const DEFAULT: Rules = {
  minimumSlides: 1,
  requiredStains: [],
  requiresReport: false,
  acceptsShipment: true,
  recommendedMaterial: [],
};

const lack = (code: AdmissionLack['code'], rest: Partial<AdmissionLack> = {}): AdmissionLack => ({
  code,
  what: null,
  count: null,
  ...rest,
});

/** An unknown scale holds nothing: what is not measured can still be read. */
const HELD_BY = [
  ['identity', 'slide_label_differs'],
  ['tissue', 'slide_blank'],
  ['black', 'slide_black'],
  ['focus', 'slide_blurred'],
] as const;

/** From a block or unstained sections the centre makes the stain itself; stained glass brings what it says. */
const brings = (stain: string, { items }: AdmissionFacts['shipments'][number]): boolean =>
  items.some((item) =>
    item.kind === 'glass_slide' ? showsStain(`${item.stain} ${item.label}`, stain) : true,
  );

/**
 * What the case still lacks before the network's experts give it their time; empty when it is admitted. Slides count
 * when they are readable, a parcel when it was received. A new rule is one more block here.
 */
export function checkAdmission(facts: AdmissionFacts, rules: Rules = DEFAULT): AdmissionLack[] {
  const lacks: AdmissionLack[] = [];
  if (rules.requiresReport && !facts.hasReport) lacks.push(lack('report'));
  if (facts.slides.some(({ refusedAfterSending }) => refusedAfterSending)) lacks.push(lack('slide_refused'));

  for (const [check, code] of HELD_BY) {
    const count = facts.slides.filter(({ holds }) => holds.includes(check)).length;
    if (count > 0) lacks.push(lack(code, { count }));
  }

  const ready = facts.slides.filter(({ status }) => status === 'ready');
  const arriving = facts.slides.filter(({ status }) => status === 'receiving');
  const preparing = facts.slides.filter(({ status }) => status === 'received' || status === 'processing');
  const pending = [...arriving, ...preparing];
  const parcels = rules.acceptsShipment ? facts.shipments.filter(({ status }) => status !== 'returned') : [];
  const here = parcels.filter(({ status }) => status === 'received');
  const coming = parcels.filter(({ status }) => status !== 'received');
  let waitsForParcel = false;

  const minimum = Math.max(1, rules.minimumSlides);
  if (ready.length < minimum && here.length === 0) {
    if (coming.length > 0) waitsForParcel = true;
    else if (ready.length + pending.length < minimum)
      lacks.push(lack('slides', { count: minimum - ready.length - pending.length }));
  }
  for (const stain of rules.requiredStains) {
    const shown = (slides: typeof ready) => slides.some((slide) => showsStain(slide.stain, stain));
    const brought = (shipments: typeof here) => shipments.some((shipment) => brings(stain, shipment));
    if (shown(ready) || shown(pending) || brought(here)) continue;
    if (brought(coming)) waitsForParcel = true;
    else lacks.push(lack('stain', { what: stain }));
  }
  if (waitsForParcel)
    lacks.push(lack(coming.some(({ status }) => status === 'sent') ? 'parcel_on_its_way' : 'parcel_to_send'));
  if (arriving.length > 0) lacks.push(lack('slides_arriving'));
  if (preparing.length > 0) lacks.push(lack('slides_in_preparation'));
  if (ready.some(({ checking }) => checking)) lacks.push(lack('slides_in_checks'));
  return lacks;
}
