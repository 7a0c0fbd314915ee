import PDFDocument from 'pdfkit';
import { type Face, faces, fontOf } from './fonts.js';

export const INK = '#111827';
export const QUIET = '#5b6675';
export const ACCENT = '#0b5563';
export const WARNING = '#92400e';
const RULE = '#cfd6dd';
const WASH = '#f2f6f7';
export const WARNING_WASH = '#fdf1d8';

const A4 = { width: 595.28, height: 841.89 };
export const LEFT = 62;
export const WIDTH = A4.width - 2 * LEFT;
const TOP = 70;
const BOTTOM = 66;
const LABEL = 148;

export interface Cell {
  readonly label: string;
  readonly value: string;
}

export interface SheetInfo {
  readonly title: string;
  readonly at: Date;
  readonly author: string;
  /** French unless another is said. */
  readonly lang?: string;
}

/** A page that is being written from top to bottom: the few shapes a report is made of, and nothing else. */
export type Page = ReturnType<typeof openPage>;

/** PDF/A-3b (ISO 19005-3): kept readable for decades, with its sealed facts as an attachment. */
export function openPage(info: SheetInfo) {
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: TOP, bottom: BOTTOM, left: LEFT, right: LEFT },
    bufferPages: true,
    lang: info.lang ?? 'fr-FR',
    pdfVersion: '1.7',
    subset: 'PDF/A-3b',
    displayTitle: true,
    font: null as never,
    info: {
      Title: info.title,
      Author: info.author,
      Creator: 'Relecture',
      Producer: 'Relecture',
      CreationDate: info.at,
      ModDate: info.at,
    },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const finished = new Promise<Buffer>((resolve, reject) => {
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  for (const face of faces) pdf.registerFont(face, fontOf(face));
  const set = (face: Face, size: number, colour: string) => pdf.font(face).fontSize(size).fillColor(colour);
  set('regular', 10, INK);
  const floor = () => A4.height - BOTTOM;

  /** Goes to the next page when less than `height` is left. */
  const keep = (height: number) => {
    if (pdf.y + height > floor()) pdf.addPage();
  };
  const gap = (height: number) => {
    pdf.y += height;
  };

  const text = (
    value: string,
    {
      face = 'regular',
      size = 10.5,
      colour = INK,
      x = LEFT,
      width = WIDTH,
      align = 'left',
      lineGap = 2,
    }: {
      face?: Face;
      size?: number;
      colour?: string;
      x?: number;
      width?: number;
      align?: 'left' | 'right' | 'center';
      lineGap?: number;
    } = {},
  ) => {
    set(face, size, colour).text(printable(value), x, pdf.y, { width, align, lineGap });
    pdf.x = LEFT;
  };

  /** Placed by its corner, outside the flow. */
  const place = (
    value: string,
    x: number,
    y: number,
    width: number,
    {
      face = 'regular',
      size = 9,
      colour = QUIET,
      align = 'left',
    }: { face?: Face; size?: number; colour?: string; align?: 'left' | 'right' } = {},
  ) => {
    const before = pdf.y;
    set(face, size, colour).text(printable(value), x, y, { width, align, lineGap: 1 });
    const after = pdf.y;
    pdf.x = LEFT;
    pdf.y = before;
    return after;
  };

  const rule = (y: number, colour = RULE, weight = 0.6) => {
    pdf
      .moveTo(LEFT, y)
      .lineTo(LEFT + WIDTH, y)
      .lineWidth(weight)
      .strokeColor(colour)
      .stroke();
  };

  /** A heading never stands alone at the foot of a page. */
  const heading = (value: string) => {
    keep(64);
    if (pdf.y > TOP) gap(13);
    text(value, { face: 'strong', size: 11.5, colour: ACCENT, lineGap: 0 });
    rule(pdf.y + 2);
    gap(8);
  };

  const row = ({ label, value }: Cell, x = LEFT, width = WIDTH, labelWidth = LABEL) => {
    set('regular', 10, INK);
    const height = Math.max(
      pdf.heightOfString(printable(value), { width: width - labelWidth, lineGap: 1.5 }),
      pdf.heightOfString(label, { width: labelWidth - 10 }),
    );
    if (height < 300) keep(height + 3);
    const y = pdf.y;
    set('regular', 10, QUIET).text(label, x, y, { width: labelWidth - 10 });
    const afterLabel = pdf.y;
    const pageOfLabel = pdf.page;
    set('regular', 10, INK).text(printable(value), x + labelWidth, y, {
      width: width - labelWidth,
      lineGap: 1.5,
    });
    pdf.x = LEFT;
    pdf.y = (pdf.page === pageOfLabel ? Math.max(pdf.y, afterLabel) : pdf.y) + 2.5;
  };

  /** Two cards side by side: who it is about, who asked. */
  const cards = (left: Card, right: Card) => {
    const inner = WIDTH / 2 - 8;
    const measure = ({ lines }: Card) => {
      let height = 30;
      for (const { label, value, strong } of lines) {
        if (label) height += set('regular', 8.5, QUIET).heightOfString(label, { width: inner - 24 });
        height += set(strong ? 'strong' : 'regular', strong ? 12.5 : 10, INK).heightOfString(
          printable(value),
          {
            width: inner - 24,
          },
        );
        height += 4;
      }
      return height + 4;
    };
    const height = Math.max(measure(left), measure(right));
    keep(height);
    const top = pdf.y;
    for (const [index, card] of [left, right].entries()) {
      const x = LEFT + index * (inner + 16);
      pdf.roundedRect(x, top, inner, height, 4).fill(WASH);
      let y =
        place(card.title, x + 12, top + 9, inner - 24, { face: 'strong', size: 9.5, colour: ACCENT }) + 4;
      for (const { label, value, strong } of card.lines) {
        if (label) y = place(label, x + 12, y, inner - 24, { size: 8.5 });
        y =
          place(value, x + 12, y, inner - 24, {
            face: strong ? 'strong' : 'regular',
            size: strong ? 12.5 : 10,
            colour: INK,
          }) + 3;
      }
    }
    pdf.y = top + height;
  };

  /** What the reader came for, marked in the margin, on as many pages as it takes. */
  const marked = (draw: () => void) => {
    const firstPage = pdf.bufferedPageRange().count - 1;
    const from = pdf.y;
    draw();
    const lastPage = pdf.bufferedPageRange().count - 1;
    const to = pdf.y;
    for (let number = firstPage; number <= lastPage; number++) {
      pdf.switchToPage(number);
      const top = number === firstPage ? from : TOP;
      const bottom = number === lastPage ? to : floor();
      pdf.rect(LEFT - 14, top, 3, Math.max(0, bottom - top)).fill(ACCENT);
    }
    pdf.switchToPage(lastPage);
    pdf.x = LEFT;
    pdf.y = to;
  };

  const banner = (value: string) => {
    const size = 10.5;
    const height = set('strong', size, WARNING).heightOfString(value, { width: WIDTH - 28 }) + 18;
    keep(height);
    const y = pdf.y;
    pdf.roundedRect(LEFT, y, WIDTH, height, 4).fill(WARNING_WASH);
    place(value, LEFT + 14, y + 9, WIDTH - 28, { face: 'strong', size, colour: WARNING });
    pdf.y = y + height;
  };

  /** Rows under column heads; a row is never cut in two. */
  const table = (
    heads: readonly string[],
    widths: readonly number[],
    rows: ReadonlyArray<readonly string[]>,
  ) => {
    const drawLine = (cells: readonly string[], face: Face, size: number, colour: string) => {
      set(face, size, colour);
      const height = Math.max(
        ...cells.map((cell, index) =>
          pdf.heightOfString(printable(cell), { width: (widths[index] ?? 0) - 8 }),
        ),
      );
      keep(height + 7);
      const y = pdf.y;
      let x = LEFT;
      for (const [index, cell] of cells.entries()) {
        place(cell, x, y + 2, (widths[index] ?? 0) - 8, { face, size, colour });
        x += widths[index] ?? 0;
      }
      pdf.y = y + height + 5;
      rule(pdf.y);
      gap(1.5);
    };
    keep(50);
    drawLine(heads, 'regular', 8.5, QUIET);
    for (const cells of rows) drawLine(cells, 'regular', 9.5, INK);
  };

  /** What stands above and below every page, once their number is known. */
  const finish = async (around: {
    readonly top: string;
    readonly flag: string | null;
    readonly bottom: string;
  }): Promise<Buffer> => {
    const { start, count } = pdf.bufferedPageRange();
    for (let index = start; index < start + count; index++) {
      pdf.switchToPage(index);
      // Writing under the bottom margin would otherwise open a new page.
      pdf.page.margins.bottom = 0;
      if (index > start) {
        place(around.top, LEFT, 36, WIDTH - 120);
        if (around.flag)
          place(around.flag, LEFT + WIDTH - 120, 36, 120, {
            face: 'strong',
            colour: WARNING,
            align: 'right',
          });
        rule(53);
      }
      const y = A4.height - 44;
      rule(y - 7);
      place(around.bottom, LEFT, y, WIDTH - 90, { size: 8.5 });
      place(`page ${index - start + 1} / ${count}`, LEFT + WIDTH - 90, y, 90, { size: 8.5, align: 'right' });
    }
    pdf.end();
    return await finished;
  };

  return { pdf, text, place, rule, heading, row, cards, marked, banner, table, keep, gap, finish };
}

export interface Card {
  readonly title: string;
  readonly lines: ReadonlyArray<{
    readonly label: string;
    readonly value: string;
    readonly strong?: boolean;
  }>;
}

/** Control characters have no shape; line breaks stay. */
const printable = (value: string): string =>
  value
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, '    ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, (character) => (character === '\n' ? '\n' : ''));
