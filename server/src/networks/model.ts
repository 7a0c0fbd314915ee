import type { Network } from '@relecture/shared/networks/schema.js';
import { model, Schema } from 'mongoose';

/** A reference network as kept in the store; `_id` is its public id ("LYMPHOPATH"). */
export interface NetworkRecord extends Omit<Network, 'id'> {
  _id: string;
  dataVersion: string;
}

const mixed = { type: Schema.Types.Mixed, required: true };
const schema = new Schema<NetworkRecord>(
  {
    _id: { type: String, required: true },
    dataVersion: { type: String, required: true },
    names: mixed,
    kind: { type: String, required: true },
    status: { type: String, required: true },
    role: { type: String, required: true },
    perimeter: mixed,
    parentNetworkId: { type: String, default: null },
    coordinatingCentre: { type: String, default: null },
    europeanNetworkIds: { type: [String], default: [] },
    admission: mixed,
    dueDays: mixed,
    thirdDueDays: { type: Schema.Types.Mixed, default: undefined },
    levels: { type: [String], default: [] },
    basis: mixed,
  },
  { versionKey: false, minimize: false },
);
export const NetworkModel = model<NetworkRecord>('Network', schema);
