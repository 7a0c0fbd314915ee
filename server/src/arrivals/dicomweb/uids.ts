/**
 * UIDs of what the product itself makes of a case or a slide (PS3.5 B.2: 2.25 and a UUID's number). The record's id
 * stands in them, so that a query by UID is a query by id; the UUID is of version 8, whose bits are the maker's.
 */
const TAGS = { study: 1n, series: 2n, instance: 3n } as const;
export type UidKind = keyof typeof TAGS;

export function uidOf(kind: UidKind, id: string, level = 0): string {
  const record = BigInt(`0x${id}`);
  const high = record >> 48n;
  const middle = (record >> 36n) & 0xfffn;
  const low = record & 0xfffffffffn;
  const tag = (TAGS[kind] << 8n) | BigInt(level);
  const number = (high << 80n) | (8n << 76n) | (middle << 64n) | (2n << 62n) | (tag << 36n) | low;
  return `2.25.${number}`;
}

export interface ReadUid {
  readonly kind: UidKind;
  readonly id: string;
  readonly level: number;
}

/** null: not one of ours. */
export function readUid(uid: string): ReadUid | null {
  if (!/^2\.25\.\d{1,39}$/.test(uid)) return null;
  const number = BigInt(uid.slice(5));
  const tag = (number >> 36n) & 0x3ffffffn;
  const kind = (Object.keys(TAGS) as UidKind[]).find((each) => TAGS[each] === tag >> 8n);
  const record = ((number >> 80n) << 48n) | (((number >> 64n) & 0xfffn) << 36n) | (number & 0xfffffffffn);
  const id = record.toString(16).padStart(24, '0');
  const level = Number(tag & 0xffn);
  return kind && uidOf(kind, id, level) === uid ? { kind, id, level } : null;
}
