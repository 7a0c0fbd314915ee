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
