import { inflateSync } from 'node:zlib';
import { drawSlip } from '@relecture/server/cases/slip.js';
import { expect } from 'chai';
import { Types } from 'mongoose';

const ADDRESS = {
  service: 'Anatomie pathologique',
  street: '1 allée des Platanes',
  postcode: '31059',
  town: 'Toulouse Cedex 9',
  phone: '05 36 49 40 50',
};
const garros = {
  networkId: 'LYMPHOPATH',
  name: 'Dr Inès Castaing',
  organisation: 'Institut Garros',
  address: ADDRESS,
};

/** What the pages say, in the order in which it is drawn: pdfkit writes text in hexadecimal, kerned in pieces. */
function textsOf(pdf: Buffer): string[] {
  const found: string[] = [];
  const bytes = pdf.toString('latin1');
  for (const { 1: body = '' } of bytes.matchAll(/FlateDecode.*?stream\n(.*?)\nendstream/gs)) {
    let drawn = '';
    try {
      drawn = inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
    } catch {
      continue; // An image is compressed in its own way.
    }
    for (const { 1: line = '' } of drawn.matchAll(/\[([^\]]*)\] TJ/g)) {
      const hex = [...line.matchAll(/<([0-9a-f]*)>/g)].map(({ 1: piece }) => piece).join('');
      found.push(Buffer.from(hex, 'hex').toString('latin1'));
    }
  }
  return found;
}
const pagesOf = (pdf: Buffer): number =>
  Number(/\/Type \/Pages\n\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1]);

describe('the slip of a parcel', () => {
  const draw = (recipients: Parameters<typeof drawSlip>[2]['recipients'], items = 1) =>
    drawSlip(
      { _id: new Types.ObjectId(), number: 'R26-000027' },
      {
        items: Array.from({ length: items }, (_, index) => ({
          kind: 'block' as const,
          label: `26H04512-A${index}`,
          count: 1,
          stain: '',
        })),
        carrier: 'Transporteur',
        trackingNumber: 'XD1',
        declaredAt: new Date('2026-11-20T09:00:00Z'),
      },
      {
        publicUrl: 'https://relecture.test',
        sender: { name: 'CH de Kerlenn', city: 'Quimper', address: null },
        recipients,
      },
    );

  it('says who sends, to whom and where, what is inside, on an A4 page', async () => {
    const pdf = await draw([garros]);
    expect(pagesOf(pdf)).to.equal(1);
    expect(pdf.toString('latin1')).to.contain('[0 0 595.28 841.89]');
    const texts = textsOf(pdf);
    for (const words of [
      'CH de Kerlenn',
      'R26-000027',
      'Institut Garros',
      'Anatomie pathologique',
      '1 allée des Platanes',
      '31059 TOULOUSE CEDEX 9',
      'Tél. 05 36 49 40 50',
      '26H04512-A0',
      'Bloc de paraffine',
    ]) {
      expect(
        texts.map((text) => text.trim()),
        words,
      ).to.include(words);
    }
  });

  it('has a page for each house, and room to write an address nobody gave', async () => {
    const pdf = await draw([
      garros,
      { networkId: 'RNLC', name: '', organisation: 'CHU des Flandres', address: null },
    ]);
    expect(pagesOf(pdf)).to.equal(2);
    expect(textsOf(pdf).join('\n')).to.contain('compléter à la main').and.contain('CHU des Flandres');
  });

  it('loses no line of a long list', async () => {
    const pdf = await draw([garros], 50);
    const texts = textsOf(pdf).join('\n');
    expect(pagesOf(pdf)).to.be.greaterThan(1);
    for (let index = 0; index < 50; index++) expect(texts).to.contain(`26H04512-A${index}`);
  });
});
