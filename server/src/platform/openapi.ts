import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { type OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import express, { Router } from 'express';
import { z } from 'zod';

const problem = z.object({
  type: z.string(),
  status: z.number().int(),
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  requestId: z.string().optional(),
  fields: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  retryAfter: z.number().int().optional(),
});

/** The description of the interface, generated from the schemas the routes themselves check with. */
function describeApi(registry: OpenAPIRegistry, version: string): object {
  registry.register('Problem', problem);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Relecture',
      version,
      description:
        'Second reading of rare tumours. Sign in at /api/auth/sign-in, then send `Authorization: Bearer <accessToken>`. Every problem is RFC 9457 with a stable `code`. Each route lists the codes it may answer, by status. Resumable uploads (tus 1.0) live at /api/uploads with the metadata caseId, stain, block; a file name is neither needed nor kept.',
    },
  });
}

/** Generated at the first question: a start does not wait for it. */
export function documentOf(registry: OpenAPIRegistry, version: string): () => object {
  let document: object | null = null;
  return () => {
    document ??= describeApi(registry, version);
    return document;
  };
}

const PAGE = `<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><title>Relecture — interface</title><link rel="stylesheet" href="/api/docs/assets/swagger-ui.css"></head>
<body><div id="docs"></div><script src="/api/docs/assets/swagger-ui-bundle.js"></script><script src="/api/docs/start.js"></script></body>
</html>`;
const START = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#docs', deepLinking: true });`;

/** The page for people; its script is served from here, since hospitals close the road to content networks. */
export function docsRouter(document: () => object): Router {
  const require = createRequire(import.meta.url);
  const assets = dirname(require.resolve('swagger-ui-dist/package.json'));
  const router = Router();
  router.get('/api/openapi.json', (_request, response) => {
    response.json(document());
  });
  router.get('/api/docs', (_request, response) => {
    response.type('html').send(PAGE);
  });
  router.get('/api/docs/start.js', (_request, response) => {
    response.type('js').send(START);
  });
  router.use('/api/docs/assets', express.static(assets, { index: false, maxAge: '1h' }));
  return router;
}
