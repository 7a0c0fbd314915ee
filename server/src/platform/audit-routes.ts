import { z } from 'zod';
import { checkAccessChain, readAccessLog } from './access-log.js';
import { type Api, only } from './endpoint.js';

const entry = z.object({
  seq: z.number().int(),
  at: z.string(),
  actorId: z.string().nullable(),
  action: z.string(),
  recordKind: z.string(),
  recordId: z.string(),
  /** Of the case that the record belongs to; null for a person, a list, or a draft that is gone. */
  caseNumber: z.string().nullable(),
  hash: z.string(),
});

export interface AuditNeeds {
  /** Features below know which case a record belongs to; app.ts hands it in. */
  caseNumbersOf(
    records: ReadonlyArray<{ readonly recordKind: string; readonly recordId: string }>,
  ): Promise<ReadonlyMap<string, string>>;
}

export function registerAuditRoutes(api: Api, needs: AuditNeeds): void {
  api.get(
    '/api/admin/audit',
    {
      summary: 'The access log, newest first',
      tag: 'Administration',
      access: only('admin'),
      query: z.object({
        after: z.coerce.number().int().optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
        recordId: z.string().max(40).optional(),
        actorId: z.string().max(40).optional(),
      }),
      answer: z.object({ items: z.array(entry), next: z.number().int().nullable() }),
    },
    async ({ query }) => {
      const filter = {
        ...(query.recordId ? { recordId: query.recordId } : {}),
        ...(query.actorId ? { actorId: query.actorId } : {}),
      };
      const found = await readAccessLog(filter, query.after ?? null, query.limit);
      const numbers = await needs.caseNumbersOf(found);
      return {
        items: found.map(({ seq, at, actorId, action, recordKind, recordId, hash }) => ({
          seq,
          at: at.toISOString(),
          actorId,
          action,
          recordKind,
          recordId,
          caseNumber: numbers.get(recordId) ?? null,
          hash,
        })),
        next: found.length === query.limit ? (found.at(-1)?.seq ?? null) : null,
      };
    },
  );
  api.get(
    '/api/admin/audit/check',
    {
      summary: 'Recompute the chain of the access log',
      tag: 'Administration',
      access: only('admin'),
      answer: z.object({ entries: z.number().int(), brokenAt: z.number().int().nullable() }),
    },
    () => checkAccessChain(),
  );
}
