import { parseTilePath } from '@relecture/server/slides/tiles/tile-path.js';
import { expect } from 'chai';
import fc from 'fast-check';

describe('tile addresses', () => {
  it('reads level, column and row', () => {
    expect(parseTilePath('/api/slides/66f0/tiles/2/13/7')).to.deep.equal({
      slideId: '66f0',
      level: 2,
      column: 13,
      row: 7,
    });
    expect(parseTilePath('/api/slides/66f0/tiles/2/13/7?v=1')?.row).to.equal(7);
  });

  it('leaves every other address alone', () => {
    for (const url of [
      '/',
      '/api/slides/',
      '/api/slides/a/tiles',
      '/api/slides/a/tiles/1/2',
      '/api/slides/a/b/tiles/1/2/3',
      '/api/slides//tiles/1/2/3',
      '/api/cases/a/tiles/1/2/3',
    ]) {
      expect(parseTilePath(url), url).to.equal(null);
    }
  });

  it('gives back what was asked for, for all whole numbers', () => {
    const id = fc.stringMatching(/^[0-9a-f]{24}$/);
    const place = fc.nat(999_999);
    fc.assert(
      fc.property(id, fc.nat(20), place, place, (slideId, level, column, row) => {
        expect(parseTilePath(`/api/slides/${slideId}/tiles/${level}/${column}/${row}`)).to.deep.equal({
          slideId,
          level,
          column,
          row,
        });
      }),
    );
  });

  it('never throws, and never takes a text for a number', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const address = parseTilePath(`/api/slides/a/tiles/0/0/${text}`);
        if (address && !Number.isNaN(address.row)) expect(text).to.match(/^\d+(\?|$)/);
      }),
    );
  });
});
