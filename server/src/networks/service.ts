import type { Network, NetworksFile } from '@relecture/shared/networks/schema.js';
import { ProblemError } from '../platform/problem.js';
import { NetworkModel, type NetworkRecord } from './model.js';

/** Some thirty networks, asked for at every turn: kept in memory, read again when they change. */
const networks = new Map<string, Network>();

function fromRecord({ _id, dataVersion: _, ...rest }: NetworkRecord): Network {
  return { id: _id, ...rest };
}

/** Puts the reviewed seed file into the store once per version; a coordinator's later changes are not overwritten. */
export async function seedNetworks(file: NetworksFile): Promise<number> {
  let added = 0;
  for (const { id, ...network } of file.networks) {
    const { upsertedCount } = await NetworkModel.updateOne(
      { _id: id },
      { $setOnInsert: { ...network, dataVersion: file.version } },
      { upsert: true },
    );
    added += upsertedCount;
  }
  await loadNetworks();
  return added;
}

export async function loadNetworks(): Promise<void> {
  const records = await NetworkModel.find().sort({ _id: 1 }).limit(500).lean<NetworkRecord[]>();
  networks.clear();
  for (const record of records) networks.set(record._id, fromRecord(record));
}

export const listNetworks = (): Network[] => [...networks.values()];

/** @throws {ProblemError} NOT_FOUND */
export function getNetwork(networkId: string): Network {
  const network = networks.get(networkId);
  if (!network) throw new ProblemError('NOT_FOUND');
  return network;
}

export const findNetwork = (networkId: string): Network | null => networks.get(networkId) ?? null;
