import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';

/** What a cell holds; a calendar day is a date for the spreadsheet, so that it sorts and subtracts. */
export type Cell = string | number | { readonly day: string };

/** The last row that a spreadsheet opens. */
const LAST_ROW = 1_048_576;

const TEXT = 0;
const HEAD = 1;
const DAY = 2;
/** Marked as text for good: typing in the cell again does not make a formula of it. */
const QUOTED = 3;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** XML 1.0 has no place for most control characters. */
const escapeXml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

/** Days since the day before 1900 began, as spreadsheets count them. */
const serialOf = (day: string): number => Date.parse(`${day}T00:00Z`) / 86_400_000 + 25_569;

/** Text is never a formula here: its type says so, and what begins like one is marked besides. */
function cellXml(cell: Cell, style: number): string {
  if (cell === '') return '<c/>';
  if (typeof cell === 'number') return `<c><v>${cell}</v></c>`;
  if (typeof cell === 'object') return `<c s="${DAY}"><v>${serialOf(cell.day)}</v></c>`;
  const text = style === TEXT && /^[=+\-@\t\r]/.test(cell) ? QUOTED : style;
  return `<c t="inlineStr" s="${text}"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`;
}

const rowXml = (cells: readonly Cell[], style: number): string =>
  `<row>${cells.map((cell) => cellXml(cell, style)).join('')}</row>`;

async function* sheetXml(head: readonly string[], rows: AsyncIterable<readonly Cell[]>) {
  yield `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="${head.length}" width="18" customWidth="1"/></cols><sheetData>`;
  yield rowXml(head, HEAD);
  let count = 1;
  for await (const row of rows) {
    count += 1;
    if (count > LAST_ROW)
      throw new Error('More readings than a spreadsheet has rows: export a shorter period.');
    yield rowXml(row, TEXT);
  }
  yield '</sheetData></worksheet>';
}

const partsOf = (sheet: string): Record<string, string> => ({
  '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="${escapeXml(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  // By place: text, head, day, text that looks like a formula. Number format 14 is the reader's own way to write a day.
  'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs></styleSheet>`,
});

/** One sheet as an Office Open XML workbook (ECMA-376), row by row: however many, none are kept in memory. */
export async function writeWorkbook(
  sheet: string,
  head: readonly string[],
  rows: AsyncIterable<readonly Cell[]>,
  target: NodeJS.WritableStream,
): Promise<void> {
  const zip = new yazl.ZipFile();
  const source = Readable.from(sheetXml(head, rows));
  // Whatever stops the rows cuts the file: half a table must not pass for a whole one.
  const out = zip.outputStream as Readable;
  zip.on('error', (error: Error) => out.destroy(error));
  source.on('error', (error) => out.destroy(error));
  for (const [path, xml] of Object.entries(partsOf(sheet))) zip.addBuffer(Buffer.from(XML + xml), path);
  zip.addReadStream(source, 'xl/worksheets/sheet1.xml');
  zip.end();
  try {
    await pipeline(out, target);
  } finally {
    source.destroy();
  }
}
