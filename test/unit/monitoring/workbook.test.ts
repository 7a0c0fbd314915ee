import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { inflateRawSync } from 'node:zlib';
import { type Cell, writeWorkbook } from '@relecture/server/monitoring/workbook.js';
import { expect } from 'chai';

async function* rowsOf(rows: Cell[][]): AsyncGenerator<Cell[]> {
  yield* rows;
}

const SHEET = 'xl/worksheets/sheet1.xml';

async function sheetOf(rows: Cell[][]): Promise<string> {
  const target = new PassThrough();
  const [file] = await Promise.all([
    buffer(target),
    writeWorkbook('Lectures', ['Dossier'], rowsOf(rows), target),
  ]);
  // Of the local header: 30 bytes, the name, as many extra bytes as it says at 28, then what was deflated.
  const header = file.indexOf(SHEET) - 30;
  const start = header + 30 + SHEET.length + file.readUInt16LE(header + 28);
  return inflateRawSync(file.subarray(start)).toString('utf8');
}

describe('the workbook of the readings', () => {
  it('holds words, numbers and days as what they are', async () => {
    const sheet = await sheetOf([['Léiomyosarcome & <grade>', 3.5, { day: '2026-11-24' }, '']]);
    expect(sheet).to.include('Léiomyosarcome &amp; &lt;grade&gt;');
    expect(sheet).to.include('<c><v>3.5</v></c><c s="2"><v>46350</v></c><c/>');
    expect(sheet.match(/<row>/g)).to.have.length(2);
  });

  it('never holds a formula', async () => {
    const sheet = await sheetOf(['=1+1', '+33', '-x', '@SUM(A1)', '\t=1', '\r=1'].map((word) => [word]));
    expect(sheet).to.not.include('<f');
    expect(sheet.match(/<c t="inlineStr" s="3">/g)).to.have.length(6);
  });

  it('leaves out what XML cannot hold', async () => {
    expect(await sheetOf([['a\u0000b\u001fc']])).to.include('>abc<');
  });

  it('is cut when the rows fail: half a table does not pass for a whole one', async () => {
    async function* broken(): AsyncGenerator<Cell[]> {
      yield ['R26-000001'];
      throw new Error('store gone');
    }
    const target = new PassThrough();
    target.resume();
    const failed = await writeWorkbook('Lectures', ['Dossier'], broken(), target).catch(
      (error: Error) => error.message,
    );
    expect(failed).to.equal('store gone');
    expect(target.destroyed).to.equal(true);
  });
});
