import { type NetworksFile, networksFileSchema } from '@relecture/shared/networks/schema.js';
import file from './data/networks-2025-1.json' with { type: 'json' };

/** The reference networks shipped with the product, as a pathologist reviews them, checked. */
export const loadSeedNetworks = (): NetworksFile => networksFileSchema.parse(file);
