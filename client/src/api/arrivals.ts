import {
  arrival,
  arrivalSettingsAnswer,
  type arrivalSettingsBody,
  type attachBody,
  createdDicomToken,
  dicomToken,
  type fetchSeriesBody,
  foundSeries,
} from '@relecture/shared/arrivals/schema.js';
import { z } from 'zod';
import { request } from './http';

export const listArrivals = () =>
  request('GET', '/api/arrivals', {
    query: { limit: 100 },
    answer: z.object({ items: z.array(arrival), next: z.string().nullable(), pacs: z.boolean() }),
  });
export const arrivalsOfCase = (caseId: string) =>
  request('GET', `/api/cases/${caseId}/arrivals`, {
    answer: z.object({ items: z.array(arrival), pacs: z.boolean() }),
  });
export const attachArrival = (arrivalId: string, body: z.input<typeof attachBody>) =>
  request('POST', `/api/arrivals/${arrivalId}/attach`, { body, answer: arrival });
export const discardArrival = (arrivalId: string) => request('DELETE', `/api/arrivals/${arrivalId}`);

/** An exam number travels in a body, never in an address. */
export const searchPacs = (accession: string) =>
  request('POST', '/api/arrivals/search', {
    body: { accession },
    answer: z.object({ items: z.array(foundSeries) }),
  });
export const fetchSeries = (body: z.input<typeof fetchSeriesBody>) =>
  request('POST', '/api/arrivals/fetch', { body, answer: arrival });

const ofOrganisation = (organisationId: string) => `/api/admin/organisations/${organisationId}`;
export const readArrivalSettings = (organisationId: string) =>
  request('GET', `${ofOrganisation(organisationId)}/arrivals`, { answer: arrivalSettingsAnswer });
export const changeArrivalSettings = (organisationId: string, body: z.input<typeof arrivalSettingsBody>) =>
  request('PUT', `${ofOrganisation(organisationId)}/arrivals`, { body, answer: arrivalSettingsAnswer });
export const listDicomTokens = (organisationId: string) =>
  request('GET', `${ofOrganisation(organisationId)}/dicom-tokens`, {
    answer: z.object({ items: z.array(dicomToken) }),
  });
export const createDicomToken = (organisationId: string, label: string) =>
  request('POST', `${ofOrganisation(organisationId)}/dicom-tokens`, {
    body: { label },
    answer: createdDicomToken,
  });
export const revokeDicomToken = (organisationId: string, tokenId: string) =>
  request('DELETE', `${ofOrganisation(organisationId)}/dicom-tokens/${tokenId}`);
