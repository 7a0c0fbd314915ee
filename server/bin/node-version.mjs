// Read by every Node that understands ES modules (12 and later), so that an old one gets a sentence
// and not a syntax error: no import, no syntax newer than 2019 here and in start.mjs.
export const minimumNode = [20, 19];

export function explainOldNode(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  if (major > minimumNode[0] || (major === minimumNode[0] && minor >= minimumNode[1])) return null;
  const wanted = minimumNode.join('.');
  return (
    `Relecture a besoin de Node ${wanted} ou plus récent, celui-ci est ${version} : installez-le depuis https://nodejs.org. ` +
    `/ Relecture needs Node ${wanted} or newer, this is ${version}: install it from https://nodejs.org.`
  );
}
