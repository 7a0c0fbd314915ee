const DAY_FIRST = /^(\d{1,2})[\s/.-]+(\d{1,2})[\s/.-]+(\d{4})$/;
const RUN_TOGETHER = /^(\d{2})(\d{2})(\d{4})$/;
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The calendar date somebody typed, day first, or null while it is none. */
export function readDate(text: string): string | null {
  const typed = text.trim();
  const iso = ISO.exec(typed);
  const dayFirst = DAY_FIRST.exec(typed) ?? RUN_TOGETHER.exec(typed);
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : dayFirst
      ? [dayFirst[3], dayFirst[2], dayFirst[1]]
      : [];
  if (!year || !month || !day) return null;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${date}T00:00:00Z`);
  // The calendar knows: 31/02 becomes another day, or none.
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== date) return null;
  return Number(year) >= 1890 && Number(year) <= 2200 ? date : null;
}

/** `12/11/2026` */
export const writeDate = (date: string | null | undefined): string =>
  date ? date.split('-').toReversed().join('/') : '';

/** Today as the calendar on the wall shows it, not as it is in Greenwich. */
export const today = (): string => new Date().toLocaleDateString('en-CA');
