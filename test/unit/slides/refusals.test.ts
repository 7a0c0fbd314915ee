import {
  describeSlideRefusal,
  SLIDE_REFUSAL_CODES,
  WRONG_FILE_KINDS,
} from '@relecture/shared/slides/refusals.js';
import { expect } from 'chai';

const FACTS = {
  vendor: 'NDPI',
  compression: 'JPEG 2000',
  pixels: '16 bits',
  width: 10,
  height: 12,
  minimum: 64,
};

describe('refusals of slides', () => {
  for (const language of ['fr', 'en'] as const) {
    it(`say why and what to do, for every code, in ${language}`, () => {
      for (const code of SLIDE_REFUSAL_CODES) {
        for (const kind of WRONG_FILE_KINDS) {
          for (const params of [
            { ...FACTS, kind },
            { width: 1, height: 1, minimum: 1 },
          ]) {
            const { reason, advice } = describeSlideRefusal({ code, params }, language);
            expect(`${reason} ${advice}`, code).not.to.match(/undefined|NaN|\[object/);
            expect(reason, code).to.match(/^[A-Z].*\.$/);
            expect(advice, code).to.match(/^[A-Z].*\.$/);
          }
        }
      }
    });
  }

  it('send a PDF to the attachments', () => {
    expect(describeSlideRefusal({ code: 'SLIDE_NOT_A_SLIDE', params: { kind: 'pdf' } }, 'fr')).to.deep.equal({
      reason: 'Ce fichier n’est pas une lame numérisée : c’est un PDF.',
      advice: 'Ajoutez-le dans « Pièces jointes ».',
    });
  });
});
