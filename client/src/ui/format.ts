import type { Language } from '@relecture/shared/http/page.js';
import { currentLanguage } from '../i18n';

const locale = (language: Language) => (language === 'fr' ? 'fr-FR' : 'en-GB');

const cache = new Map<string, Intl.DateTimeFormat>();
function dates(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`;
  let format = cache.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale(language), options);
    cache.set(key, format);
  }
  return format;
}

const DATE: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/** `12 nov. 2026` */
export const formatDate = (instant: string | Date, language = currentLanguage()) =>
  dates(language, 'date', DATE).format(new Date(instant));

/** `14:05` */
export const formatTime = (instant: string | Date, language = currentLanguage()) =>
  dates(language, 'time', TIME).format(new Date(instant));

/** `12 nov. 2026 14:05` */
export const formatDateTime = (instant: string | Date, language = currentLanguage()) =>
  `${formatDate(instant, language)} ${formatTime(instant, language)}`;

/** `12 nov. 14:05:33`, for steps that take seconds. */
export const formatPreciseTime = (instant: string | Date, language = currentLanguage()) =>
  `${dates(language, 'day', { day: 'numeric', month: 'short' }).format(new Date(instant))} ${dates(language, 'seconds', { ...TIME, second: '2-digit' }).format(new Date(instant))}`;

/** `12 nov. 14:05`, for a timeline where the year is known. */
export const formatShortDateTime = (instant: string | Date, language = currentLanguage()) =>
  `${dates(language, 'day', { day: 'numeric', month: 'short' }).format(new Date(instant))} ${formatTime(instant, language)}`;

/** A calendar date (`1957-03-12`) has no time zone: it must not move with the reader's. */
export const formatCalendarDate = (date: string, language = currentLanguage()) =>
  dates(language, 'calendar', { ...DATE, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));

const numbers = new Map<string, Intl.NumberFormat>();
/** Decimal comma and thin spaces in French. */
export function formatNumber(value: number, digits = 0, language = currentLanguage()): string {
  const key = `${language} ${digits}`;
  let format = numbers.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale(language), { maximumFractionDigits: digits });
    numbers.set(key, format);
  }
  return format.format(value);
}

/** « a, b et c » */
export const formatList = (items: readonly string[], language = currentLanguage()): string =>
  new Intl.ListFormat(locale(language)).format(items);

const UNITS = { fr: ['o', 'ko', 'Mo', 'Go'], en: ['B', 'kB', 'MB', 'GB'] } as const;

/** `1,4 Go`: decimal units, as file managers and scanners show them. */
export function formatBytes(bytes: number, language = currentLanguage()): string {
  const power = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${formatNumber(value, power === 0 || value >= 100 ? 0 : 1, language)}\u00a0${UNITS[language][power]}`;
}

/** A figure that is counted up to a limit: « 10 000+ » above it. */
export const formatCount = (count: number, limit: number): string =>
  count > limit ? `${formatNumber(limit)}+` : formatNumber(count);

export function ageAt(birthDate: string, at: Date = new Date()): number {
  const birth = new Date(`${birthDate}T00:00:00Z`);
  const before =
    at.getMonth() < birth.getUTCMonth() ||
    (at.getMonth() === birth.getUTCMonth() && at.getDate() < birth.getUTCDate());
  return at.getFullYear() - birth.getUTCFullYear() - (before ? 1 : 0);
}
