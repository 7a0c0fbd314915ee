import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { submitByPost } from '../factories/cases.js';
import { makeOrganisation, makePeople, makeUser, PASSWORD } from '../factories/people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { openBrowser, openPerson, type Person, signIn } from '../support/browser.js';
import { checkScreen } from './screen-checks.js';

const folder = fileURLToPath(new URL('../artifacts/screens', import.meta.url));
const AUTHOR = 'auteur.regles@demo.test';
const SECOND = 'seconde.regles@demo.test';

describe('rules on the screen', () => {
  let app: TestApp;
  let browser: Browser;
  let author: Person;
  let second: Person;
  let address = '';

  before(async () => {
    await mkdir(folder, { recursive: true });
    app = await startTestApp({ LOG_LEVEL: 'warn' });
    await submitByPost(await makePeople(app));
    const { _id: organisationId } = await makeOrganisation();
    await makeUser({ organisationId, email: AUTHOR, roles: ['coordinator'], national: true });
    await makeUser({ organisationId, email: SECOND, roles: ['admin'] });
    browser = await openBrowser();
    author = await openPerson(browser, app.url);
    second = await openPerson(browser, app.url, { viewport: { width: 820, height: 1180 } });
    await signIn(author.page, AUTHOR, PASSWORD);
    await signIn(second.page, SECOND, PASSWORD);
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  const look = async (page: Page, name: string) => {
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
    await checkScreen(page);
  };

  it('one person writes a rule and tries it, another publishes it and rolls it back', async () => {
    const { page } = author;
    await page.goto('/networks');
    await page.getByRole('link', { name: 'Règles de routage' }).click();
    await page.getByText('Livrée avec Relecture').waitFor();
    await look(page, 'rules');
    await page.getByRole('button', { name: 'Commencer un brouillon' }).click();
    await page.getByRole('button', { name: /^Toute prolifération lymphoïde/ }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByLabel('Sauf ces sièges').fill('C77');
    await page.keyboard.press('Enter');
    await look(page, 'rules-form');
    await drawer.getByRole('button', { name: 'Enregistrer la règle' }).click();
    await page.getByText('Modifiée', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Essayer le brouillon' }).click();
    await page.getByTestId('moves').getByRole('link').waitFor();
    expect(await page.getByRole('button', { name: 'Publier' }).isDisabled()).to.equal(true);
    await look(page, 'rules-draft');
    address = new URL(page.url()).pathname;
    expect(author.faults).to.deep.equal([]);
  });

  it('at the size of a tablet the second person publishes and rolls back', async () => {
    const { page } = second;
    await page.goto(address);
    await page.getByText('Dossier non accessible').waitFor();
    await look(page, 'rules-draft-820');
    const day = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', dateStyle: 'short' });
    await page.getByLabel('Valable à partir du').fill(day.format(new Date()));
    await page.getByRole('button', { name: 'Publier' }).click();
    await page
      .getByRole('cell', { name: /^En vigueur/ })
      .getByRole('button', { name: 'Annuler' })
      .click();
    await page.getByLabel('Motif').fill('Les ganglions n’ont plus de réseau.');
    await page.getByRole('dialog').getByRole('button', { name: 'Annuler' }).click();
    await page.getByText(/^Annulée par/).waitFor();
    await look(page, 'rules-820');
    expect(second.faults).to.deep.equal([]);
  });
});
