import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureColours, profileFromSamples } from '@relecture/server/slides/formats/colour-samples.js';
import { ingestFile } from '@relecture/server/slides/index.js';
import { principalFromAuthorization } from '@relecture/server/users/index.js';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { makeNetworkPeople } from '../factories/network-people.js';
import { type Reading, startReading } from '../factories/readings.js';
import { scannerProfile } from '../integration/slides-formats/profile-builder.js';
import { ascii, type Field, TiffBuilder } from '../integration/slides-formats/tiff-builder.js';
import { decode, type Pixels } from '../integration/slides-formats/truth/compare.js';
import { tiledDirectory, ycbcrJpeg } from '../integration/slides-formats/truth/tiled-files.js';
import { type Client, startTestApp, type TestApp } from '../support/app.js';
import {
  keepScreens,
  openBrowser,
  openPerson,
  PATIENCE_MS,
  type Person,
  signIn,
} from '../support/browser.js';

type Colour = readonly [number, number, number];
const TISSUE: Colour = [186, 112, 158];

const flat = (width: number, height: number): Pixels => ({
  width,
  height,
  data: Buffer.alloc(width * height * 3, Buffer.from(TISSUE)),
});

/** A slide of one colour: whatever else is seen on it is a seam, or a colour shown wrong. */
async function flatSlide(sizes: ReadonlyArray<readonly [number, number]>, side: number, extra: Field[]) {
  const builder = new TiffBuilder();
  const coding = await ycbcrJpeg('4:4:4');
  const text = ascii(270, 'Aperio Image Library v11\r\n1201x901 (240x240) JPEG|AppMag = 20|MPP = 0.5');
  const directories = [];
  for (const [level, [width, height]] of sizes.entries()) {
    const fields = level === 0 ? [text, ...extra] : [];
    directories.push(await tiledDirectory(builder, flat(width, height), side, coding, fields));
  }
  return builder.build(directories);
}

describe('a slide on the screen, by the pixel', function () {
  this.timeout(180_000);
  let app: TestApp;
  let browser: Browser;
  let reader: Person;
  let submitter: Client;
  let reading: Reading;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-pixels-'));
    app = await startTestApp();
    const accounts = await makeNetworkPeople();
    submitter = await app.signIn(accounts.submitter, accounts.password);
    const reviewer = await app.signIn(accounts.reviewer, accounts.password);
    reading = await startReading({ submitter, reviewer, otherReviewer: app.anonymous });
    browser = await openBrowser();
    reader = await openPerson(browser, app.url);
    await signIn(reader.page, accounts.reviewer, accounts.password);
  });

  after(async () => {
    await browser?.close();
    await app?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await keepScreens({ reader });
  });

  async function addSlide(name: string, file: Buffer): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, file);
    const by = await principalFromAuthorization(`Bearer ${submitter.token}`);
    const slide = await ingestFile(path, { caseId: reading.caseId, stain: 'HES', block: 'A1', by });
    expect(slide.status).to.equal('ready');
    return String(slide._id);
  }

  /** At each objective: all that is drawn inside the slide's edges is of this colour. */
  async function expectColour(slideId: string, colour: Colour, within: number): Promise<void> {
    const { page } = reader;
    await page.goto(`/reviews/${reading.reviewId}/read/${slideId}`);
    await page.getByTestId('viewer-canvas').locator('canvas').first().waitFor();
    for (const key of ['0', '1', '2', '3', '4', '5', '6']) {
      await page.keyboard.press(key);
      // What is drawn settles while tiles arrive; a seam stays.
      await page
        .waitForFunction(drawnIn, { colour, within }, { timeout: PATIENCE_MS / 3, polling: 200 })
        .catch(async () => {
          const seen = await page.evaluate(worstIn, colour);
          expect.fail(`objective ${key}: ${JSON.stringify(seen)}`);
        });
    }
  }

  for (const [name, sizes, side] of [
    [
      'a factor of 4 with tiles of 240',
      [
        [1201, 901],
        [300, 225],
        [75, 56],
      ],
      240,
    ],
    [
      'a factor of 2 with tiles of 256',
      [
        [1201, 901],
        [600, 450],
        [300, 225],
      ],
      256,
    ],
    [
      'levels without a factor, in tiles of 144',
      [
        [1201, 901],
        [431, 323],
        [97, 72],
      ],
      144,
    ],
  ] as const) {
    it(`has no seam: ${name}`, async () => {
      await expectColour(await addSlide('flat.svs', await flatSlide(sizes, side, [])), TISSUE, 3);
    });
  }

  for (const [name, profile] of [
    ['matrix and curves', async () => scannerProfile(1.6)],
    ['a table', async () => profileFromSamples((await measureColours(scannerProfile(1.6))).lab)],
  ] as Array<[string, () => Promise<Buffer>]>) {
    it(`has its colours in sRGB when its profile is another, of ${name}`, async () => {
      const icc = { tag: 34_675, type: 7, values: await profile() };
      const sizes = [
        [1201, 901],
        [300, 225],
      ] as const;
      const file = await flatSlide(sizes, 240, [icc]);
      await writeFile(join(folder, 'truth.svs'), file);
      const [r = 0, g = 0, b = 0] = (await decode(join(folder, 'truth.svs'))).data;
      expect(Math.abs(g - TISSUE[1])).to.be.above(15);
      await expectColour(await addSlide('coloured.svs', file), [r, g, b], 3);
      await reader.page.getByRole('tab', { name: 'Contexte' }).click();
      await reader.page.getByTestId('slide-colours').filter({ hasText: 'sRGB' }).waitFor();
    });
  }
});

/**
 * True when the slide fills some of the canvas and no pixel inside its edges is of another colour. Runs in the page,
 * so it has no functions of its own: the loader of the tests would name them with words the page does not know.
 */
function drawnIn({ colour, within }: { colour: Colour; within: number }): boolean {
  const canvas = document.querySelector<HTMLCanvasElement>(
    '[data-testid=viewer-canvas] .openseadragon-canvas canvas',
  );
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return false;
  const { width, height } = canvas;
  const { data } = context.getImageData(0, 0, width, height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let at = 3; at < data.length; at += 4) {
    if (data[at] !== 255) continue;
    const [x, y] = [((at - 3) / 4) % width, Math.floor((at - 3) / 4 / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (right - left < 40 || bottom - top < 40) return false;
  // The outermost pixels are shared with the glass around.
  for (let y = top + 2; y < bottom - 1; y += 1) {
    for (let x = left + 2; x < right - 1; x += 1) {
      const at = (y * width + x) * 4;
      if (data[at + 3] !== 255) return false;
      for (let n = 0; n < 3; n += 1) {
        if (Math.abs((data[at + n] ?? 0) - (colour[n] ?? 0)) > within) return false;
      }
    }
  }
  return true;
}

/** The pixel furthest from the colour, for the message of a failure. */
function worstIn(colour: Colour): unknown {
  const canvas = document.querySelector<HTMLCanvasElement>(
    '[data-testid=viewer-canvas] .openseadragon-canvas canvas',
  );
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return 'no canvas';
  const { width, height } = canvas;
  const { data } = context.getImageData(0, 0, width, height);
  const counts = new Map<string, { count: number; x: number; y: number }>();
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const key = [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)].join(',');
      const known = counts.get(key);
      if (known) known.count += 1;
      else counts.set(key, { count: 1, x, y });
    }
  return {
    wanted: colour,
    width,
    height,
    seen: [...counts].sort((a, b) => b[1].count - a[1].count).slice(0, 12),
  };
}
