import type { Language } from '@relecture/shared/http/page.js';
import { SMALLEST_GROUP } from '@relecture/shared/monitoring/schema.js';
import { openPage, type PdfPage } from '../reports/index.js';
import type { Breakdown, Delay, Share, YearFigures } from './year-figures.js';
import { YEAR_WORDS } from './year-words.js';

export interface YearSheet {
  readonly year: number;
  readonly networkId: string;
  readonly networkName: string;
  readonly coordinatingCentre: string | null;
  readonly at: Date;
  readonly madeBy: string;
  /** The year is not over. */
  readonly unfinished: boolean;
  readonly figures: YearFigures;
  /** ICD-O-3 codes in words. */
  readonly describe: (code: string) => string;
  readonly language: Language;
}

/** A network's year on a few pages, for its members and for those it answers to. No patient, and nothing that tells one. */
export async function drawYear(sheet: YearSheet): Promise<Buffer> {
  const { figures, language } = sheet;
  const words = YEAR_WORDS[language];
  const number = (value: number, digits = 0) =>
    value.toLocaleString(words.locale, { maximumFractionDigits: digits });
  const day = sheet.at.toLocaleDateString(words.locale, { dateStyle: 'long', timeZone: 'Europe/Paris' });
  const title = `${words.title(sheet.year)} – ${sheet.networkId}`;
  const page = openPage({ title, at: sheet.at, author: sheet.madeBy, lang: words.locale });
  const { rows, headings, heads } = words;

  const say = (label: string, value: string) => page.row({ label, value }, undefined, undefined, 220);
  const share = ({ count, of }: Share) =>
    of === 0
      ? words.none
      : of < SMALLEST_GROUP
        ? words.few
        : words.share(number(count), number(of), number((count / of) * 100, 1));
  const delay = ({ count, median, p90 }: Delay) =>
    count === 0
      ? words.none
      : median === null || p90 === null
        ? words.few
        : words.delay(number(median, 1), number(p90, 1), number(count));

  page.text(words.title(sheet.year), { face: 'strong', size: 20 });
  page.gap(2);
  page.text(`${sheet.networkId} – ${sheet.networkName}`, { size: 12 });
  if (sheet.coordinatingCentre) page.text(sheet.coordinatingCentre, { size: 10, colour: QUIET });
  page.text(words.made(day, sheet.madeBy), { size: 10, colour: QUIET });
  if (sheet.unfinished) {
    page.gap(6);
    page.banner(words.unfinished(day));
  }

  page.heading(headings.activity);
  say(rows.opened, number(figures.opened));
  say(rows.systematic, share(figures.systematic));
  say(rows.urgent, share(figures.urgent));
  say(rows.doubleRead, share(figures.doubleRead));
  say(rows.cancelled, number(figures.cancelled));
  say(rows.signed, number(figures.signed));
  say(rows.third, number(figures.third));
  say(rows.sessions, words.session(number(figures.sessions.listed), number(figures.sessions.discussed)));
  say(rows.asked, share(figures.asked));
  say(rows.molecular, share(figures.molecular));

  page.heading(headings.delays);
  say(rows.sending, delay(figures.sending));
  say(rows.reading, delay(figures.reading));
  for (const each of figures.readingBy)
    say(each.intent === 'systematic' ? rows.readingSystematic : rows.readingAdvice, delay(each));
  say(rows.onTime, share(figures.onTime));

  page.heading(headings.concordance);
  const codes = ['concordant', 'partial', 'discordant', 'not_classifiable'] as const;
  page.table(
    [heads.intent, heads.signed, ...codes.map((code) => words.agreement[code])],
    [125, 55, 75, 80, 75, 61],
    figures.concordance.map(({ intent, signed, agreement }) => [
      words.intent[intent],
      signed > 0 && signed < SMALLEST_GROUP ? words.few : number(signed),
      ...codes.map((code) =>
        signed < SMALLEST_GROUP
          ? '–'
          : `${number(((agreement[code] ?? 0) / signed) * 100, 1)} % (${number(agreement[code] ?? 0)})`,
      ),
    ]),
  );
  page.gap(6);
  say(rows.major, share(figures.major));
  say(rows.minor, share(figures.minor));
  say(rows.toAssess, number(figures.toAssess));
  if (figures.types.length > 0) {
    page.heading(headings.types);
    for (const { key, count } of figures.types) say(words.type[key] ?? key, number(count));
  }

  page.keep(150);
  page.heading(headings.months);
  page.table(
    [heads.month, heads.opened, heads.signed, heads.median, heads.p90],
    [125, 80, 80, 105, 81],
    figures.months.map(({ month, opened, count, median, p90 }) => [
      new Date(`${month}-15T12:00Z`).toLocaleDateString(words.locale, { month: 'long', timeZone: 'UTC' }),
      number(opened),
      number(count),
      median === null ? '–' : number(median, 1),
      p90 === null ? '–' : number(p90, 1),
    ]),
  );
  const breakdown = (heading: string, part: Breakdown, name: (key: string) => string) =>
    drawBreakdown(page, heading, part, figures.signed, {
      name,
      number,
      heads: [heads.what, heads.count, heads.share],
      others: rows.others,
    });
  breakdown(headings.entity, figures.byEntity, (code) => `${sheet.describe(code)} (${code})`);
  breakdown(headings.region, figures.byRegion, (region) => region);
  breakdown(headings.centre, figures.byCentre, (centre) => centre);

  page.heading(headings.notes);
  for (const note of words.notes) {
    page.keep(40);
    page.text(`• ${note}`, { size: 9.5 });
    page.gap(2);
  }
  return await page.finish({ top: title, flag: null, bottom: `Relecture – ${title}` });
}

const QUIET = '#5b6675';

interface BreakdownWords {
  readonly name: (key: string) => string;
  readonly number: (value: number, digits?: number) => string;
  readonly heads: readonly string[];
  readonly others: string;
}

function drawBreakdown(
  page: PdfPage,
  heading: string,
  { lines, others }: Breakdown,
  total: number,
  { name, number, heads, others: othersWords }: BreakdownWords,
): void {
  if (total === 0) return;
  const line = (words: string, count: number) => [
    words,
    number(count),
    `${number((count / total) * 100, 1)} %`,
  ];
  // A table begins under its heading.
  page.keep(130);
  page.heading(heading);
  page.table(
    heads,
    [311, 80, 80],
    [
      ...lines.map(({ key, count }) => line(name(key), count)),
      ...(others > 0 ? [line(othersWords, others)] : []),
    ],
  );
}
