// `npm test`: installs and builds what is missing, checks the house, finds a browser, runs every test in one
// mocha run. `npm test -- unit`, `npm test -- test/unit/house/walls.test.ts`, `npm test -- unit --grep walls`
// run a part, without the check of the whole house.
import { explainOldNode } from '../../server/bin/node-version.mjs';

const oldNode = explainOldNode(process.version);
if (oldNode) {
  console.error(oldNode);
  process.exit(1);
}

import('./run-tests.mjs')
  .then(({ runTests }) => runTests(process.argv.slice(2)))
  .then((code) => process.exit(code))
  .catch((error) => {
    console.error(error instanceof Error && error.name === 'StepFailure' ? error.message : error);
    process.exit(1);
  });
