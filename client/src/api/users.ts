import type { Language } from '@relecture/shared/http/page.js';
import {
  type Availability,
  organisation,
  ownAvailability,
  person,
  role,
  user,
} from '@relecture/shared/users/schema.js';
import { z } from 'zod';
import { request } from './http';

export const saveLanguage = (language: Language) =>
  request('PATCH', '/api/users/me', { body: { language }, answer: user });
/** Choosing one's own password ends one's other sessions. */
export const choosePassword = (body: { current: string; password: string }) =>
  request('PUT', '/api/users/me/password', { body, answer: user });
export const readAvailability = () =>
  request('GET', '/api/users/me/availability', { answer: ownAvailability });
export const saveAvailability = (body: Availability) =>
  request('PUT', '/api/users/me/availability', { body, answer: ownAvailability });
/** The experts of a network one may wish for, or reassign to. */
export const listExperts = (networkId: string) =>
  request('GET', '/api/users', {
    query: { networkId, role: role.enum.reviewer },
    answer: z.object({ items: z.array(person) }),
  });
export const listOrganisations = () =>
  request('GET', '/api/organisations', { answer: z.object({ items: z.array(organisation) }) });
