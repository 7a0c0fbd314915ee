/** Builds ICC profiles (ICC.1:2010) in memory, with a name planted in every text they have. */
export const NAME = 'PLANTEE-NOMINATIVE';

function profile(tags: Readonly<Record<string, Buffer>>): Buffer {
  const names = Object.keys(tags);
  const header = Buffer.alloc(132 + names.length * 12);
  header.writeUInt32BE(0x02400000, 8);
  header.write('scnrRGB XYZ ', 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  header.write(NAME.slice(0, 4), 48, 'latin1');
  header.writeUInt32BE(names.length, 128);
  const values: Buffer[] = [];
  let at = header.length;
  for (const [n, name] of names.entries()) {
    const value = tags[name] as Buffer;
    header.write(name, 132 + n * 12, 'latin1');
    header.writeUInt32BE(at, 136 + n * 12);
    header.writeUInt32BE(value.length, 140 + n * 12);
    const padded = Buffer.concat([value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
    values.push(padded);
    at += padded.length;
  }
  header.writeUInt32BE(at, 0);
  return Buffer.concat([header, ...values]);
}

const xyz = (...values: number[]) => {
  const bytes = Buffer.alloc(20);
  bytes.write('XYZ ', 'latin1');
  for (const [n, value] of values.entries()) bytes.writeInt32BE(Math.round(value * 65_536), 8 + n * 4);
  return bytes;
};
const gamma = (value: number) => {
  const bytes = Buffer.alloc(14);
  bytes.write('curv', 'latin1');
  bytes.writeUInt32BE(1, 8);
  bytes.writeUInt16BE(Math.round(value * 256), 12);
  return bytes;
};
export const descriptionTag = (text: string) => {
  const bytes = Buffer.alloc(12 + text.length + 1 + 78);
  bytes.write('desc', 'latin1');
  bytes.writeUInt32BE(text.length + 1, 8);
  bytes.write(text, 12, 'latin1');
  return bytes;
};
/** The primaries of sRGB with another curve: every grey is seen to differ. */
export const scannerProfile = (
  curve: number,
  text = `ScanScope v1 ${NAME}`,
  more: Record<string, Buffer> = {},
) =>
  profile({
    desc: descriptionTag(text),
    cprt: descriptionTag(NAME),
    wtpt: xyz(0.9642, 1, 0.8249),
    rXYZ: xyz(0.4361, 0.2225, 0.0139),
    gXYZ: xyz(0.3851, 0.7169, 0.0971),
    bXYZ: xyz(0.1431, 0.0606, 0.7142),
    rTRC: gamma(curve),
    gTRC: gamma(curve),
    bTRC: gamma(curve),
    ...more,
  });
