import type { MaterialRequest } from '@relecture/shared/materials/schema.js';
import { stainAsked } from '@relecture/shared/materials/stain-asked.js';
import { expect } from 'chai';

const item = (detail: string, kind: MaterialRequest['items'][number]['kind'] = 'stain') => ({ kind, detail });

describe('the stain that was asked', () => {
  it('is known when one was asked', () => {
    expect(stainAsked([item(' CD10 ')])).to.equal('CD10');
    expect(stainAsked([item('Ki-67'), item('bloc A2', 'block')])).to.equal('Ki-67');
  });

  it('is left to the sender when several were asked, none, or in a sentence', () => {
    for (const detail of ['CD10, CD20', 'CD10 et BCL2', 'PD1 + CXCL13', 'CD3; CD20', '']) {
      expect(stainAsked([item(detail)]), detail).to.equal('');
    }
    expect(stainAsked([item('CD10'), item('CD20')])).to.equal('');
    expect(stainAsked([item('bloc A2', 'deeper_level')])).to.equal('');
    expect(stainAsked([item('une coloration qui montre les fibres de réticuline')])).to.equal('');
  });
});
