import { currentLanguage } from '../i18n';

/** `2026-11` as `nov. 2026`, or `nov.` on an axis. */
export function wordMonth(month: string, length: 'short' | 'long' = 'long'): string {
  const date = new Date(`${month}-15T12:00:00Z`);
  return new Intl.DateTimeFormat(currentLanguage() === 'fr' ? 'fr-FR' : 'en-GB', {
    month: 'short',
    timeZone: 'UTC',
    ...(length === 'long' ? { year: 'numeric' } : {}),
  }).format(date);
}

/** The first and the last day of a month, as the list's filters name them. */
export function monthDays(kind: 'signed' | 'opened', month: string): Record<string, string> {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
  return { [`${kind}From`]: `${month}-01`, [`${kind}To`]: last };
}
