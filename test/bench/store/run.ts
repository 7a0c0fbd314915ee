/**
 * `npm run bench:store`: the embedded store, plain and sealed, beside PostgreSQL 15 JSONB (Debian's package, installed when
 * it is missing). Documents of 1 kB, 100,000 and then 1,000,000; every write flushed before it is answered. One after the
 * other, so that none slows another. `--large 200000 --seconds 2` for a short run, `--turns 3` for medians of several.
 * The last line: the plain store's figures, and under `ratio` what multiple of PostgreSQL's each is; above 1 is worse.
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
const NAMES = [
  'listP50Ms',
  'listP99Ms',
  'countMs',
  'groupMs',
  'pointReadsPerSecond',
  'updatesPerSecond',
  'insertSeconds',
  'rssAnonMb',
  'growthAt1M',
] as const satisfies (keyof Figures)[];
const sizes: Sizes = {
  small: Number(values.small),
  large: Number(values.large),
  seconds: Number(values.seconds),
};

const round = (value: number): number => Number(value.toPrecision(3));
const measured: Record<string, Figures[]> = {};
const note = (name: string, figures: Figures) => {
  console.error(name, JSON.stringify(rounded(figures)));
  measured[name] = [...(measured[name] ?? []), figures];
};
for (let turn = 0; turn < Number(values.turns); turn += 1) {
  note('plain', await measureEmbedded(false, sizes));
  note('sealed', await measureEmbedded(true, sizes));
  note('postgresql', await measurePostgres(sizes));
}

const plain = mediansOf('plain');
const sealed = mediansOf('sealed');
const postgres = mediansOf('postgresql');
console.table(
  Object.fromEntries(
    NAMES.map((name) => [name, { plain: plain[name], sealed: sealed[name], postgres: postgres[name] }]),
  ),
);
console.log(JSON.stringify({ ...plain, sealed, postgres, ratio: ratioOf(plain, postgres) }));

function rounded(figures: Figures): Figures {
  return Object.fromEntries(NAMES.map((name) => [name, round(figures[name])])) as unknown as Figures;
}

function mediansOf(store: string): Figures {
  const all = measured[store] ?? [];
  const medians = NAMES.map((name) => [name, median(all.map((figures) => figures[name]))]);
  return rounded(Object.fromEntries(medians) as Figures);
}

/** Above 1: slower, or larger, than PostgreSQL. */
function ratioOf(ours: Figures, theirs: Figures): Figures {
  const ratios = NAMES.map((name) => {
    const ratio = ours[name] / theirs[name];
    return [name, name.endsWith('PerSecond') ? 1 / ratio : ratio];
  });
  return rounded(Object.fromEntries(ratios) as Figures);
}
