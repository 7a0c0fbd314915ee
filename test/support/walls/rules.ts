/**
 * Who may import what (docs/decisions, "the house"). The folders of the server are the steps of a reading in the
 * order it takes them: imports go up this list, never down, and only through the index.ts of the other step.
 */
export const ground = ['config', 'platform', 'events'];
export const path = [
  'users',
  'networks',
  'cases',
  'slides',
  'arrivals',
  'reviews',
  'routing',
  'assignments',
  'materials',
  'annotations',
  'reports',
  'retention',
  'overview',
  'notifications',
  'monitoring',
  'realtime',
];
/** What drives the house from outside the path, through its public faces: the commands, and the invented history. */
export const drivers = ['cli', 'demo'];
/** They only listen: no step of the path may ask them anything; among themselves the order holds. */
export const ends = ['overview', 'notifications', 'monitoring', 'realtime'];
/** Work on files inside a step: no database, no HTTP framework, no other step. Commands and tests may use them bare. */
const engines = [
  'slides/formats',
  'slides/decoding',
  'slides/tiles',
  'slides/storage/object-store',
  'slides/synthetic',
  'routing/data',
  'routing/load-rule-set',
];
/** The one folder of the client that talks to the server, and the one that listens to it. */
const talks = 'client/src/api/';
const listens = 'client/src/realtime/';

const frameworks = ['express', 'mongoose'];

/** Why this import breaks a wall, or null. Paths are from the root; the target has no extension. */
export function brokenWall(file: string, target: string): string | null {
  if (file.startsWith('shared/')) return fromShared(target);
  if (file.startsWith('server/embedded-store/')) return fromStore(target);
  if (file.startsWith('server/src/')) return fromServer(file.slice('server/src/'.length), target);
  if (file.startsWith('client/')) return fromClient(file, target);
  if (file.startsWith('test/')) return fromTest(file, target);
  return `${file} stands in no known folder`;
}

function fromShared(target: string): string | null {
  if (target.startsWith('shared/src/') || target === 'zod') return null;
  return 'shared imports only itself and zod: no node, no DOM, no framework, no other workspace';
}

function fromStore(target: string): string | null {
  if (target.startsWith('server/embedded-store/src/')) return null;
  if (isOurs(target)) return 'the embedded store knows nothing of the product';
  return frameworks.includes(target) ? 'the embedded store knows no framework' : null;
}

function fromServer(file: string, target: string): string | null {
  if (target.startsWith('shared/src/')) return null;
  if (isOurs(target) && !target.startsWith('server/')) return 'the server imports shared, and itself';
  const [folder = ''] = file.split('/');
  const inFolder = file.includes('/');
  if (inFolder && ![...ground, ...path, ...drivers].includes(folder)) {
    return `server/src/${folder} is not in the list of test/support/walls/rules.ts: say where it stands on the path`;
  }
  if (target.startsWith('server/embedded-store/')) {
    return folder === 'platform' || folder === 'cli' ? null : 'only platform opens the embedded store';
  }
  if (isEngine(file)) return fromEngine(target);
  if (!target.startsWith('server/src/')) return null;
  return fromServerFolder(file, inFolder ? folder : '', target.slice('server/src/'.length));
}

function fromEngine(target: string): string | null {
  if (frameworks.includes(target)) return 'an engine works on bytes: no framework, no database';
  if (!target.startsWith('server/src/')) return null;
  return isEngine(target.slice('server/src/'.length))
    ? null
    : 'an engine imports engines and shared, nothing of the step around it';
}

function fromServerFolder(file: string, folder: string, target: string): string | null {
  const [other = ''] = target.split('/');
  const toRoot = !target.includes('/');
  if (target === 'main' || (other === 'cli' && folder !== 'cli')) return `${target} is imported by nobody`;
  if (file === 'app.ts' && other === 'demo') return 'the demo is no part of the application';
  if (file === 'app.ts' || file === 'main.ts' || drivers.includes(folder)) {
    const free =
      toRoot || folder === other || ground.includes(other) || (drivers.includes(folder) && isEngine(target));
    return free ? null : publicFace(target);
  }
  if (other === 'demo') return 'the demo drives the house: only main.ts and the commands start it';
  if (toRoot) return `${target}.ts is the composition root: features do not know it`;
  if (folder === other)
    return isRoutes(file) && isModel(target) ? 'routes go through the service, never to the model' : null;
  if (ground.includes(folder)) {
    if (!ground.includes(other)) return `${folder} knows no feature`;
    return ground.indexOf(other) < ground.indexOf(folder)
      ? null
      : `${other} stands on ${folder}, not under it`;
  }
  if (ground.includes(other)) return null;
  if (ends.includes(other) && !ends.includes(folder))
    return `${other} only listens: no step of the path imports it`;
  if (path.indexOf(other) > path.indexOf(folder))
    return `${other} comes after ${folder} on the path: events go down, imports go up`;
  return publicFace(target);
}

function fromClient(file: string, target: string): string | null {
  if (target.startsWith('client/src/') || target.startsWith('shared/src/')) {
    return null;
  }
  if (isOurs(target)) return 'the client imports shared, and itself';
  if (target.startsWith('node:') || frameworks.includes(target)) return 'the client runs in a browser';
  if (target === 'socket.io-client' && !file.startsWith(listens))
    return `only ${listens} listens to the server`;
  return null;
}

function fromTest(file: string, target: string): string | null {
  if (target.startsWith('client/')) return 'the screens are tested in a browser, not by import';
  // A unit test stands beside the pure rule it proves; everything else comes in by the public faces.
  if (!target.startsWith('server/src/') || file.startsWith('test/unit/')) return null;
  const inServer = target.slice('server/src/'.length);
  const [folder = ''] = inServer.split('/');
  if (!inServer.includes('/') || ground.includes(folder) || drivers.includes(folder)) return null;
  return isEngine(inServer) ? null : publicFace(inServer);
}

/** Talking to the server around the api folder, where no import betrays it. */
export function brokenSilence(file: string, text: string): string | null {
  if (!file.startsWith('client/src/') || file.startsWith(talks) || file.startsWith(listens)) return null;
  const found =
    /\b(?:window|globalThis|self)\.(fetch|XMLHttpRequest|EventSource|WebSocket)\b|\bsendBeacon\b/.exec(text);
  return found ? `only ${talks} talks to the server (${found[0]})` : null;
}

function publicFace(target: string): string | null {
  return /^[^/]+(\/index)?$/.test(target) ? null : `${target} is a room of its feature: use its index.ts`;
}

const isOurs = (target: string) =>
  /^(shared|server|client|test)\//.test(target) || target.startsWith('@relecture/');
const isEngine = (path: string) =>
  engines.some((name) => path.startsWith(`${name}/`) || path.replace(/\.ts$/, '') === name);
const isRoutes = (file: string) => /(^|[/-])routes(\/|\.ts$)/.test(file);
const isModel = (target: string) => /(^|[/-])models?(\/|$)/.test(target);
