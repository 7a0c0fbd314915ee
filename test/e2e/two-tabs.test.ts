import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { makeNetworkPeople } from '../factories/network-people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { keepScreens, openBrowser, openPerson, type Person, signIn } from '../support/browser.js';
import { checkScreen } from './screen-checks.js';

/** 13 digits and their key. */
const insOf = (digits: string) => digits + String(97 - Number(BigInt(digits) % 97n)).padStart(2, '0');

describe('one draft in two tabs', function () {
  this.timeout(240_000);
  let app: TestApp;
  let browser: Browser;
  let person: Person;

  before(async () => {
    app = await startTestApp();
    const accounts = await makeNetworkPeople();
    browser = await openBrowser();
    person = await openPerson(browser, app.url);
    await signIn(person.page, accounts.submitter, accounts.password);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await keepScreens({ person });
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  const question = (page: Page) => page.getByLabel('Question posée à l’expert');
  const saved = (page: Page) =>
    page.waitForResponse(
      (answer) =>
        /\/api\/cases(\/[0-9a-f]{24})?$/.test(answer.url()) &&
        ['POST', 'PATCH'].includes(answer.request().method()) &&
        answer.ok(),
    );

  it('loses nothing of a field that both wrote: both values stand beside it until one is chosen', async () => {
    const first = person.page;
    await first.goto('/cases/new');
    const created = saved(first);
    await first.getByLabel('Nom de naissance').fill('ESSAI');
    await created;
    await first.waitForURL(/\/cases\/[0-9a-f]{24}\/edit/);
    const second = await first.context().newPage();
    await second.goto(first.url());
    await question(second).waitFor();
    let wroteBoth = false;
    // The second tab does not hear of the first one's save: as two people who write at the same moment.
    await second.route(/\/api\/cases\/[0-9a-f]{24}$/, async (route) =>
      route.request().method() === 'GET' && !wroteBoth ? await route.abort() : await route.continue(),
    );

    const one = saved(first);
    await question(first).fill('Écrit dans le premier onglet.');
    await one;
    const two = saved(second);
    wroteBoth = true;
    await question(second).fill('Écrit dans le second onglet.');
    await two;

    const clash = second.getByTestId('clash');
    await clash.getByText('Écrit dans le premier onglet.').waitFor();
    await clash.getByText('Écrit dans le second onglet.').waitFor();
    await checkScreen(second);
    // The first tab's text was saved, and written over since: it learns so with its next save.
    await first.getByLabel('Renseignements cliniques').fill('Suite du premier onglet.');
    await first.getByTestId('clash').getByText('Écrit dans le second onglet.').waitFor();

    const both = saved(second);
    await clash.getByRole('button', { name: 'Garder les deux' }).click();
    await both;
    await clash.waitFor({ state: 'detached' });
    expect(await question(second).inputValue())
      .to.include('premier')
      .and.to.include('second');
    await second.reload();
    await question(second).waitFor();
    expect(await second.getByLabel('Renseignements cliniques').inputValue()).to.equal(
      'Suite du premier onglet.',
    );
    expect(await question(second).inputValue())
      .to.include('premier')
      .and.to.include('second');

    const ins = (page: Page) => page.getByLabel('Matricule INS');
    const typed = saved(first);
    await ins(first).fill(insOf('1850578006084'));
    await typed;
    wroteBoth = false;
    const over = saved(second);
    wroteBoth = true;
    await ins(second).fill(insOf('2850578006084'));
    await over;
    const taken = saved(second);
    await second.getByTestId('clash').getByRole('button', { name: 'Prendre l’autre' }).click();
    await taken;
    expect((await ins(second).inputValue()).replaceAll(' ', '')).to.equal(insOf('1850578006084'));
    expect(person.faults).to.deep.equal([]);
  });
});
