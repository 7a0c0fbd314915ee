import { networkSchema } from '@relecture/shared/networks/schema.js';
import { z } from 'zod';
import { request } from './http';

/** The answer may say more about a network than the reference data (its members): what is not known here is left. */
const networkList = z.object({ items: z.array(networkSchema.loose()) });

export const listNetworks = () => request('GET', '/api/networks', { answer: networkList });
