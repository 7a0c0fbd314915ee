import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Party } from '@relecture/shared/events/status.js';
import type { Language } from '@relecture/shared/http/page.js';
import type { ColumnMapping, ExportColumn, ExportQuery } from '@relecture/shared/monitoring/schema.js';
import { stringify } from 'csv-stringify';
import type { Response } from 'express';
import { turnaroundOf } from '../assignments/index.js';
import { type CaseRecord, factsOfCases } from '../cases/index.js';
import { recordAccess } from '../platform/access-log.js';
import { calendarDay, dayAfter, now, startOfDay } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { ProblemError } from '../platform/problem.js';
import { type ReviewRecord, reviewsOpenedBetween } from '../reviews/index.js';
import { describeIcdo3 } from '../routing/index.js';
import { EXPORT_WORDS } from './export-words.js';
import { readMapping, usualColumns } from './mapping.js';
import { networksOf } from './service.js';
import { type Cell, writeWorkbook } from './workbook.js';

const AT_ONCE = 200;

type Row = Record<ExportColumn, string | number>;

/** How what is known is written. */
interface Manner extends Pick<ColumnMapping, 'values'> {
  readonly language: Language;
}

const onDay = (at: Date | null | undefined): string => (at ? calendarDay(at) : '');
const round = (days: number): number => Math.round(days * 100) / 100;

function rowOf(review: ReviewRecord, caseRecord: CaseRecord | undefined, { language, values }: Manner): Row {
  const words = EXPORT_WORDS[language];
  const say = (table: Readonly<Record<string, string>>, code: string): string =>
    values === 'codes' ? code : (table[code] ?? '');
  const { summary, assignment, timeline, outcome } = review;
  const { workingDays, parts } = turnaroundOf(
    {
      diagnosedOn: caseRecord?.content.firstDiagnosis?.date ?? null,
      createdAt: caseRecord?.createdAt ?? review.submittedAt,
      submittedAt: review.submittedAt,
      caseTimeline: caseRecord?.timeline ?? [],
      reviewTimeline: timeline,
    },
    now(),
  );
  const held = (party: Party) => round(parts.find((part) => part.party === party)?.workingDays ?? 0);
  const name = (code: string | null) => (code ? (describeIcdo3(code, language)?.label ?? '') : '');
  const firstAt = (event: string) => onDay(timeline.find((entry) => entry.event === event)?.at);
  return {
    number: review.caseNumber,
    network: review.networkId,
    level: review.level,
    status: say(words.status, review.status),
    intent: say(words.intent, review.intent),
    urgency: say(words.urgency, review.urgency),
    region: review.region,
    organisation: review.organisationName,
    siteCode: summary.primarySite ?? '',
    site: name(summary.primarySite),
    morphologyCode: summary.morphology ?? '',
    morphology: name(summary.morphology),
    submittedOn: onDay(review.submittedAt),
    admittedOn: firstAt('review.admitted'),
    assignedOn: firstAt('review.assigned'),
    reviewer: assignment?.reviewer.displayName ?? '',
    centre: assignment?.reviewer.organisation ?? '',
    dueOn: onDay(review.dueAt),
    signedOn: onDay(review.signedAt),
    agreement: say(words.agreement, outcome?.agreement ?? ''),
    readMorphologyCode: outcome?.morphology ?? '',
    readMorphology: name(outcome?.morphology ?? null),
    discordanceTypes: (outcome?.types ?? []).map((type) => say(words.discordance, type)).join(', '),
    impact: say(words.impact, outcome?.impact ?? ''),
    materialRequests: timeline.filter(({ event }) => event === 'review.material-asked').length,
    workingDays: round(workingDays),
    heldBySubmitter: held('submitter'),
    heldByTransfer: held('transfer'),
    heldByAdmission: held('admission'),
    heldByDispatcher: held('dispatcher'),
    heldByCoordinator: held('coordinator'),
    heldByReviewer: held('reviewer'),
    heldByMaterial: held('material'),
  };
}

/** The readings of one's networks, a line each, oldest first; no patient. Streamed: a network has tens of thousands. */
async function* rowsOf(
  networkIds: readonly string[],
  query: ExportQuery,
  manner: Manner,
): AsyncGenerator<Row> {
  const from = query.from ? startOfDay(query.from) : null;
  const to = query.to ? startOfDay(dayAfter(query.to)) : null;
  for (const networkId of networkIds) {
    let batch: ReviewRecord[] = [];
    const settled = async () => {
      const cases = await factsOfCases(batch.map(({ caseId }) => caseId));
      return batch.map((review) => rowOf(review, cases.get(String(review.caseId)), manner));
    };
    for await (const review of reviewsOpenedBetween(networkId, from, to, AT_ONCE)) {
      batch.push(review);
      if (batch.length < AT_ONCE) continue;
      yield* await settled();
      batch = [];
    }
    yield* await settled();
  }
}

const DAYS: ReadonlySet<ExportColumn> = new Set([
  'submittedOn',
  'admittedOn',
  'assignedOn',
  'dueOn',
  'signedOn',
] satisfies ExportColumn[]);

async function* cellsOf(rows: AsyncIterable<Row>, columns: ColumnMapping['columns']): AsyncGenerator<Cell[]> {
  for await (const row of rows)
    yield columns.map(({ column }) => {
      const value = row[column];
      return typeof value === 'string' && value !== '' && DAYS.has(column) ? { day: value } : value;
    });
}

async function* linesOf(
  rows: AsyncIterable<Row>,
  columns: ColumnMapping['columns'],
): AsyncGenerator<Array<string | number>> {
  for await (const row of rows) yield columns.map(({ column }) => row[column]);
}

/** Columns by semicolons and a mark of order of bytes, as French spreadsheets open them; what looks like a formula is text. */
const writeCsv = (
  rows: AsyncIterable<Row>,
  columns: ColumnMapping['columns'],
  { language, values }: Manner,
  response: Response,
): Promise<void> =>
  pipeline(
    Readable.from(linesOf(rows, columns)),
    stringify({
      header: true,
      columns: columns.map(({ header }) => header),
      delimiter: language === 'fr' ? ';' : ',',
      bom: true,
      escape_formulas: true,
      cast: {
        number: (value) =>
          language === 'fr' && values === 'words' ? String(value).replace('.', ',') : String(value),
      },
    }),
    response,
  );

export const FORMATS = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

export async function exportReviews(
  format: keyof typeof FORMATS,
  query: ExportQuery,
  language: Language,
  principal: Principal,
  response: Response,
): Promise<void> {
  const networkIds = networksOf(principal, query.networkId);
  if (query.mapped && !query.networkId)
    throw new ProblemError('INVALID_INPUT', {
      fields: [{ path: 'query.networkId', code: 'invalid_type', message: 'invalid_type' }],
    });
  const { columns, values } =
    query.mapped && query.networkId
      ? await readMapping(query.networkId, language, principal)
      : usualColumns(language);
  const manner = { language, values };
  await recordAccess({
    actorId: principal.id,
    action: 'board.exported',
    recordKind: 'network',
    recordId: query.networkId ?? networkIds.join(' '),
    params: { from: query.from ?? '', to: query.to ?? '', format },
  });
  response.setHeader('Cache-Control', 'private, no-store');
  response.setHeader(
    'Content-Disposition',
    `attachment; filename="relecture-${calendarDay(now())}.${format}"`,
  );
  response.type(FORMATS[format]);
  const rows = rowsOf(networkIds, query, manner);
  if (format === 'csv') return await writeCsv(rows, columns, manner, response);
  const { sheet } = EXPORT_WORDS[language];
  await writeWorkbook(
    sheet,
    columns.map(({ header }) => header),
    cellsOf(rows, columns),
    response,
  );
}
