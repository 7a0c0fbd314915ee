import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedStore } from '@relecture/embedded-store';
import { known, runSpecTest, runsOn, type Specification } from './specification.js';
import { startInFreshFolder } from './store.js';

/**
 * MongoDB's own CRUD tests, when CRUD_SPECIFICATION names their folder (crud/unified of the specifications, which
 * drivers carry in their sources). They are not part of this repository.
 */
const folder = process.env.CRUD_SPECIFICATION;

// Said where it does not run: a file without a test counts as a fault.
if (!folder) it('the CRUD specification is at hand');

(folder ? describe : describe.skip)('embedded store against the CRUD specification', () => {
  let store: EmbeddedStore;
  let dataDir: string;
  before(async () => {
    ({ store, dataDir } = await startInFreshFolder());
  });
  after(async () => {
    await store.stop();
    await rm(dataDir, { recursive: true });
  });

  for (const file of folder ? readdirSync(folder).filter((name) => name.endsWith('.json')) : []) {
    const spec = JSON.parse(readFileSync(join(folder as string, file), 'utf8')) as Specification;
    for (const test of spec.tests) {
      const runs =
        [spec, test].every(({ runOnRequirements }) => runsOn('8.0.0', runOnRequirements)) &&
        test.operations.every(({ name }) => known(name));
      (runs ? it : it.skip)(`${file}: ${test.description}`, () => runSpecTest(store.uri, spec, test));
    }
  }
});
