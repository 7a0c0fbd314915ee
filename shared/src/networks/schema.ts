import { z } from 'zod';

/** What a network does in a case. Only `reading` opens a review. */
export const networkRoles = ['reading', 'terrain', 'pathway', 'european_escalation'] as const;
export const networkRoleSchema = z.enum(networkRoles);
export type NetworkRole = z.infer<typeof networkRoleSchema>;

/**
 * The status of domain.md section 2: A reads slides, AC reads and organises care, C mainly clinical,
 * X excellence network (care pathway and trials only), E European reference network.
 */
export const networkStatuses = ['A', 'AC', 'C', 'X', 'E'] as const;

export const bilingualSchema = z.object({ fr: z.string().min(1), en: z.string().min(1) });
export type Bilingual = z.infer<typeof bilingualSchema>;

export const networkIdSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9_+-]{1,39}$/);

export const readingLevels = ['second', 'third', 'collegial'] as const;
export const urgencies = ['routine', 'urgent'] as const;

/** Days are working days of the reader's calendar, counted from the admission of the review. */
export const dueDaysSchema = z.object({
  routine: z.number().int().min(1).max(120),
  urgent: z.number().int().min(1).max(60),
});

/** What must have arrived before a review is admitted to the reader's worklist. */
export const admissionRulesSchema = z.object({
  minimumSlides: z.number().int().min(0).max(100),
  requiredStains: z.array(z.string().min(1)).max(20),
  requiresReport: z.boolean(),
  acceptsShipment: z.boolean(),
  recommendedMaterial: z.array(bilingualSchema).max(20),
});

export const networkSchema = z
  .object({
    id: networkIdSchema,
    names: bilingualSchema,
    kind: z.enum(['national', 'reading_desk', 'poor_prognosis', 'european']),
    status: z.enum(networkStatuses),
    /** The role the network has when its rules do not say otherwise. */
    role: networkRoleSchema,
    perimeter: bilingualSchema,
    /** A reading desk reads for its parent: the parent is told, and one review is opened. */
    parentNetworkId: networkIdSchema.nullable(),
    coordinatingCentre: z.string().min(1).nullable(),
    europeanNetworkIds: z.array(networkIdSchema),
    admission: admissionRulesSchema,
    dueDays: dueDaysSchema,
    /** For a third reading, when it has another delay than the second. */
    thirdDueDays: dueDaysSchema.optional(),
    levels: z.array(z.enum(readingLevels)),
    basis: z.object({
      kind: z.enum(['source', 'knowledge', 'proposal']),
      text: z.string().min(1),
    }),
  })
  .strict();
export type Network = z.infer<typeof networkSchema>;

export const networksFileSchema = z
  .object({ version: z.string().min(1), networks: z.array(networkSchema).min(1) })
  .superRefine((file, ctx) => {
    const ids = new Set<string>();
    for (const network of file.networks) {
      if (ids.has(network.id)) ctx.addIssue({ code: 'custom', message: `duplicate network ${network.id}` });
      ids.add(network.id);
    }
    for (const network of file.networks) {
      for (const other of [network.parentNetworkId, ...network.europeanNetworkIds]) {
        if (other !== null && !ids.has(other)) {
          ctx.addIssue({ code: 'custom', message: `${network.id} names an unknown network ${other}` });
        }
      }
    }
  });
export type NetworksFile = z.infer<typeof networksFileSchema>;
