import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { makeNetworkPeople } from '../factories/network-people.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { openBrowser, openPerson, type Person, signIn } from '../support/browser.js';

describe('sign-in, in a browser', function () {
  this.timeout(120_000);
  let app: TestApp;
  let browser: Browser;
  let accounts: Awaited<ReturnType<typeof makeNetworkPeople>>;
  let person: Person;

  before(async () => {
    app = await startTestApp();
    accounts = await makeNetworkPeople();
    browser = await openBrowser();
  });
  beforeEach(async () => {
    person = await openPerson(browser, app.url);
    await person.page.goto('/');
  });
  afterEach(async () => {
    await person?.close();
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  const attempt = async (email: string, password: string) => {
    await person.page.getByLabel(/e-mail/).fill(email);
    await person.page.getByLabel('Mot de passe', { exact: true }).fill(password);
    await person.page.getByRole('button', { name: 'Se connecter' }).click();
  };
  const said = () => person.page.getByRole('alert');

  it('says the same of a wrong password and of an unknown address', async () => {
    await attempt(accounts.submitter, 'not the password');
    await said().getByText('Adresse ou mot de passe incorrect.').waitFor();
    await attempt('personne@relecture.test', 'not the password');
    await said().getByText('Adresse ou mot de passe incorrect.').waitFor();
    await attempt(accounts.submitter, accounts.password);
    await person.page.getByRole('heading', { name: 'Mes dossiers' }).waitFor();
    expect(person.faults).to.deep.equal([]);
  });

  it('pauses an account after too many tries and says for how long', async () => {
    const answers: number[] = [];
    person.page.on('response', (response) => {
      if (response.url().endsWith('/api/auth/sign-in')) answers.push(response.status());
    });
    for (let tries = 0; tries < 12 && !answers.includes(429); tries += 1) {
      const answer = person.page.waitForResponse('**/api/auth/sign-in');
      await attempt(accounts.coordinator, 'not the password');
      await answer;
    }
    await said()
      .getByText(/^Trop d’essais\. Vous pourrez réessayer dans \d+ (min|s)\.$/)
      .waitFor();
    await attempt(accounts.coordinator, accounts.password);
    await said()
      .getByText(/^Trop d’essais\./)
      .waitFor();
    expect(new URL(person.page.url()).pathname).to.equal('/sign-in');
  });

  it('speaks English when asked, and remembers it', async () => {
    const { page } = person;
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).to.equal('en');
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.getByRole('button', { name: 'Français' }).click();
    await page.getByRole('button', { name: 'Se connecter' }).waitFor();
  });

  it('comes back to the page that was asked for, and closes it again at sign-out', async () => {
    const { page } = person;
    await page.goto('/notifications');
    await page.waitForURL('**/sign-in');
    await attempt(accounts.submitter, accounts.password);
    await page.waitForURL('**/notifications');
    await page.getByRole('button', { name: /Mon compte/ }).click();
    await page.getByRole('menuitem', { name: 'Se déconnecter' }).click();
    await page.waitForURL('**/sign-in');
    await page.goto('/cases');
    await page.waitForURL('**/sign-in');
    await signIn(page, accounts.submitter, accounts.password);
  });
});
