import { CHECKLIST } from '@relecture/shared/cases/schema.js';
import { wordField } from '@relecture/shared/http/field-words.js';
import { reportGap } from '@relecture/shared/reports/schema.js';
import { expect } from 'chai';

describe('words for a field to correct', () => {
  it('are a sentence in both languages, for every code and for one nobody knows', () => {
    const generic = wordField({ code: 'nobody_knows', message: 'nobody_knows' }, 'fr');
    for (const code of [
      ...CHECKLIST,
      ...reportGap.options,
      'invalid_value',
      'too_big',
      'cursor',
      'taken',
      'birth_in_future',
    ]) {
      const [fr, en] = (['fr', 'en'] as const).map((language) =>
        wordField({ code, message: code }, language),
      );
      expect(fr, code).to.match(/^\p{Lu}.* .*\.$/u);
      expect(en, code).to.match(/^\p{Lu}.* .*\.$/u);
      expect(fr).not.to.equal(en);
      expect(fr).not.to.equal(generic);
    }
    expect(generic).to.match(/\.$/);
  });

  it('leave a sentence that is there as it is', () => {
    expect(wordField({ code: 'dates', message: 'Une phrase.' }, 'en')).to.equal('Une phrase.');
  });
});
