/** Days a French pathology laboratory works: Monday to Friday, public holidays excepted. Local time of the reader. */
const DAY = 86_400_000;

/** Easter Sunday (Meeus, Jones, Butcher), as day of the year counted in UTC. */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return Date.UTC(year, month - 1, ((h + l - 7 * m + 114) % 31) + 1);
}

const holidays = new Map<number, Set<number>>();

function holidaysOf(year: number): Set<number> {
  let days = holidays.get(year);
  if (!days) {
    const sunday = easter(year);
    const fixed: [number, number][] = [
      [0, 1],
      [4, 1],
      [4, 8],
      [6, 14],
      [7, 15],
      [10, 1],
      [10, 11],
      [11, 25],
    ];
    days = new Set([
      ...fixed.map(([month, day]) => Date.UTC(year, month, day)),
      sunday + DAY,
      sunday + 39 * DAY,
      sunday + 50 * DAY,
    ]);
    holidays.set(year, days);
  }
  return days;
}

const dayOf = (instant: Date) => Date.UTC(instant.getFullYear(), instant.getMonth(), instant.getDate());

function isWorkingDay(day: number): boolean {
  const date = new Date(day);
  const weekday = date.getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidaysOf(date.getUTCFullYear()).has(day);
}

/** Working days from one instant to another; negative when the second is before. The first day does not count. */
export function workingDaysBetween(from: Date, to: Date): number {
  const start = dayOf(from);
  const end = dayOf(to);
  if (end < start) return -workingDaysBetween(to, from);
  let days = 0;
  for (let day = start + DAY; day <= end; day += DAY) if (isWorkingDay(day)) days += 1;
  return days;
}
