import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** 32 tiles are asked for at once: five or six readers who pan. */
const CONNECTIONS = 32;

/**
 * Each connection asks for tiles of the list in an order of its own (a stride through the list), so that no peer
 * lives on one hot tile. Answers that are not 2xx are counted: a server that refuses quickly is not fast.
 */
const SCRIPT = `
local paths = {}
for line in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = line end
local headers = { ["Cookie"] = os.getenv("BENCH_COOKIE") }
local at = math.random(#paths)
function request()
  at = (at + 7919) % #paths
  return wrk.format("GET", paths[at + 1], headers)
end
function done(summary, latency, requests)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.status + summary.errors.timeout
  io.write(string.format('\\nRESULT {"requests":%d,"micros":%d,"p95":%d,"failed":%d}\\n',
    summary.requests, summary.duration, latency:percentile(95), failed))
end
`;

export interface Load {
  readonly tilesPerSecond: number;
  readonly p95Ms: number;
}

/** Asks `url` for the tiles for so many seconds, from a process of its own. Throws when any answer was not a tile. */
export async function loadTiles(
  folder: string,
  url: string,
  paths: readonly string[],
  seconds: number,
  cookie = '',
): Promise<Load> {
  const script = join(folder, 'tiles.lua');
  const list = join(folder, 'paths.txt');
  await writeFile(script, SCRIPT);
  await writeFile(list, `${paths.join('\n')}\n`);
  const { stdout } = await run(
    'wrk',
    ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, url],
    { env: { ...process.env, BENCH_PATHS: list, BENCH_COOKIE: cookie } },
  );
  const line = /RESULT (.*)/.exec(stdout)?.[1];
  if (!line) throw new Error(`wrk said nothing of its result:\n${stdout}`);
  const result = JSON.parse(line) as { requests: number; micros: number; p95: number; failed: number };
  if (result.failed > 0) throw new Error(`${result.failed} answers of ${url} were not tiles`);
  return { tilesPerSecond: result.requests / (result.micros / 1e6), p95Ms: result.p95 / 1000 };
}
