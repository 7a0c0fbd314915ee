import dicomParser, { type DataSet } from 'dicom-parser';

/** A number that says how large something is, or where it lies. */
export interface NumberField {
  readonly at: number;
  readonly size: 1 | 2 | 4 | 8;
  readonly little: boolean;
  /** The PNG chunk it stands in. */
  readonly checksumFrom?: number;
}

/** Where the structure of a file of any of our formats stands; also that of the JPEG inside it. */
export function numberFields(file: Buffer): NumberField[] {
  const start = file.toString('latin1', 0, 4);
  const own = /^(II|MM)/.test(start)
    ? tiffFields(file)
    : file.toString('latin1', 128, 132) === 'DICM'
      ? dicomFields(file)
      : start === 'PK\x03\x04'
        ? zipFields(file)
        : start === '\x89PNG'
          ? pngFields(file)
          : [];
  const inside = markerFields(file);
  // As often the file's own as those of some hundred tiles.
  return [...own, ...inside.slice(0, Math.max(40, own.length))];
}

function tiffFields(file: Buffer): NumberField[] {
  const little = file.toString('latin1', 0, 2) === 'II';
  const big = (little ? file.readUInt16LE(2) : file.readUInt16BE(2)) === 43;
  const number = (at: number, size: number) =>
    size === 8
      ? Number(little ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at))
      : little
        ? file.readUIntLE(at, size)
        : file.readUIntBE(at, size);
  const room = big ? 8 : 4;
  const fields: NumberField[] = [{ at: big ? 8 : 4, size: room, little }];
  const waiting = [number(big ? 8 : 4, room)];
  for (let at = waiting.shift(); at; at = waiting.shift()) {
    const count = number(at, big ? 8 : 2);
    const entries = at + (big ? 8 : 2);
    const length = big ? 20 : 12;
    fields.push({ at, size: big ? 8 : 2, little });
    for (let n = 0; n < count; n += 1) {
      const entry = entries + n * length;
      const value = entry + 4 + room;
      fields.push({ at: entry, size: 2, little }, { at: entry + 2, size: 2, little });
      fields.push({ at: entry + 4, size: room, little }, { at: value, size: room, little });
      const type = number(entry + 2, 2);
      const values = number(entry + 4, room);
      const each = type === 3 ? 2 : type === 16 ? 8 : type === 4 ? 4 : null;
      if (each && values * each > room) {
        // The index of the tiles, where offsets and lengths stand.
        for (let i = 0; i < Math.min(values, 12); i += 1)
          fields.push({ at: number(value, room) + i * each, size: each, little });
      }
      if (number(entry, 2) === 330)
        waiting.push(values * room > room ? number(number(value, room), room) : number(value, room));
    }
    const next = entries + count * length;
    fields.push({ at: next, size: room, little });
    waiting.push(number(next, room));
  }
  return fields;
}

function dicomFields(file: Buffer): NumberField[] {
  const fields: NumberField[] = [];
  const collect = (data: DataSet): void => {
    for (const element of Object.values(data.elements)) {
      const isLong = /^(OB|OW|SQ|UN|UT)$/.test(element.vr ?? '');
      const size = isLong ? 4 : 2;
      fields.push({ at: element.dataOffset - size, size, little: true });
      if (element.vr === 'US') fields.push({ at: element.dataOffset, size: 2, little: true });
      if (element.vr === 'UL') fields.push({ at: element.dataOffset, size: 4, little: true });
      if (element.vr === 'IS' || element.vr === 'DS')
        fields.push({ at: element.dataOffset, size: 1, little: true });
      for (const item of element.items ?? []) {
        fields.push({ at: item.dataOffset - 4, size: 4, little: true });
        if (item.dataSet) collect(item.dataSet);
      }
      for (const fragment of element.fragments ?? [])
        fields.push({ at: fragment.position - 4, size: 4, little: true });
    }
  };
  collect(dicomParser.parseDicom(file));
  return fields;
}

/** Heads of the archived files and of its table of contents, and the end that counts them. */
function zipFields(file: Buffer): NumberField[] {
  const fields: NumberField[] = [];
  const at = (mark: string, from: number, ...places: ReadonlyArray<readonly [number, 2 | 4]>) => {
    for (const [place, size] of places) fields.push({ at: from + place, size, little: true });
    return mark.length;
  };
  for (let n = 0; n + 46 < file.length; n += 1) {
    const mark = file.toString('latin1', n, n + 4);
    if (mark === 'PK\x03\x04') at(mark, n, [6, 2], [8, 2], [18, 4], [22, 4], [26, 2], [28, 2]);
    if (mark === 'PK\x01\x02')
      at(mark, n, [8, 2], [10, 2], [16, 4], [20, 4], [24, 4], [28, 2], [30, 2], [38, 4], [42, 4]);
  }
  const end = file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  at('end', end, [8, 2], [10, 2], [12, 4], [16, 4], [20, 2]);
  return fields;
}

function pngFields(file: Buffer): NumberField[] {
  const fields: NumberField[] = [];
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at)) {
    fields.push({ at, size: 4, little: false });
    if (file.toString('latin1', at + 4, at + 8) !== 'IHDR') continue;
    for (const place of [8, 12] as const)
      fields.push({ at: at + place, size: 4, little: false, checksumFrom: at });
    for (const place of [16, 17, 18, 19, 20] as const)
      fields.push({ at: at + place, size: 1, little: false, checksumFrom: at });
  }
  return fields;
}

/** Sizes in the frames and tables of JPEG, and in the headers of JPEG 2000 streams. */
function markerFields(file: Buffer): NumberField[] {
  const fields: NumberField[] = [];
  for (let at = file.indexOf(0xff); at >= 0 && at + 40 < file.length; at = file.indexOf(0xff, at + 1)) {
    const marker = file[at + 1] ?? 0;
    if (marker === 0xc0 || marker === 0xc2) {
      for (const [place, size] of [
        [2, 2],
        [4, 1],
        [5, 2],
        [7, 2],
        [9, 1],
        [11, 1],
        [14, 1],
      ] as const)
        fields.push({ at: at + place, size, little: false });
    } else if (marker === 0xda || marker === 0xc4 || marker === 0xdb || marker === 0xdd) {
      fields.push({ at: at + 2, size: 2, little: false }, { at: at + 4, size: 1, little: false });
    } else if (marker === 0x51 && file[at - 1] === 0x4f) {
      for (const place of [6, 10, 14, 18, 22, 26, 30, 34] as const)
        fields.push({ at: at + place, size: 4, little: false });
      fields.push({ at: at + 38, size: 2, little: false });
    } else if (marker === 0x52 || marker === 0x5c || marker === 0x90) {
      for (const place of [2, 4, 6, 8, 10] as const) fields.push({ at: at + place, size: 2, little: false });
    }
    if (fields.length > 4000) break;
  }
  return fields;
}
