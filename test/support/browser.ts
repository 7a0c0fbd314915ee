import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from './find-chromium.mjs';

/** A step of a person on a busy two-core machine; waiting longer only makes a failure slower. */
export const PATIENCE_MS = 45_000;

export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? findChromium();
  if (!executablePath) throw new Error('no Chromium: `npm test -- e2e` finds or installs one');
  return await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--lang=fr-FR',
    ],
  });
}

/** Somebody at a computer of their own: a context with its own cookies, and what went wrong in its page. */
export interface Person {
  readonly page: Page;
  /** Exceptions of the page's own scripts; a test ends by expecting none. */
  readonly faults: string[];
  /** Presses of the mouse on the page so far. */
  clicks(): number;
  close(): Promise<void>;
}

export async function openPerson(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Person> {
  const context = await browser.newContext({
    baseURL: url,
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    viewport: { width: 1440, height: 900 },
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  context.setDefaultNavigationTimeout(PATIENCE_MS);
  let clicks = 0;
  await context.exposeFunction('countPress', () => {
    clicks += 1;
  });
  await context.addInitScript(() => {
    const { countPress } = window as unknown as { countPress: () => void };
    window.addEventListener('pointerdown', () => countPress(), true);
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
  return { page, faults, clicks: () => clicks, close: () => context.close() };
}

export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL((at) => !at.pathname.startsWith('/sign-in'));
}

/** Types French words in an ICD-O-3 field and takes the proposal, by mouse as most people do. */
export async function chooseIcdo(page: Page, label: string | RegExp, words: string, proposal: RegExp) {
  const field = page.getByLabel(label).first();
  await field.click();
  await field.pressSequentially(words);
  await page.getByRole('option', { name: proposal }).first().click();
}

/** Drops a file on an element as the operating system would. */
export async function dropFile(page: Page, testId: string, name: string, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ base64, fileName }) => {
      const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const made = new DataTransfer();
      made.items.add(new File([data], fileName, { lastModified: 1_700_000_000_000 }));
      return made;
    },
    { base64: bytes.toString('base64'), fileName: name },
  );
  await page.getByTestId(testId).dispatchEvent('dragover', { dataTransfer: transfer });
  await page.getByTestId(testId).dispatchEvent('drop', { dataTransfer: transfer });
}

const artifacts = fileURLToPath(new URL('../artifacts', import.meta.url));

/** What each person saw when a test failed, in test/artifacts/failed. */
export async function keepScreens(people: Record<string, Person | undefined>): Promise<void> {
  for (const [name, person] of Object.entries(people))
    await person?.page.screenshot({ path: `${artifacts}/failed/${name}.png`, timeout: 10_000 });
}
