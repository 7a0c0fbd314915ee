/** Reading ICD-O-3 codes and ranges. Numbers, because the rules compare ranges thousands of times a second. */

export interface SiteCode {
  /** Chapter times ten plus subsite: C44.5 is 445. */
  index: number;
  text: string;
}

export interface MorphologyCode {
  number: number;
  behaviour: number;
  text: string;
}

export const SITE_COUNT = 810;
export const FIRST_MORPHOLOGY = 8000;
export const MORPHOLOGY_COUNT = 2000;
const DEFAULT_BEHAVIOURS = [1, 2, 3, 6, 9];
const BEHAVIOURS = new Set([0, 1, 2, 3, 6, 9]);

/** Accepts `C44.5`, `c445`, `C44` (read as "not otherwise specified"). */
export function parseSite(text: string): SiteCode | null {
  const match = /^C(\d\d)\.?(\d)?$/i.exec(text.trim());
  if (!match) return null;
  const chapter = Number(match[1]);
  const subsite = match[2] === undefined ? 9 : Number(match[2]);
  if (chapter > 80) return null;
  return { index: chapter * 10 + subsite, text: `C${match[1]}.${subsite}` };
}

/** Accepts `8936/3`, `M-8936/3`, `M8936/3`, `89363`. */
export function parseMorphology(text: string): MorphologyCode | null {
  const match = /^(?:M-?)?(\d{4})\/?(\d)$/i.exec(text.trim());
  if (!match) return null;
  const number = Number(match[1]);
  const behaviour = Number(match[2]);
  if (number < FIRST_MORPHOLOGY || number > 9993 || !BEHAVIOURS.has(behaviour)) return null;
  return { number, behaviour, text: `${match[1]}/${match[2]}` };
}

function siteBounds(range: string): [number, number] {
  if (range === 'any') return [0, SITE_COUNT - 1];
  const [from = '', to = from] = range.split('-');
  const bound = (code: string, subsite: number) =>
    Number(code.slice(1, 3)) * 10 + (code.length > 3 ? Number(code.slice(4)) : subsite);
  return [bound(from, 0), bound(to, 9)];
}

export function siteSet(ranges: readonly string[]): Uint8Array {
  const set = new Uint8Array(SITE_COUNT);
  for (const range of ranges) {
    const [from, to] = siteBounds(range);
    set.fill(1, from, to + 1);
  }
  return set;
}

export function morphologySlot(number: number, behaviour: number): number {
  return (number - FIRST_MORPHOLOGY) * 10 + behaviour;
}

export function morphologySet(ranges: readonly string[]): Uint8Array {
  const set = new Uint8Array(MORPHOLOGY_COUNT * 10);
  for (const range of ranges) {
    const [numbers = '', behaviours] = range.split('/');
    const [from = '', to = from] = numbers.split('-');
    const wanted = behaviours === undefined ? DEFAULT_BEHAVIOURS : behaviours.split(',').map(Number);
    for (let number = Number(from); number <= Number(to); number += 1) {
      for (const behaviour of wanted) set[morphologySlot(number, behaviour)] = 1;
    }
  }
  return set;
}

/** Replaces each `@group` by its ranges; a behaviour after the name narrows them. */
export function expandGroups(
  ranges: readonly string[],
  groups: Readonly<Record<string, { ranges: readonly string[] }>>,
  depth = 0,
): string[] {
  if (depth > 8) throw new Error(`groups refer to each other in a circle: ${ranges.join(', ')}`);
  return ranges.flatMap((range) => {
    if (!range.startsWith('@')) return [range];
    const [name = '', behaviours] = range.slice(1).split('/');
    const group = groups[name];
    if (!group) throw new Error(`unknown group @${name}`);
    const inner = expandGroups(group.ranges, groups, depth + 1);
    return behaviours === undefined ? inner : inner.map((each) => `${each.split('/')[0]}/${behaviours}`);
  });
}
