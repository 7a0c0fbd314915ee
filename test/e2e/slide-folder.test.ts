import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { expect } from 'chai';
import type { Browser, Page, Route } from 'playwright-core';
import { createCase } from '../factories/cases.js';
import { makeNetworkPeople } from '../factories/network-people.js';
import { buildInstance, SYNTAX } from '../integration/slides-formats/dicom-builder.js';
import { softPixels } from '../integration/slides-formats/fixtures.js';
import { type Client, startTestApp, type TestApp } from '../support/app.js';
import { keepScreens, openBrowser, openPerson, type Person, signIn } from '../support/browser.js';

const TILE = 512;

describe('a slide of several files, chosen as a folder', function () {
  this.timeout(180_000);
  let app: TestApp;
  let browser: Browser;
  let submitter: Person;
  let folder: string;
  let series: string;
  let client: Client;
  let caseId: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-folder-'));
    series = join(folder, 'KERVELLA HES');
    await mkdir(series);
    await writeFile(join(series, 'IM1'), instance(4, 3));
    await writeFile(join(series, 'IM2'), instance(2, 1.5));
    await writeFile(join(series, 'lisez-moi.txt'), 'rien');
    app = await startTestApp();
    const accounts = await makeNetworkPeople();
    client = await app.signIn(accounts.submitter, accounts.password);
    ({ id: caseId } = await createCase(client));
    browser = await openBrowser();
    submitter = await openPerson(browser, app.url);
    await signIn(submitter.page, accounts.submitter, accounts.password);
  });

  after(async () => {
    await browser?.close();
    await app?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await keepScreens({ submitter });
  });

  /** Uncompressed, so that the archive is of several pieces of an upload. */
  function instance(columns: number, rows: number): Buffer {
    const frames = Array.from({ length: columns * Math.ceil(rows) }, (_, n) => softPixels(TILE, n * 31));
    const size = { width: columns * TILE, height: rows * TILE, tile: TILE };
    return buildInstance({ ...size, frames, syntax: SYNTAX.explicit, photometric: 'RGB' });
  }

  const choose = (page: Page) => page.getByTestId('slide-folder-input').setInputFiles(series);

  it('goes as one upload, goes on after a cut and a reload, and is read as one slide', async () => {
    const { page } = submitter;
    await page.goto(`/cases/${caseId}/edit`);
    let pieces = 0;
    let begun = 0;
    const cut = async (route: Route) => {
      if (route.request().method() === 'PATCH') pieces += 1;
      // The line goes once the first piece has arrived, and stays away.
      if (pieces > 1) await route.abort('internetdisconnected');
      else await route.continue();
    };
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/api/uploads')) begun += 1;
    });
    await page.route('**/api/uploads/**', cut);
    await choose(page);
    await page.getByText('1 fichier du dossier').waitFor();
    await page.getByTestId('upload-row').getByText('connexion interrompue').waitFor();
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await page.unroute('**/api/uploads/**', cut);
    await page.locator('[data-testid=slide-row][data-state=receiving]').waitFor();

    const again = page.waitForRequest(
      (request) => request.method() === 'PATCH' && /\/api\/uploads\//.test(request.url()),
    );
    await choose(page);
    const offset = Number((await again).headers()['upload-offset']);
    expect(offset, 'goes on where it stopped').to.be.at.least(4 * 1024 * 1024);
    await page.locator('[data-testid=slide-row][data-state=ready]').waitFor();
    expect(await page.getByTestId('slide-row').count()).to.equal(1);
    expect(begun).to.equal(1);

    const { body } = await client.get<{ items: Slide[] }>(`/api/cases/${caseId}/slides`);
    const [slide, ...others] = body.items;
    expect(others).to.deep.equal([]);
    expect(slide).to.include({
      format: 'dicom',
      state: 'ready',
      width: 4 * TILE,
      height: 3 * TILE,
      mpp: 0.25,
    });
    expect(slide?.levels.map(({ width }) => width)).to.deep.equal([4 * TILE, 2 * TILE]);
    expect(submitter.faults).to.deep.equal([]);
  });

  it('is refused before it travels when only one of its files was chosen', async () => {
    const { page } = submitter;
    await page.getByTestId('slide-file-input').setInputFiles({
      name: 'KERVELLA.mrxs',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
    });
    await page.getByTestId('slide-refusal').getByText('Déposez le dossier entier de la lame').waitFor();
  });

  it('that is no slide is refused, and its draft is not said to have been changed by somebody else', async () => {
    const { page } = submitter;
    await page.goto('/cases/new');
    await page.getByLabel('Nom de naissance').fill('KERVELLA');
    await page.getByLabel('Date de naissance').fill('12/04/1968');
    const text = Buffer.from('Ceci n’est pas une lame.\n'.repeat(400));
    await page
      .getByTestId('slide-file-input')
      .setInputFiles({ name: 'notes.svs', mimeType: 'application/octet-stream', buffer: text });
    await page.getByText('c’est un fichier texte').first().waitFor();
    const saved = page.waitForResponse(
      (response) => response.request().method() === 'PATCH' && response.url().includes('/api/cases/'),
    );
    await page.getByLabel('Question posée à l’expert').fill('Grade ?');
    expect((await saved).status()).to.be.oneOf([200, 409]);
    await page
      .getByText(/Enregistré/)
      .first()
      .waitFor();
    expect(await page.getByText('modifié ailleurs').count()).to.equal(0);
  });
});
