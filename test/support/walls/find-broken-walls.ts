import { readModules, sourceFolders } from './read-modules.js';
import { brokenSilence, brokenWall } from './rules.js';

export interface WallReport {
  modulesRead: Record<string, number>;
  broken: { file: string; line: number; specifier: string; reason: string }[];
}

export function findBrokenWalls(root: string): WallReport {
  const modules = readModules(root);
  const broken = modules.flatMap(({ file, imports, text }) => {
    const silence = brokenSilence(file, text);
    return [
      ...imports.flatMap(({ line, specifier, target }) => {
        const reason = brokenWall(file, target);
        return reason ? [{ file, line, specifier, reason }] : [];
      }),
      ...(silence ? [{ file, line: 1, specifier: '', reason: silence }] : []),
    ];
  });
  const modulesRead = Object.fromEntries(
    sourceFolders.map((folder) => [
      folder,
      modules.filter(({ file }) => file.startsWith(`${folder}/`)).length,
    ]),
  );
  return { modulesRead, broken };
}
