import i18next from 'i18next';
import { workingDaysBetween } from './working-days';

const words = (key: 'seconds' | 'minutes' | 'hours' | 'workingDays', count: number) =>
  i18next.t(`duration.${key}`, { ns: 'ui', count });

/** `45 s`, `12 min`, `2 h`: how long something still takes. */
export function wordSeconds(seconds: number): string {
  if (seconds < 60) return words('seconds', Math.max(1, Math.round(seconds)));
  if (seconds < 3600) return words('minutes', Math.round(seconds / 60));
  return words('hours', Math.round(seconds / 3600));
}

export const wordWorkingDays = (count: number) => words('workingDays', count);

/** `depuis 3 j ouvrés`: how long somebody has held something. */
export function wordSince(instant: string, now = new Date()): string {
  const from = new Date(instant);
  const minutes = Math.floor((now.getTime() - from.getTime()) / 60_000);
  if (minutes < 1) return i18next.t('since.now', { ns: 'ui' });
  if (minutes < 60) return i18next.t('since.minutes', { ns: 'ui', count: minutes });
  const days = workingDaysBetween(from, now);
  if (minutes < 24 * 60 || days === 0)
    return i18next.t('since.hours', { ns: 'ui', count: Math.floor(minutes / 60) });
  return i18next.t('since.days', { ns: 'ui', count: days });
}
