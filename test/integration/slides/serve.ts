import { startSlideServer } from './slide-server.js';

/** A server in a process of its own, for tests that kill it. Says its address, then stays. */
const { url } = await startSlideServer({ folder: process.argv[2] ?? '' });
process.stdout.write(`${JSON.stringify({ url })}\n`);
