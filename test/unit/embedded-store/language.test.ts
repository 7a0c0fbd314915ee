import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { languageTables, refusalOf } from './language.js';

const readme = new URL('../../../server/embedded-store/README.md', import.meta.url);
const marked = /(<!-- language -->\n)[\s\S]*?(\n<!-- \/language -->)/;

describe('embedded store: the language it speaks', () => {
  it('is what the tables of the README say (UPDATE_README=1 writes them anew)', () => {
    const text = readFileSync(readme, 'utf8');
    const current = text.replace(
      marked,
      (_, before: string, after: string) => before + languageTables() + after,
    );
    if (process.env.UPDATE_README) writeFileSync(readme, current);
    else expect(text).to.equal(current);
  });

  it('is asked, not assumed', () => {
    expect(refusalOf('filters', '$elemMatch')).to.equal(undefined);
    expect(refusalOf('filters', '$where')).to.equal(2);
    expect(refusalOf('stages', '$graphLookup')).to.equal(40324);
    expect(refusalOf('expressions', '$function')).to.equal(168);
  });
});
