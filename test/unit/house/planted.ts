/** One file that breaks a wall, and the words of the reason it must be refused with. */
export type Planted = Record<string, { text: string; reason: string }>;

const imports = (specifier: string) => `import { x } from '${specifier}';\nexport const y = x;\n`;
const broken = (specifier: string, reason: string) => ({ text: imports(specifier), reason });

/** Allowed, one for each kind of permission: none of these may be refused. */
export const clean: Record<string, string> = {
  'shared/src/cases/schema.ts': `${imports('zod')}export * from '../http/paths.js';\n`,
  'shared/src/http/paths.ts': 'export const x = 1;\n',
  'server/embedded-store/src/index.ts': imports('lmdb'),
  'server/src/config/settings.ts': imports('@relecture/shared/http/paths.js'),
  'server/src/platform/database.ts': `${imports('@relecture/embedded-store')}export * from '../config/settings.js';\n`,
  'server/src/events/bus.ts': imports('../platform/database.js'),
  'server/src/users/index.ts': imports('./service.js'),
  'server/src/users/service.ts': imports('./model.js'),
  'server/src/users/model.ts': imports('mongoose'),
  'server/src/users/routes.ts': `${imports('./service.js')}export * from 'express';\n`,
  'server/src/cases/index.ts': imports('../users/index.js'),
  'server/src/cases/service.ts': imports('../events/bus.js'),
  'server/src/slides/formats/tiff.ts': `${imports('@relecture/shared/cases/schema.js')}export * from 'node:fs';\n`,
  'server/src/slides/tiles/pool.ts': imports('../formats/tiff.js'),
  'server/src/slides/index.ts': imports('./tiles/pool.js'),
  'server/src/monitoring/index.ts': imports('../cases/index.js'),
  'server/src/app.ts': `${imports('./monitoring/index.js')}export * from './users/index.js';\n`,
  'server/src/main.ts': `${imports('./app.js')}export * from './demo/index.js';\nexport * from './users/index.js';\n`,
  'server/src/cli/main.ts': imports('../cases/index.js'),
  'server/src/cli/ingest.ts': imports('../slides/formats/tiff.js'),
  'server/src/cli/route.ts': imports('../routing/load-rule-set.js'),
  'server/src/cli/seed.ts': imports('./ingest.js'),
  'server/src/demo/index.ts': imports('../cases/index.js'),
  'server/src/realtime/index.ts': imports('../monitoring/index.js'),
  'client/src/api/cases.ts': `${imports('@relecture/shared/cases/schema.js')}export const z = () => fetch(x);\n`,
  'client/src/realtime/socket.ts': imports('socket.io-client'),
  'client/src/worklist/page.tsx': imports('../api/cases'),
  'test/unit/cases/rule.test.ts': imports('@relecture/server/cases/service.js'),
  'test/integration/cases/routes.test.ts': `${imports('@relecture/server/app.js')}export * from '@relecture/server/cases/index.js';\n`,
};

/** Refused by our own check of the imports. */
export const brokenWalls: Planted = {
  'shared/src/cases/node.ts': broken('node:fs', 'shared imports only itself'),
  'shared/src/cases/express.ts': broken('express', 'shared imports only itself'),
  'shared/src/cases/mongoose.ts': broken('mongoose', 'shared imports only itself'),
  'shared/src/cases/server.ts': broken('@relecture/server/app.js', 'shared imports only itself'),
  'shared/src/cases/relative.ts': broken('../../../server/src/app.js', 'shared imports only itself'),
  'server/embedded-store/src/ours.ts': broken(
    '@relecture/shared/cases/schema.js',
    'knows nothing of the product',
  ),
  'server/embedded-store/src/odm.ts': broken('mongoose', 'knows no framework'),
  'server/src/cases/client.ts': broken('../../../client/src/api/cases.js', 'the server imports shared'),
  'server/src/cases/test.ts': broken('../../../test/support/app.js', 'the server imports shared'),
  'server/src/cases/store.ts': broken('@relecture/embedded-store', 'only platform opens'),
  'server/src/config/platform.ts': broken('../platform/database.js', 'platform stands on config'),
  'server/src/platform/events.ts': broken('../events/bus.js', 'events stands on platform'),
  'server/src/platform/feature.ts': broken('../users/index.js', 'platform knows no feature'),
  'server/src/events/feature.ts': broken('@relecture/server/cases/index.js', 'events knows no feature'),
  'server/src/users/later.ts': broken('../cases/index.js', 'cases comes after users'),
  'server/src/routing/later-type.ts': {
    text: `import type { X } from '../assignments/index.js';\nexport type Y = X;\n`,
    reason: 'assignments comes after routing',
  },
  'server/src/routing/later-export.ts': {
    text: `export { x } from '../reports/index.js';\n`,
    reason: 'reports comes after routing',
  },
  'server/src/routing/later-dynamic.ts': {
    text: `export const x = () => import('../reports/index.js');\n`,
    reason: 'reports comes after routing',
  },
  'server/src/routing/later-import-type.ts': {
    text: `export type X = import('../reports/index.js').X;\n`,
    reason: 'reports comes after routing',
  },
  'server/src/cases/inside.ts': broken('../users/service.js', 'users/service is a room'),
  'server/src/cases/by-package.ts': broken('@relecture/server/users/model.js', 'users/model is a room'),
  'server/src/cases/routes.ts': broken('./model.js', 'routes go through the service'),
  'server/src/cases/tumour-routes.ts': broken('./tumour-model.js', 'routes go through the service'),
  'server/src/cases/root.ts': broken('../app.js', 'composition root'),
  'server/src/cases/command.ts': broken('../cli/main.js', 'imported by nobody'),
  'server/src/slides/ends.ts': broken('../notifications/index.js', 'notifications only listens'),
  'server/src/overview/later.ts': broken('../realtime/index.js', 'realtime comes after overview'),
  'server/src/users/demo.ts': broken('../demo/index.js', 'the demo drives the house'),
  'server/src/demo/room.ts': broken('../cases/service.js', 'cases/service is a room'),
  'server/src/demo/command.ts': broken('../cli/main.js', 'imported by nobody'),
  'server/src/reports/ends.ts': broken('../overview/index.js', 'overview only listens'),
  'server/src/billing/index.ts': broken('../cases/index.js', 'say where it stands on the path'),
  'server/src/slides/formats/database.ts': broken('mongoose', 'an engine works on bytes'),
  'server/src/routing/load-rule-set.ts': broken('./service.js', 'nothing of the step around it'),
  'server/src/slides/tiles/web.ts': broken('express', 'an engine works on bytes'),
  'server/src/slides/tiles/around.ts': broken('../service.js', 'nothing of the step around it'),
  'server/src/slides/synthetic/other.ts': broken('../../cases/index.js', 'nothing of the step around it'),
  'server/src/cli/room.ts': broken('../cases/service.js', 'cases/service is a room'),
  'client/src/case/server.tsx': broken('@relecture/server/cases/index.js', 'the client imports shared'),
  'client/src/case/store.ts': broken('@relecture/embedded-store', 'the client imports shared'),
  'client/src/case/node.ts': broken('node:path', 'runs in a browser'),
  'client/src/case/odm.ts': broken('mongoose', 'runs in a browser'),
  'client/src/case/socket.ts': broken('socket.io-client', 'listens to the server'),
  'client/src/case/window.ts': {
    text: `export const x = window.fetch('/api');\n`,
    reason: 'talks to the server',
  },
  'test/integration/cases/room.test.ts': broken(
    '@relecture/server/cases/service.js',
    'cases/service is a room',
  ),
  'test/unit/case/screen.test.ts': broken('../../../client/src/case/page.js', 'tested in a browser'),
};

/** Refused by Biome; the reason is the rule's name. */
export const brokenRules: Planted = {
  'client/src/case/fetch.ts': {
    text: `export const x = fetch('/api');\n`,
    reason: 'style/noRestrictedGlobals',
  },
  'client/src/case/stream.ts': {
    text: `export const x = new WebSocket('/api');\n`,
    reason: 'style/noRestrictedGlobals',
  },
  'server/src/cases/cycle-one.ts': { text: imports('./cycle-two.js'), reason: 'suspicious/noImportCycles' },
  'server/src/cases/cycle-two.ts': {
    text: `import type { y } from './cycle-one.js';\nexport const x = 1;\nexport type Y = typeof y;\n`,
    reason: 'suspicious/noImportCycles',
  },
  'server/src/cases/floating.ts': {
    text: `import { save } from './save.js';\nexport function close(): void {\n  save();\n}\n`,
    reason: 'nursery/noFloatingPromises',
  },
  'server/src/cases/any.ts': { text: 'export const x: any = 1;\n', reason: 'suspicious/noExplicitAny' },
  'server/src/cases/ignored.ts': {
    text: `// @ts-ignore\nexport const x: string = 1;\n`,
    reason: 'suspicious/noTsIgnore',
  },
  'server/src/cases/console.ts': { text: `console.log('x');\n`, reason: 'suspicious/noConsole' },
  'server/embedded-store/src/console.ts': { text: `console.log('x');\n`, reason: 'suspicious/noConsole' },
  'server/src/cases/builtin.ts': {
    text: `import { join } from 'path';\nexport const x = join;\n`,
    reason: 'style/useNodejsImportProtocol',
  },
};

/** Allowed by Biome where the twin above is refused. */
export const cleanRules: Record<string, string> = {
  'server/src/cases/save.ts': 'export async function save(): Promise<void> {}\n',
  'server/src/cases/awaited.ts': `import { save } from './save.js';\nexport async function close(): Promise<void> {\n  await save();\n}\n`,
  'server/src/main.ts': `console.log('x');\n`,
  'server/src/cli/main.ts': `console.log('x');\n`,
  'client/src/api/cases.ts': `export const x = fetch('/api');\n`,
};
