import { z } from 'zod';
import type { AncillaryTest } from '../cases/schema.js';
import type { Network } from '../networks/schema.js';
import type { ReportContent } from '../reports/schema.js';

/**
 * A diagnosis that a specific marker locks needs no third reading. `proofs`: any one of these sets, all of it present.
 * Basis: RRePS's rule (domain.md 1.3: GIST, Kaposi, proven translocation, MDM2, CTNNB1); the translocations of each entity
 * are from knowledge (WHO, soft tissue and bone, 5th edition) and for the network to confirm.
 */
interface Lock {
  /** Four digits of ICD-O-3, whatever the behaviour. */
  readonly morphologies: readonly string[];
  readonly proofs: ReadonlyArray<readonly string[]>;
  /** An immunostain is no proof of an amplification, a mutation or a translocation. */
  readonly molecular: boolean;
}

const RREPS_LOCKS: readonly Lock[] = [
  { morphologies: ['8936'], proofs: [['KIT', 'DOG1']], molecular: false },
  { morphologies: ['9140'], proofs: [['HHV8']], molecular: false },
  { morphologies: ['8850', '8851', '8858'], proofs: [['MDM2']], molecular: true },
  { morphologies: ['8821'], proofs: [['CTNNB1']], molecular: true },
  { morphologies: ['9040', '9041', '9042', '9043'], proofs: [['SS18']], molecular: true },
  { morphologies: ['9260', '9364'], proofs: [['EWSR1']], molecular: true },
  { morphologies: ['8852'], proofs: [['DDIT3']], molecular: true },
  { morphologies: ['8920'], proofs: [['FOXO1']], molecular: true },
  { morphologies: ['9044', '8806'], proofs: [['EWSR1']], molecular: true },
  { morphologies: ['9581'], proofs: [['TFE3']], molecular: true },
  { morphologies: ['8815'], proofs: [['STAT6']], molecular: true },
  { morphologies: ['8832', '8833'], proofs: [['PDGFB']], molecular: true },
  { morphologies: ['9231'], proofs: [['NR4A3']], molecular: true },
  { morphologies: ['8814'], proofs: [['ETV6'], ['NTRK']], molecular: true },
  { morphologies: ['9133'], proofs: [['CAMTA1'], ['TFE3']], molecular: true },
];

/** `unlocked`: a third reading unless a marker locks the diagnosis; `difficult`: where the second one asks or cannot say. */
const LADDERS: Readonly<Record<string, { third: 'unlocked' | 'difficult'; locks: readonly Lock[] }>> = {
  'NETSARC+': { third: 'unlocked', locks: RREPS_LOCKS },
};

export const LADDER_REASONS = [
  'locked',
  'not_locked',
  'asked',
  'unclassifiable',
  'no_third_level',
  'sure',
  'third_done',
] as const;
/** Where a signed reading leads, and why. */
export const ladderStep = z.object({
  next: z.enum(['closed', 'third']),
  why: z.enum(LADDER_REASONS),
  /** The markers that locked it. */
  markers: z.array(z.string()),
  /** Listed for the network's collegial session. */
  session: z.boolean(),
});
export type LadderStep = z.infer<typeof ladderStep>;

export interface LadderFacts {
  readonly networkId: string;
  readonly level: 2 | 3;
  readonly levels: Network['levels'];
  readonly content: Pick<ReportContent, 'outcome' | 'morphology' | 'concordance'>;
  /** What the reviewer says is proven, when they sign. */
  readonly provenMarkers: readonly string[];
  readonly ancillaryTests: ReadonlyArray<Pick<AncillaryTest, 'kind' | 'name' | 'result'>>;
  readonly thirdAsked: boolean;
}

const ALIASES: Readonly<Record<string, string>> = {
  CKIT: 'KIT',
  CD117: 'KIT',
  HHV8LANA1: 'HHV8',
  LANA1: 'HHV8',
};
/** "HHV-8 (LANA-1)" names HHV8 and LANA1; "SS18::SSX" names both partners. */
const markersIn = (text: string): string[] =>
  text
    .toUpperCase()
    .split(/[^A-Z0-9-]+/)
    .map((word) => word.replaceAll('-', ''))
    .map((word) => ALIASES[word] ?? word);

const lockOf = (networkId: string, morphology: string | null): Lock | null =>
  LADDERS[networkId]?.locks.find(({ morphologies }) =>
    morphologies.includes(morphology?.slice(0, 4) ?? ''),
  ) ?? null;

/** Markers that would close a second reading with this diagnosis: what a reviewer is asked for when they sign. */
export const markersToProve = (networkId: string, morphology: string | null): string[] => [
  ...new Set(lockOf(networkId, morphology)?.proofs.flat() ?? []),
];

/** The proof of the diagnosis, from what the reviewer confirms and the sender's positive tests; null when there is none. */
function proofOf(facts: LadderFacts): readonly string[] | null {
  const lock =
    facts.content.outcome === 'diagnosis' ? lockOf(facts.networkId, facts.content.morphology) : null;
  if (!lock) return null;
  const shown = new Set([
    ...facts.provenMarkers.flatMap(markersIn),
    ...facts.ancillaryTests
      .filter(({ result }) => result === 'positive')
      .filter(({ kind }) => !lock.molecular || kind === 'molecular' || kind === 'in_situ_hybridisation')
      .flatMap(({ name }) => markersIn(name)),
  ]);
  return lock.proofs.find((proof) => proof.every((marker) => shown.has(marker))) ?? null;
}

/**
 * Where a reading leads once signed: closed, or read a third time at a coordinating centre. Pure. A third reading always
 * ends the ladder; what stays discordant or unclassifiable then goes to the collegial session.
 */
export function climbLadder(facts: LadderFacts): LadderStep {
  const { content, level, levels } = facts;
  const step = (next: LadderStep['next'], why: LadderStep['why'], markers: readonly string[] = []) => ({
    next,
    why,
    markers: [...markers],
    session:
      next === 'closed' &&
      levels.includes('collegial') &&
      (content.outcome === 'unclassifiable' || content.concordance.agreement === 'discordant'),
  });
  if (level === 3) return step('closed', 'third_done');
  if (!levels.includes('third')) return step('closed', 'no_third_level');
  if (facts.thirdAsked) return step('third', 'asked');
  if (content.outcome === 'unclassifiable') return step('third', 'unclassifiable');
  if (LADDERS[facts.networkId]?.third !== 'unlocked') return step('closed', 'sure');
  const proof = proofOf(facts);
  return proof ? step('closed', 'locked', proof) : step('third', 'not_locked');
}
