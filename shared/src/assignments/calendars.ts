/** France's public holidays, and the states of date-holidays that have others: Alsace-Moselle, and overseas. */
export const CALENDARS = ['FR', '57', 'GP', 'MQ', 'GF', 'RE', 'YT', 'MF', 'BL'] as const;
export type CalendarId = (typeof CALENDARS)[number];

const BY_POSTCODE: ReadonlyArray<readonly [RegExp, CalendarId]> = [
  [/^(57|67|68)/, '57'],
  [/^97133/, 'BL'],
  [/^97150/, 'MF'],
  [/^971/, 'GP'],
  [/^972/, 'MQ'],
  [/^973/, 'GF'],
  [/^974/, 'RE'],
  [/^976/, 'YT'],
];
const BY_REGION: Readonly<Record<string, CalendarId>> = {
  Guadeloupe: 'GP',
  Martinique: 'MQ',
  Guyane: 'GF',
  'La Réunion': 'RE',
  Mayotte: 'YT',
};

/** Where a house is says which days it rests: by its postcode, and before it is known by its region. */
export const calendarOf = ({
  region,
  address,
}: {
  readonly region: string;
  readonly address?: { readonly postcode: string } | null;
}): CalendarId =>
  BY_POSTCODE.find(([pattern]) => address && pattern.test(address.postcode))?.[1] ??
  BY_REGION[region] ??
  'FR';
