import type { Language } from '@relecture/shared/http/page.js';
import { organisation, person, role, user } from '@relecture/shared/users/schema.js';
import { z } from 'zod';
import { request } from './http';

export const saveLanguage = (language: Language) =>
  request('PATCH', '/api/users/me', { body: { language }, answer: user });
/** The experts of a network one may wish for, or reassign to. */
export const listExperts = (networkId: string) =>
  request('GET', '/api/users', {
    query: { networkId, role: role.enum.reviewer },
    answer: z.object({ items: z.array(person) }),
  });
export const listOrganisations = () =>
  request('GET', '/api/organisations', { answer: z.object({ items: z.array(organisation) }) });
