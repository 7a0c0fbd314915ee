import { networkSchema } from '@relecture/shared/networks/schema.js';
import { z } from 'zod';
import { type Api, signedIn } from '../platform/endpoint.js';
import { getNetwork, listNetworks } from './service.js';

const tag = 'Networks';

export function registerNetworkRoutes(api: Api): void {
  api.get(
    '/api/networks',
    {
      summary: 'The reference networks, with perimeter and rules of admission',
      tag,
      access: signedIn,
      answer: z.object({ items: z.array(networkSchema) }),
    },
    async () => ({ items: listNetworks() }),
  );
  api.get(
    '/api/networks/:networkId',
    {
      summary: 'One network',
      tag,
      access: signedIn,
      params: z.object({ networkId: z.string().max(40) }),
      answer: networkSchema,
    },
    async ({ params }) => getNetwork(params.networkId),
  );
}
