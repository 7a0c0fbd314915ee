import type { Arrival } from '@relecture/shared/arrivals/schema.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import type { Client } from '../../support/app.js';

/** Asks until it is so; the test's own limit ends what never comes. */
export async function until<T>(ask: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function tray(client: Client): Promise<Arrival[]> {
  return (await client.get<{ items: Arrival[] }>('/api/arrivals')).body.items;
}

export async function slidesOf(client: Client, caseId: string): Promise<Slide[]> {
  return (await client.get<{ items: Slide[] }>(`/api/cases/${caseId}/slides`)).body.items;
}

export const readySlide = (client: Client, caseId: string): Promise<Slide> =>
  until(async () => (await slidesOf(client, caseId)).find(({ state }) => state === 'ready'));

export async function draftOf(client: Client, localExamNumber: string): Promise<string> {
  const made = await client.post<{ id: string }>('/api/cases', { patient: { localExamNumber } });
  return made.body.id;
}
