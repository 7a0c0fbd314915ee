type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

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
 * are taken. A list or a single value is taken whole, as it stands here.
 */
export function mergeSection(base: unknown, mine: unknown, theirs: unknown): unknown {
  if (!isFields(mine) || !isFields(theirs)) return mine;
  const before = isFields(base) ? base : {};
  const written = Object.entries(mine).filter(([name, value]) => !same(value, before[name]));
  return { ...theirs, ...Object.fromEntries(written) };
}
