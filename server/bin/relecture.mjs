#!/usr/bin/env node
// The `relecture` command. A committed file, because npm links no `bin` that a build has yet to write.
import { explainOldNode } from './node-version.mjs';

const oldNode = explainOldNode(process.version);
if (oldNode) {
  console.error(oldNode);
  process.exit(1);
}

import('./prepare.mjs')
  .then(({ prepare, commandEntry }) => prepare({ client: false }).then(() => import(commandEntry)))
  .catch((error) => {
    console.error(error instanceof Error && error.name === 'StepFailure' ? error.message : error);
    process.exit(1);
  });
