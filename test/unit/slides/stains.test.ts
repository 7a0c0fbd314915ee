import { showsStain } from '@relecture/shared/slides/stains.js';
import { expect } from 'chai';

describe('stains', () => {
  it('know the standard stain by each of its names', () => {
    for (const label of [
      'HES',
      'hes',
      'H.E.S.',
      'HE',
      'H&E',
      'HPS',
      'Hématoxyline-éosine-safran',
      'HES A1',
      'bloc 2 (HES)',
    ])
      expect(showsStain(label, 'HES'), label).to.equal(true);
  });

  it('do not take one marker for another', () => {
    for (const [label, stain] of [
      ['', 'HES'],
      ['PAS', 'HES'],
      ['CD30', 'CD3'],
      ['Ki-67', 'HES'],
      ['CHES', 'HES'],
    ] as const)
      expect(showsStain(label, stain), `${label} for ${stain}`).to.equal(false);
    expect(showsStain('Ki67 (MIB1)', 'Ki-67')).to.equal(true);
    expect(showsStain('CD3, CD20', 'CD20')).to.equal(true);
  });
});
