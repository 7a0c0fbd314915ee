/**
 * `npm run bench:routing`: decisions of one core per second of the processor, with all rules and the full explanation
 * of every network, beside json-rules-engine with the same rules. First both answer every labelled case alike; then
 * they take turns, so that a busy machine slows both. `--turns` and `--goal N` (exit code 1 below it, or below 50 times).
 */
import { parseArgs } from 'node:util';
import { chooseNetworks } from '@relecture/shared/routing/choose-networks.js';
import { type RoutingInput, toRoutingInput } from '@relecture/shared/routing/schema.js';
import { allCases, idsOf, rules } from '../../unit/routing/cases.js';
import { buildPeer } from './peer.js';

const { values } = parseArgs({
  options: { turns: { type: 'string', default: '7' }, goal: { type: 'string', default: '20000' } },
});
const turns = Number(values.turns);
const inputs = allCases.map(toRoutingInput);
const peer = buildPeer(rules);

let asked = 0;
const different: string[] = [];
for (const labelled of allCases) {
  const input = toRoutingInput(labelled);
  const own = chooseNetworks(input, rules);
  const theirs = await peer(input);
  const contradicts = own.reasons.some(({ code }) => code === 'contradiction');
  // A code or a site that cannot be read is found before any rule is asked.
  if (own.outcome === 'correct' && !contradicts) continue;
  asked += 1;
  const same = theirs.contradicts === contradicts && theirs.networks.join() === idsOf(own).join();
  if (!same) different.push(labelled.id);
}

/** Seconds of the processor, of this whole process: what another one uses at the same time does not count. */
async function measure(times: number, decide: (input: RoutingInput) => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) for (const input of inputs) await decide(input);
  const { user, system } = process.cpuUsage(before);
  return (times * inputs.length) / ((user + system) / 1e6);
}

const median = (figures: number[]) => figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? 0;
const own: number[] = [];
const theirs: number[] = [];
await measure(30, (input) => chooseNetworks(input, rules));
for (let turn = 0; turn < turns; turn += 1) {
  own.push(await measure(20, (input) => chooseNetworks(input, rules)));
  theirs.push(await measure(1, peer));
}
const [ours, peers] = [median(own), median(theirs)];
const result = {
  rules: rules.networkRules.length + rules.outsideRules.length + rules.contradictionRules.length,
  cases: inputs.length,
  comparedAnswers: asked,
  differentAnswers: different,
  decisionsPerCpuSecond: { relecture: Math.round(ours), 'json-rules-engine': Math.round(peers) },
  slowestTurn: {
    relecture: Math.round(Math.min(...own)),
    'json-rules-engine': Math.round(Math.min(...theirs)),
  },
  times: Math.round(ours / peers),
};
console.log(JSON.stringify(result, null, 1));
process.exitCode = different.length === 0 && ours >= Number(values.goal) && ours >= 50 * peers ? 0 : 1;
