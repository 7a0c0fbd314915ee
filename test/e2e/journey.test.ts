import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyPdf } from '@relecture/server/reports/index.js';
import { generateSyntheticSlide } from '@relecture/server/slides/synthetic/generate.js';
import { expect } from 'chai';
import type { Browser, Page, Route } from 'playwright-core';
import { makeNetworkPeople } from '../factories/network-people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import {
  chooseIcdo,
  dropFile,
  keepScreens,
  openBrowser,
  openPerson,
  PATIENCE_MS,
  type Person,
  signIn,
} from '../support/browser.js';
import { drawShapes } from './drawing.js';
import { readRealSlide } from './real-slide.js';
import { drawReport } from './report-file.js';

const wrong = 'not the password';

describe('the whole path, three people in three browsers', function () {
  this.timeout(240_000);
  let app: TestApp;
  let browser: Browser;
  let folder: string;
  let accounts: Awaited<ReturnType<typeof makeNetworkPeople>>;
  let submitter: Person;
  let reviewer: Person;
  let coordinator: Person;
  let svs: string;
  let real: Buffer | null;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-journey-'));
    svs = join(folder, 'KERVELLA HES.svs');
    // More than two pieces of an upload, so that a cut falls in the middle.
    await generateSyntheticSlide({
      path: svs,
      kind: 'he-lymphoid',
      width: 6000,
      height: 4600,
      seed: 7,
      quality: 97,
      label: { examNumber: '26H04512', block: 'A1', stain: 'HES', laboratory: 'Laboratoire fictif' },
    });
    real = await readRealSlide();
    app = await startTestApp();
    accounts = await makeNetworkPeople();
    browser = await openBrowser();
    submitter = await openPerson(browser, app.url);
    reviewer = await openPerson(browser, app.url);
    coordinator = await openPerson(browser, app.url);
    await signIn(reviewer.page, accounts.reviewer, accounts.password);
    await signIn(coordinator.page, accounts.coordinator, accounts.password);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await keepScreens({ submitter, reviewer, coordinator });
  });

  after(async () => {
    await browser?.close();
    await app?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('submits, reads, asks, answers, signs and follows, without ever reloading to see', async () => {
    const worklist = reviewer.page;
    await worklist.waitForURL('**/worklist');
    expect(await worklist.getByTestId('worklist-row').count()).to.equal(0);
    const board = coordinator.page;
    await board.waitForURL('**/board');

    const number = await submitCase();

    // The reviewer's list fills by itself.
    // For an instant it is also among those that anybody of the network may take: two lists, two answers.
    const rows = worklist.getByTestId('worklist-row').filter({ hasText: number });
    const given = rows.filter({ has: worklist.getByRole('button', { name: 'Accepter' }) });
    await given.waitFor();
    expect(await given.textContent()).to.not.contain('KERVELLA');
    await given.getByRole('button', { name: 'Accepter' }).click();
    await rows.first().getByRole('link').first().click();
    const room = reviewer.page;
    await room.getByTestId('reading-room').waitFor();
    await status(submitter.page, 'En lecture');
    await boardShows(board, number, 'En lecture');

    await readSlide(room);
    await askAndAnswer(room, submitter.page, board, number);
    const pdf = await sign(room);
    expect(verifyPdf(pdf).verdict).to.equal('valid');

    await status(submitter.page, 'Signé');
    // A signed review is open no more: it leaves the board.
    await board.getByTestId('board-row').filter({ hasText: number }).waitFor({ state: 'detached' });
    await readReport(submitter.page);
    expect([...submitter.faults, ...reviewer.faults, ...coordinator.faults]).to.deep.equal([]);
  });

  /** Returns the case's number; the case page stays open. */
  async function submitCase(): Promise<string> {
    const { page } = submitter;
    await signIn(page, accounts.submitter, accounts.password);
    const before = submitter.clicks();
    await page.getByRole('link', { name: 'Nouveau dossier' }).first().click();
    await page.getByLabel('Nom de naissance').fill('KERVELLA');
    await page.getByLabel('Prénom').fill('Maïwenn');
    await page.getByLabel('Date de naissance').fill('12/04/1968');
    await page.getByLabel('Femme').click();
    await page.getByLabel('N° d’examen local').fill('26H04512');
    await page.getByLabel('Médecin prescripteur').fill('Dr Anne Lefort');
    await page.getByLabel(/Le patient est informé/).click();
    await chooseIcdo(page, 'Siège du prélèvement', 'ganglion axillaire', /axill/i);
    await page.getByLabel('Type de prélèvement').first().click();
    await page.getByRole('option', { name: 'Exérèse' }).click();
    await page.getByLabel('Date du prélèvement').fill('02/11/2026');
    await page.getByRole('button', { name: 'Même siège que le prélèvement' }).click();
    await chooseIcdo(page, 'Morphologie', 'lymphome folliculaire', /Lymphome folliculaire/i);
    await page.getByLabel('Date du diagnostic').fill('06/11/2026');
    const [reportChooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Joindre le compte rendu local (PDF)' }).click(),
    ]);
    await reportChooser.setFiles({
      name: 'compte-rendu.pdf',
      mimeType: 'application/pdf',
      buffer: await drawReport('26H04512'),
    });
    await page.getByTestId('attachment-row').waitFor();
    await page.getByLabel('Relecture systématique').click();
    await page.getByLabel('Question posée à l’expert').fill('Confirmation du diagnostic et du grade ?');

    await uploadThroughACut(page);
    if (real) {
      await dropFile(page, 'slide-drop', 'CMU-1-Small-Region.svs', real);
      await page.getByTestId('slide-row').nth(1).getByText('Lisible').waitFor();
      const stain = page.getByTestId('slide-row').nth(1).getByRole('combobox', { name: 'Coloration' });
      await page.getByTestId('unnamed-slides').waitFor();
      await stain.fill('HES');
      // Saved at once, not when the field is left.
      const saved = page.waitForRequest(
        (request) => request.method() === 'PATCH' && /\/slides\//.test(request.url()),
      );
      await stain.press('Enter');
      await saved;
      await page.getByTestId('unnamed-slides').waitFor({ state: 'detached' });
    }

    const proposal = page.getByTestId('routing-panel');
    await proposal.getByText('LYMPHOPATH').first().waitFor();
    expect(await proposal.textContent()).to.match(/car .{15,}/);
    await page.getByText('Le dossier est complet.').waitFor();
    await page.getByRole('button', { name: 'Transmettre' }).click();
    await page.getByTestId('sent-panel').waitFor();
    // Choosing a file in the computer's own window takes two clicks that a page cannot see, three times here.
    const clicks = submitter.clicks() - before + 6;
    expect(clicks, 'clicks for a ready case').to.be.at.most(40);
    expect(clicks).to.be.greaterThan(15);
    // Sent first, then routed: the page says so by itself.
    await page.getByTestId('sent-panel').getByText('LYMPHOPATH').first().waitFor();
    const number = /Dossier (\S+)/.exec((await page.locator('h1').textContent()) ?? '')?.[1];
    if (!number) throw new Error('the case has no number');
    return number;
  }

  /** The network goes in the middle, the page is loaded again, and the same file goes on where it stopped. */
  async function uploadThroughACut(page: Page): Promise<void> {
    let pieces = 0;
    const cut = async (route: Route) => {
      if (route.request().method() === 'PATCH') pieces += 1;
      // The line goes once the first piece has arrived, and stays away.
      if (pieces > 1) await route.abort('internetdisconnected');
      else await route.continue();
    };
    await page.route('**/api/uploads/**', cut);
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choisir des lames' }).click(),
    ]);
    await chooser.setFiles(svs);
    await page.getByTestId('upload-row').getByText('connexion interrompue').waitFor();
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await page.unroute('**/api/uploads/**', cut);
    const stopped = page.locator('[data-testid=slide-row][data-state=receiving]');
    await stopped.waitFor();
    const again = page.waitForRequest(
      (request) => request.method() === 'PATCH' && /\/api\/uploads\//.test(request.url()),
    );
    const [same] = await Promise.all([
      page.waitForEvent('filechooser'),
      stopped.getByRole('button', { name: 'Reprendre avec le même fichier' }).click(),
    ]);
    await same.setFiles(svs);
    const offset = Number((await again).headers()['upload-offset']);
    expect(offset, 'goes on where it stopped').to.be.at.least(4 * 1024 * 1024);
    await page.locator('[data-testid=slide-row][data-state=ready]').waitFor();
    expect(await page.getByTestId('slide-row').count()).to.equal(1);
    const thumbnail = page.getByTestId('slide-row').locator('img');
    await thumbnail.evaluate((image: HTMLImageElement) => image.decode());
  }

  async function readSlide(room: Page): Promise<void> {
    await room.getByTestId('viewer-canvas').locator('canvas').first().waitFor();
    for (const [key, objective] of [
      ['1', '1,25×'],
      ['2', '2×'],
      ['3', '5×'],
      ['4', '10×'],
      ['5', '20×'],
      ['6', '40×'],
    ] as const) {
      await room.keyboard.press(`Digit${key}`);
      await room.getByTestId('magnification').getByText(objective, { exact: true }).waitFor();
    }
    await room.keyboard.press('Digit3');
    await room.getByTestId('magnification').getByText('5×', { exact: true }).waitFor();
    const shapes = await drawShapes(room);
    const items = room.getByTestId('annotation-item');
    await items.nth(shapes.length - 1).waitFor();
    await room
      .locator('[data-testid=saved-state][data-mood=saved]')
      .getByText(/enregistré/)
      .waitFor();
    await room.reload();
    await items.nth(shapes.length - 1).waitFor();
    expect(await items.count()).to.equal(shapes.length);
    const words = (await items.allInnerTexts()).join('\n');
    for (const shape of shapes) expect(words).to.contain(shape);
    for (const slide of await room.getByTestId('tray-slide').all()) {
      await slide.click();
      await slide.getByText('Vue', { exact: true }).waitFor();
    }
  }

  async function askAndAnswer(room: Page, sender: Page, board: Page, number: string): Promise<void> {
    await room.getByRole('tab', { name: 'Contexte' }).click();
    await room.getByRole('button', { name: 'Demander du matériel complémentaire' }).click();
    const form = room.getByRole('dialog');
    await form.getByLabel('Précision').fill('CD20 et Ki-67');
    await form.getByLabel('Pourquoi').fill('Phénotype à compléter avant de conclure.');
    await form.getByRole('button', { name: 'Envoyer la demande' }).click();

    await status(sender, 'En attente de matériel complémentaire');
    await boardShows(board, number, 'En attente de matériel complémentaire');
    await board.getByTestId('figure-onHold').getByText('1', { exact: true }).waitFor();
    const request = sender.getByTestId('material-requests');
    await request.getByText('CD20 et Ki-67').waitFor();
    await request.getByLabel('Commentaire').fill('CD20 positif, Ki-67 à 15 %.');
    await request.getByRole('button', { name: 'Envoyer la réponse' }).click();
    await status(sender, 'En lecture');
    await room.getByText('CD20 positif, Ki-67 à 15 %.').waitFor();
  }

  /** A wrong password first; returns the PDF as downloaded. */
  async function sign(room: Page): Promise<Buffer> {
    await room.getByRole('tab', { name: 'Compte rendu' }).click();
    await room
      .getByLabel('Conclusion')
      .fill('Lymphome folliculaire classique, sans contingent à grandes cellules.');
    await chooseIcdo(room, 'Morphologie (CIM-O-3)', 'lymphome folliculaire', /Lymphome folliculaire/i);
    await room.getByLabel('Microscopie').fill('Architecture folliculaire, prédominance de centrocytes.');
    await room.getByLabel('Concordant', { exact: true }).click();
    await room.getByLabel('À évaluer en RCP').click();
    await room.getByText('Rien ne manque pour signer.').waitFor();
    await room.getByTestId('prepare-signature').click();
    const dialog = room.getByRole('dialog');
    const button = dialog.getByRole('button', { name: 'Signer le compte rendu' });
    await dialog.getByRole('textbox', { name: 'Mot de passe' }).fill(wrong);
    await button.click();
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByRole('alert').textContent()).to.match(/mot de passe/i);
    await dialog.getByRole('textbox', { name: 'Mot de passe' }).fill(accounts.password);
    await button.click();
    const signed = room.getByTestId('signed-report');
    await signed.waitFor();
    return await pdfOpenedBy(room, () => signed.getByRole('button', { name: 'Ouvrir le PDF' }).click());
  }

  async function readReport(sender: Page): Promise<void> {
    const card = sender.getByTestId('report-card');
    await card.getByText('Lymphome folliculaire classique, sans contingent').waitFor();
    await card.getByRole('button', { name: 'Ouvrir le PDF' }).click();
    await card.getByText(/Lu par le demandeur le/).waitFor();
    const showAll = sender.getByRole('button', { name: /Voir les .* étapes/ });
    if (await showAll.isVisible()) await showAll.click();
    const timeline = ((await sender.getByTestId('timeline').textContent()) ?? '').replaceAll('\u00a0', ' ');
    for (const words of [
      'Dossier transmis',
      'Réseau choisi',
      'Affecté à Pr Hugo Vandamme (CHU des Flandres)',
      'Accepté par l’expert',
      'Lecture commencée',
      'Matériel complémentaire demandé',
      'Réponse à la demande de matériel',
      'Compte rendu signé',
    ])
      expect(timeline).to.contain(words);
    expect(timeline).to.contain('Délai à la charge de : Demandeur (matériel)');
  }

  /** The file as it went to the browser; its inspector gives no body for a PDF. */
  async function pdfOpenedBy(page: Page, open: () => Promise<void>): Promise<Buffer> {
    let pdf: Buffer | null = null;
    await page.route(/\/api\/reports\/[^/]+\.pdf$/, async (route) => {
      const response = await route.fetch();
      pdf = await response.body();
      await route.fulfill({ response, body: pdf });
    });
    const [shown] = await Promise.all([page.context().waitForEvent('page'), open()]);
    await shown.close();
    return pdf ?? Buffer.alloc(0);
  }

  async function status(page: Page, words: string): Promise<void> {
    await page.getByTestId('case-status').first().getByText(words, { exact: true }).waitFor();
  }

  async function boardShows(page: Page, number: string, words: string): Promise<void> {
    await page
      .getByRole('row')
      .filter({ hasText: number })
      .getByText(words)
      .first()
      .waitFor({ timeout: PATIENCE_MS });
  }
});
