import { fileURLToPath } from 'node:url';
import { findBrokenWalls } from './find-broken-walls.js';

const { modulesRead, broken } = findBrokenWalls(fileURLToPath(new URL('../../..', import.meta.url)));
for (const { file, line, specifier, reason } of broken) {
  console.error(`${file}:${line} imports ${specifier || 'nothing'}: ${reason}`);
}
// A checker that reads nothing would pass everything.
const unread = Object.keys(modulesRead).filter((folder) => modulesRead[folder] === 0);
if (unread.length > 0)
  console.error(`No module was read in ${unread.join(', ')}: this check proves nothing.`);

const total = Object.values(modulesRead).reduce((sum, count) => sum + count, 0);
console.log(`Walls: ${total} modules read, ${broken.length} broken.`);
process.exitCode = broken.length > 0 || unread.length > 0 ? 1 : 0;
