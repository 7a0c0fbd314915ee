import type { Language } from '@relecture/shared/http/page.js';
import {
  type ColumnMapping,
  type columnMappingAnswer,
  EXPORT_COLUMNS,
} from '@relecture/shared/monitoring/schema.js';
import { model, Schema } from 'mongoose';
import type { z } from 'zod';
import { recordAccess } from '../platform/access-log.js';
import { now } from '../platform/clock.js';
import type { Principal } from '../platform/principal.js';
import { EXPORT_WORDS } from './export-words.js';
import { networksOf } from './service.js';

/** By network: what its own database calls the columns. */
interface MappingRecord extends ColumnMapping {
  _id: string;
  updatedAt: Date;
}

const schema = new Schema<MappingRecord>(
  {
    _id: { type: String, required: true },
    columns: { type: [Schema.Types.Mixed], required: true } as never,
    values: { type: String, required: true },
    updatedAt: { type: Date, required: true },
  },
  { versionKey: false, collection: 'columnmappings' },
);
const MappingModel = model<MappingRecord>('ColumnMapping', schema);

type Answer = z.output<typeof columnMappingAnswer>;

const known = (language: Language): Answer['known'] =>
  EXPORT_COLUMNS.map((column) => ({ column, header: EXPORT_WORDS[language].columns[column] }));

/** The columns that everybody has. */
export const usualColumns = (language: Language): ColumnMapping => ({
  columns: known(language),
  values: 'words',
});

export async function readMapping(
  networkId: string,
  language: Language,
  principal: Principal,
): Promise<Answer> {
  networksOf(principal, networkId);
  const found = await MappingModel.findById(networkId).lean<MappingRecord>();
  return {
    ...(found ? { columns: found.columns, values: found.values } : usualColumns(language)),
    saved: found !== null,
    known: known(language),
  };
}

/** For every coordinator of the network, from now on. */
export async function saveMapping(
  networkId: string,
  mapping: ColumnMapping,
  language: Language,
  principal: Principal,
): Promise<Answer> {
  networksOf(principal, networkId);
  const { columns, values } = mapping;
  await MappingModel.replaceOne(
    { _id: networkId },
    { _id: networkId, columns, values, updatedAt: now() },
    { upsert: true },
  );
  await recordAccess({
    actorId: principal.id,
    action: 'board.columns-changed',
    recordKind: 'network',
    recordId: networkId,
  });
  return await readMapping(networkId, language, principal);
}

/** Back to the columns that everybody has. */
export async function forgetMapping(networkId: string, principal: Principal): Promise<void> {
  networksOf(principal, networkId);
  await MappingModel.deleteOne({ _id: networkId });
  await recordAccess({
    actorId: principal.id,
    action: 'board.columns-changed',
    recordKind: 'network',
    recordId: networkId,
  });
}
