import { z } from 'zod';
import type { Party } from '../events/status.js';

/** What holds a case back from its readers, in the order in which people are told. */
export const LACKS = [
  'report',
  'slide_refused',
  'slide_label_differs',
  'slide_blank',
  'slide_black',
  'slide_blurred',
  'slides',
  'stain',
  'parcel_to_send',
  'parcel_on_its_way',
  'slides_arriving',
  'slides_in_preparation',
  'slides_in_checks',
] as const;

/** Something a network requires and the case has not got yet. `what` is the stain; `count` how many are missing. */
export const admissionLack = z.object({
  code: z.enum(LACKS),
  what: z.string().nullable().default(null),
  count: z.number().int().nullable().default(null),
});
export type AdmissionLack = z.infer<typeof admissionLack>;

/** Who can end it, and so holds the clock meanwhile. */
const ENDED_BY: Record<AdmissionLack['code'], Extract<Party, 'submitter' | 'transfer' | 'admission'>> = {
  report: 'submitter',
  slide_refused: 'submitter',
  // The sender corrects what was typed or sends another scan; or a coordinator lets it pass, and says why.
  slide_label_differs: 'submitter',
  slide_blank: 'submitter',
  slide_black: 'submitter',
  slide_blurred: 'submitter',
  slides: 'submitter',
  stain: 'submitter',
  parcel_to_send: 'submitter',
  parcel_on_its_way: 'transfer',
  // Only the sender's machine has the rest of the bytes: an upload that was cut waits for a person.
  slides_arriving: 'submitter',
  slides_in_preparation: 'admission',
  slides_in_checks: 'admission',
};

export const isForSender = ({ code }: Pick<AdmissionLack, 'code'>): boolean => ENDED_BY[code] === 'submitter';

/** Whoever still has to act first: the sender, then what travels, then the checks. */
export function holderOfLacks(lacks: readonly AdmissionLack[]): Party {
  const holders = lacks.map(({ code }) => ENDED_BY[code]);
  return (['submitter', 'transfer'] as const).find((party) => holders.includes(party)) ?? 'admission';
}

/** As an event carries it: `stain:HES`, `slides:2`, `report`. */
export const writeLack = ({ code, what, count }: AdmissionLack): string =>
  [code, what ?? count].filter((part) => part !== null).join(':');

export function readLack(text: string): AdmissionLack | null {
  const [code, ...rest] = text.split(':');
  const value = rest.join(':');
  const parsed = admissionLack.safeParse({
    code,
    ...(code === 'stain' ? { what: value } : {}),
    ...(code !== 'stain' && value !== '' ? { count: Number(value) } : {}),
  });
  return parsed.success ? parsed.data : null;
}
