import {
  type Icdo3Hit,
  type Icdo3Kind,
  type Icdo3Language,
  icdo3TableSchema,
} from '@relecture/shared/routing/icdo3/schema.js';
import * as icdo3 from '@relecture/shared/routing/icdo3/search-icdo3.js';
import morphologies from './data/morphologies.json' with { type: 'json' };
import topographies from './data/topographies.json' with { type: 'json' };

const indexes: Record<Icdo3Kind, icdo3.Icdo3Index> = {
  topography: icdo3.indexIcdo3('topography', icdo3TableSchema.parse(topographies)),
  morphology: icdo3.indexIcdo3('morphology', icdo3TableSchema.parse(morphologies)),
};

export const searchIcdo3 = (
  kind: Icdo3Kind,
  query: string,
  language: Icdo3Language,
  limit: number,
): Icdo3Hit[] => icdo3.searchIcdo3(indexes[kind], query, language, limit);

/** A topography begins with C, a morphology with a digit. */
export const describeIcdo3 = (code: string, language: Icdo3Language): Icdo3Hit | null =>
  icdo3.describeIcdo3(indexes[/^c/i.test(code.trim()) ? 'topography' : 'morphology'], code, language);
