/**
 * `npm run bench:store`: the embedded store, plain and sealed, beside PostgreSQL 15 JSONB (Debian's package, installed when
 * it is missing). Documents of 1 kB, 100,000 and then 1,000,000; every write flushed before it is answered. One after the
 * other, so that none slows another. `--large 200000 --seconds 2` for a short run, `--turns 3` for medians of several.
 * The last line: by how much each figure of the plain store is that of PostgreSQL; above 1 is slower.
 */
import { parseArgs } from 'node:util';
import { measureEmbedded } from './embedded.js';
import { type Figures, median, type Sizes } from './figures.js';
import { measurePostgres } from './postgres.js';

const { values } = parseArgs({
  options: {
    small: { type: 'string', default: '100000' },
    large: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '5' },
    turns: { type: 'string', default: '1' },
  },
});
const sizes: Sizes = {
  small: Number(values.small),
  large: Number(values.large),
  seconds: Number(values.seconds),
};

const round = (value: number): number => Number(value.toPrecision(3));
const measured: Record<string, Record<string, number>[]> = {};
const note = (name: string, figures: Figures) => {
  const rounded = Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, round(value)]));
  console.error(name, JSON.stringify(rounded));
  measured[name] = [...(measured[name] ?? []), { ...figures }];
};
for (let turn = 0; turn < Number(values.turns); turn += 1) {
  note('plain', await measureEmbedded(false, sizes));
  note('sealed', await measureEmbedded(true, sizes));
  note('postgresql', await measurePostgres(sizes));
}

const medianOf = (name: string, key: string): number =>
  median((measured[name] ?? []).map((figures) => figures[key] ?? Number.NaN));
const keys = Object.keys(measured.plain?.[0] ?? {});
console.table(
  Object.fromEntries(
    keys.map((key) => [
      key,
      Object.fromEntries(Object.keys(measured).map((name) => [name, round(medianOf(name, key))])),
    ]),
  ),
);
const ratios = keys
  .filter((key) => key in (measured.postgresql?.[0] ?? {}))
  .map((key) => {
    const ratio = medianOf('plain', key) / medianOf('postgresql', key);
    return [key, round(key.endsWith('PerSecond') ? 1 / ratio : ratio)];
  });
console.log(
  JSON.stringify({
    timesPostgresql: Object.fromEntries(ratios),
    largeListToSmall: round(medianOf('plain', 'listP50Large') / medianOf('plain', 'listP50')),
    rssAnonPeakMb: round(medianOf('plain', 'rssAnonPeakMb')),
  }),
);
