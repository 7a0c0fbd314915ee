/** `npm test` has just built what it tests; a lone `mocha` takes the sources as they are. */
const sources = process.env.TESTED_CODE === 'built' ? [] : ['conditions=relecture-source'];

module.exports = {
  'node-option': ['import=tsx', ...sources],
  extension: ['ts'],
  timeout: 180_000,
  slow: 5_000,
  'fail-zero': true,
};
