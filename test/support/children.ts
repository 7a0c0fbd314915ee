import { buildNeeds } from '../../server/bin/build.mjs';

/** `npm test` has just built the product; a lone test file run after a change takes the sources, which start slower. */
const built = process.env.TESTED_CODE === 'built' || buildNeeds('server') === 'nothing';

/** What node is told to run a file of the tests that imports the product. */
export const testEntry = (file: string): string[] => [
  ...(built ? [] : ['--conditions=relecture-source']),
  '--import',
  'tsx',
  file,
];

/** What node is told to run the product, from the root of the repository. */
export const productEntry = (name: 'main' | 'cli/main'): string[] =>
  built ? [`server/dist/${name}.js`] : testEntry(`server/src/${name}.ts`);
