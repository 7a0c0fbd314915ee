// `npm start`: installs and builds what is missing, then becomes the server, in this very process, so that
// the signals sent to it reach the server. No static import but the version check: see node-version.mjs.
import { explainOldNode } from './node-version.mjs';

const oldNode = explainOldNode(process.version);
if (oldNode) {
  console.error(oldNode);
  process.exit(1);
}

// Until the server answers signals itself. A step under way ends its child first, then us (step.mjs).
let preparing = true;
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    const alone = process.listenerCount(signal) === 1;
    if (!preparing && !alone) return;
    console.error(
      '\nArrêt demandé pendant la préparation : rien n’est abîmé, relancez npm start. / Stopped while preparing: nothing is damaged, run npm start again.',
    );
    if (alone) process.exit(1);
  });
}

import('./prepare.mjs')
  .then(async ({ prepare, serverEntry }) => {
    await prepare();
    preparing = false;
    await import(serverEntry);
  })
  .catch((error) => {
    // A step that failed has already said so in a sentence; anything else is ours to show in full.
    console.error(error instanceof Error && error.name === 'StepFailure' ? error.message : error);
    process.exit(1);
  });
