import { startSlideServer } from './slide-server.js';

/** A server in a process of its own, for tests that kill it. Says its address, then stays. */
const folder = process.env.SLIDE_SERVER_FOLDER;
if (folder) {
  startSlideServer({ folder }).then(
    ({ url }) => process.stdout.write(`${JSON.stringify({ url })}\n`),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
}
