import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Figures, median, NETWORKS, percentile, rssAnon, type Sizes, STATUSES } from './figures.js';

const BIN = '/usr/lib/postgresql/15/bin';

function install(): void {
  if (existsSync(join(BIN, 'postgres'))) return;
  const line = 'apt-get install -y postgresql-15';
  if (process.getuid?.() !== 0) throw new Error(`The peer is not installed. As root, on Debian: ${line}`);
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  spawnSync('apt-get', ['update', '-qq'], options);
  if (spawnSync('apt-get', ['install', '-y', '-qq', 'postgresql-15'], options).status !== 0)
    throw new Error(`This failed: ${line}`);
}

/** Of the server and the processes it has for its clients. */
function memoryOf(postmaster: number): number {
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim();
  let sum = 0;
  for (const pid of [postmaster, ...children.split(' ').filter(Boolean).map(Number)]) {
    try {
      sum += rssAnon(pid);
    } catch {
      // Its client has gone since.
    }
  }
  return sum;
}

/** PostgreSQL refuses to run as root: it then runs as the user of its own package. */
async function run(command: string, argv: readonly string[], cwd: string): Promise<void> {
  const line = [join(BIN, command), ...argv];
  const asRoot = process.getuid?.() === 0;
  const [program = '', ...rest] = asRoot ? ['runuser', '-u', 'postgres', '--', ...line] : line;
  // pg_ctl leaves the server behind: it must not hold our pipes.
  const stderr = command === 'pg_ctl' ? 'ignore' : 'pipe';
  const child = spawn(program, rest, { cwd, stdio: ['ignore', 'ignore', stderr] });
  const [said, [code]] = await Promise.all([child.stderr ? text(child.stderr) : '', once(child, 'exit')]);
  if (code !== 0) throw new Error(`${command}: ${said || 'failed'}`);
}

/**
 * The same documents and questions as JSONB in plain SQL, over a unix socket, `synchronous_commit` on. Its client is
 * pgbench, in C, and it makes the documents itself: what it needs no driver for is in its favour.
 */
export async function measurePostgres({ small, large, seconds }: Sizes): Promise<Figures> {
  install();
  const folder = await mkdtemp(join(tmpdir(), 'relecture-bench-postgres-'));
  await chmod(folder, 0o777);
  const data = join(folder, 'data');
  const sql = (command: string) =>
    run('psql', ['-h', folder, '-U', 'postgres', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', command], folder);
  const timed = async (command: string): Promise<number> => {
    const start = performance.now();
    await sql(command);
    return performance.now() - start;
  };
  const insert = (from: number, to: number) =>
    `DO $$ BEGIN FOR b IN ${from / 1000}..${to / 1000 - 1} LOOP
      INSERT INTO docs SELECT i, jsonb_build_object('networkId', 'n' || i % ${NETWORKS}, 'status', (ARRAY[${STATUSES.map((name) => `'${name}'`).join()}])[1 + (i / ${NETWORKS}) % ${STATUSES.length}],
        'createdAt', to_char(timestamp '2026-01-01' + i * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS'), 'days', i % 40, 'rounds', 0, 'text', repeat('x', 850))
      FROM generate_series(b * 1000, b * 1000 + 999) i; COMMIT; END LOOP; END $$`;
  /** Milliseconds of each run of a script. */
  const bench = async (script: string, clients: number, limit: readonly string[]) => {
    const file = join(folder, 'script.sql');
    await writeFile(file, script, { mode: 0o644 });
    const argv = [
      '-h',
      folder,
      '-U',
      'postgres',
      '-n',
      '-M',
      'prepared',
      '-c',
      String(clients),
      '-j',
      '1',
      '-f',
      file,
    ];
    await run('pgbench', [...argv, ...limit, '-l', '--log-prefix', join(folder, 'log'), 'postgres'], folder);
    const logs = (await readdir(folder)).filter((name) => name.startsWith('log.'));
    let lines: string[] = [];
    for (const name of logs) {
      lines = lines.concat((await readFile(join(folder, name), 'utf8')).trim().split('\n'));
      await rm(join(folder, name));
    }
    return lines.map((line) => Number(line.split(' ')[2]) / 1000);
  };
  const where = (network: string, status: string) =>
    `doc->>'networkId' = ${network} AND doc->>'status' = ${status}`;
  const list = `\\set n random(0, ${NETWORKS - 1})\nSELECT doc FROM docs WHERE ${where("'n' || :n", `'${STATUSES[1]}'`)} ORDER BY doc->>'createdAt' DESC LIMIT 50;\n`;
  try {
    await run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'], folder);
    const options = `-k ${folder} -c listen_addresses='' -c synchronous_commit=on -c shared_buffers=256MB`;
    await run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'server.log'), '-o', options, 'start'], folder);
    const postmaster = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, memoryOf(postmaster));
    }, 200);
    try {
      await sql('CREATE TABLE docs (id int PRIMARY KEY, doc jsonb NOT NULL)');
      await sql("CREATE INDEX ON docs ((doc->>'networkId'), (doc->>'status'), (doc->>'createdAt'))");
      const insertSeconds = (await timed(insert(0, small))) / 1000;
      await sql('VACUUM ANALYZE docs');
      const lists = await bench(list, 1, ['-t', '300']);
      const count = `SELECT count(*) FROM docs WHERE ${where("'n3'", `'${STATUSES[1]}'`)};\n`;
      const group = "SELECT doc->>'status', count(*), avg((doc->>'days')::int) FROM docs GROUP BY 1;\n";
      const countMs = median(await bench(count, 1, ['-t', '21']));
      const groupMs = median(await bench(group, 1, ['-t', '7']));
      const id = `\\set i random(0, ${small - 1})\n`;
      const reads = await bench(`${id}SELECT doc FROM docs WHERE id = :i;\n`, 16, ['-T', String(seconds)]);
      const update =
        "UPDATE docs SET doc = jsonb_set(doc, '{rounds}', to_jsonb((doc->>'rounds')::int + 1)) WHERE id = :i;\n";
      const updates = await bench(`${id}${update}`, 16, ['-T', String(seconds)]);
      for (let from = small; from < large; from += 100_000)
        await sql(insert(from, Math.min(large, from + 100_000)));
      await sql('VACUUM ANALYZE docs');
      const largeLists = await bench(list, 1, ['-t', '300']);
      return {
        listP50Ms: median(lists),
        listP99Ms: percentile(lists, 0.99),
        countMs,
        groupMs,
        pointReadsPerSecond: reads.length / seconds,
        updatesPerSecond: updates.length / seconds,
        insertSeconds,
        rssAnonMb: peak,
        growthAt1M: median(largeLists) / median(lists),
      };
    } finally {
      clearInterval(watch);
      await run('pg_ctl', ['-D', data, '-m', 'fast', '-w', 'stop'], folder);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
