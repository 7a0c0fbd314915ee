import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';

interface Import {
  line: number;
  /** As written: `../users/index.js`, `@relecture/shared/cases/schema.js`, `express`. */
  specifier: string;
  /** Where it leads: a path from the root without extension, `node:fs`, or a package name. */
  target: string;
}

export interface Module {
  /** From the root, with extension, with `/` between folders. */
  file: string;
  imports: Import[];
  text: string;
}

/** TypeScript 7 has no JavaScript interface, so the tools built on it read nothing: we parse the imports ourselves. */
export const sourceFolders = ['shared/src', 'server/embedded-store/src', 'server/src', 'client/src', 'test'];

export function readModules(root: string): Module[] {
  return sourceFolders
    .flatMap((folder) => sourceFilesUnder(root, folder))
    .map((file) => readModule(root, file));
}

function sourceFilesUnder(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((file) => /\.(ts|tsx|mts|mjs)$/.test(file) && !file.includes('/node_modules/'))
    .sort();
}

function readModule(root: string, file: string): Module {
  const text = readFileSync(join(root, file), 'utf8');
  const parsed = parseSync(file, text);
  if (parsed.errors.length > 0) throw new Error(`${file}: ${parsed.errors[0]?.message}`);
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const found = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest ?? [])),
    ...dynamicImports.flatMap(({ moduleRequest: { start, end } }) => literal(text.slice(start, end), start)),
    // `import('./x.js').Type` is a type, not an expression: the parser does not list it.
    ...[...text.matchAll(/\bimport\((['"][^'"]+['"])\)\./g)].flatMap((match) =>
      literal(match[1] ?? '', match.index),
    ),
  ];
  const imports = found.map(({ value, start }) => ({
    line: text.slice(0, start).split('\n').length,
    specifier: value,
    target: resolve(file, value),
  }));
  return { file, imports, text };
}

function literal(source: string, start: number): { value: string; start: number }[] {
  const match = /^(['"`])([^'"`$]+)\1$/.exec(source);
  return match?.[2] ? [{ value: match[2], start }] : [];
}

function resolve(file: string, specifier: string): string {
  const path = specifier.replace(/\?.*$/, '').replace(/\.(js|jsx|mjs|ts|tsx)$/, '');
  if (path.startsWith('.')) return posix.join(posix.dirname(file), path);
  const own = /^@relecture\/(shared|server|client)\/(.+)$/.exec(path);
  if (own) return `${own[1]}/src/${own[2]}`;
  if (path === '@relecture/embedded-store') return 'server/embedded-store/src/index';
  if (path.startsWith('node:')) return path;
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}
