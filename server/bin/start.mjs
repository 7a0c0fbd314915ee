// `npm start`: installs and builds what is missing, then becomes the server, in this very process, so that
// the signals sent to it reach the server. No static import but the version check: see node-version.mjs.
import { explainOldNode } from './node-version.mjs';

const oldNode = explainOldNode(process.version);
if (oldNode) {
  console.error(oldNode);
  process.exit(1);
}

import('./prepare.mjs')
  .then(({ prepare, serverEntry }) => prepare().then(() => import(serverEntry)))
  .catch((error) => {
    // A step that failed has already said so in a sentence; anything else is ours to show in full.
    console.error(error instanceof Error && error.name === 'StepFailure' ? error.message : error);
    process.exit(1);
  });
