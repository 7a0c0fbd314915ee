type Fields = Record<string, unknown>;

/** A field written on both sides: what stands in it now, and what would be lost without a word. */
export interface Clash {
  /** Names from the section down: `question`, `patient.birthName`, `specimens.<id>.site`. */
  path: string;
  mine: unknown;
  theirs: unknown;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A list of things with an identifier, as fields named by it: their order is the one here. */
function byId(value: unknown): Fields | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const entries = value.map((item: unknown) =>
    isFields(item) && typeof item.id === 'string' ? ([item.id, item] as const) : null,
  );
  return entries.every((entry) => entry !== null) ? Object.fromEntries(entries) : null;
}

/** The named parts of three states of one value, when they can be told apart; a list only when its things are the same. */
function partsOf(base: unknown, mine: unknown, theirs: unknown): [Fields, Fields, Fields] | null {
  if (isFields(mine) && isFields(theirs)) return [isFields(base) ? base : {}, mine, theirs];
  const [here, there] = [byId(mine), byId(theirs)];
  if (!here || !there || !same(Object.keys(here).sort(), Object.keys(there).sort())) return null;
  return [byId(base) ?? {}, here, there];
}

/** The same content, whatever the order of its fields. */
export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => same(item, b[index]));
  if (isFields(a) && isFields(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].every((name) => same(a[name], b[name]));
  }
  return a === b;
}

/**
 * Two people in one section: field by field, what was written here wins over what was read, and the other's fields
 * are taken. A single value, or a list whose things differ, is taken whole, as it stands here: `findClashes` says
 * what the other had written there.
 */
export function mergeSection(base: unknown, mine: unknown, theirs: unknown): unknown {
  if (same(mine, base)) return theirs;
  const parts = partsOf(base, mine, theirs);
  if (!parts) return mine;
  const [before, here, there] = parts;
  const merged = Object.fromEntries(
    [...new Set([...Object.keys(there), ...Object.keys(here)])].map((name) => [
      name,
      mergeSection(before[name], here[name], there[name]),
    ]),
  );
  return Array.isArray(mine) ? Object.keys(here).map((id) => merged[id]) : merged;
}

/** Nothing of `lost` is missing where `kept` stands: it is empty, or the other went on writing it. */
export function holds(kept: unknown, lost: unknown): boolean {
  if (lost === null || lost === undefined || same(kept, lost)) return true;
  if (typeof lost === 'string') return typeof kept === 'string' && kept.includes(lost.trim());
  return Array.isArray(lost) && Array.isArray(kept) && lost.every((item) => kept.some((k) => same(k, item)));
}

/** The fields both sides changed since `base`, each differently, where one of the two would be lost. */
export function findClashes(base: unknown, mine: unknown, theirs: unknown, path: string): Clash[] {
  if (same(mine, base) || same(theirs, base) || same(mine, theirs)) return [];
  const parts = partsOf(base, mine, theirs);
  if (!parts) return holds(mine, theirs) ? [] : [{ path, mine, theirs }];
  const [before, here, there] = parts;
  return Object.keys({ ...there, ...here }).flatMap((name) =>
    findClashes(before[name], here[name], there[name], `${path}.${name}`),
  );
}

/** The value a path leads to; things of a list are found by their identifier. */
export function valueAt(content: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isFields(value) ? value[name] : byId(value)?.[name]), content);
}

/** The same content with another value where the path leads. */
export function withValue(content: unknown, path: string, value: unknown): unknown {
  const [name = '', ...rest] = path.split('.');
  const put = (inner: unknown) => (rest.length === 0 ? value : withValue(inner, rest.join('.'), value));
  if (Array.isArray(content))
    return content.map((item: unknown) => (isFields(item) && item.id === name ? put(item) : item));
  return {
    ...(isFields(content) ? content : {}),
    [name]: put(isFields(content) ? content[name] : undefined),
  };
}
