import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { productEntry } from '../../support/children.js';
import { smallSlide, useFolder } from './fixtures.js';

function relecture(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...productEntry('cli/main'), ...argv], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('relecture ingest', () => {
  const folder = useFolder();

  it('prints what the product would know of a slide', async () => {
    const path = await smallSlide(folder.path('a.svs'), { width: 700, height: 500 });
    const { status, stdout } = relecture('ingest', path, '--json');
    expect(status).to.equal(0);
    const printed = JSON.parse(stdout);
    expect(printed).to.include({ state: 'ready', format: 'aperio-svs', width: 700, height: 500, mpp: 0.5 });
    expect(printed.levels[0]).to.deep.equal({
      width: 700,
      height: 500,
      tileWidth: 256,
      tileHeight: 256,
      downsample: 1,
    });
  });

  it('prints the refusal with advice in both languages', async () => {
    const path = await folder.write('text.svs', Buffer.from('Ce n’est pas une lame.'));
    const { status, stdout } = relecture('ingest', path, '--json');
    expect(status).to.equal(1);
    const printed = JSON.parse(stdout);
    expect(printed).to.include({ state: 'rejected', code: 'SLIDE_NOT_A_SLIDE' });
    expect(printed.fr.advice).to.be.a('string');
    expect(printed.en.advice).to.be.a('string');
  });

  it('says how it is used', () => {
    const { status, stderr } = relecture('ingest');
    expect(status).to.equal(2);
    expect(stderr).to.include('relecture ingest');
  });
});
