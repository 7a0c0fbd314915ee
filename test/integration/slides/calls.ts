import type { Problem } from '@relecture/shared/http/errors.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { expect } from 'chai';
import type { Person, SlideServer } from './slide-server.js';

/** What a page or a program asks of the server about slides. */
export const bearer = (person: Person) => ({ Authorization: `Bearer ${person.token}` });

export async function postSlide(
  server: SlideServer,
  person: Person,
  caseId: string,
  bytes: Uint8Array,
  { name = 'lame.svs', stain = 'HES', block = 'A1', language = 'fr' } = {},
): Promise<Response> {
  const form = new FormData();
  form.append('stain', stain);
  form.append('block', block);
  form.append('slide', new Blob([bytes as Uint8Array<ArrayBuffer>]), name);
  return await fetch(`${server.url}/api/cases/${caseId}/slides`, {
    method: 'POST',
    headers: { ...bearer(person), 'Accept-Language': language },
    body: form,
  });
}

export async function problemOf(answer: Response): Promise<Problem> {
  expect(answer.headers.get('content-type')).to.match(/^application\/problem\+json/);
  return (await answer.json()) as Problem;
}

export async function slidesOf(server: SlideServer, person: Person, caseId: string): Promise<Slide[]> {
  const answer = await fetch(`${server.url}/api/cases/${caseId}/slides`, { headers: bearer(person) });
  expect(answer.status).to.equal(200);
  return ((await answer.json()) as { items: Slide[] }).items;
}

export async function getSlide(server: SlideServer, person: Person, slideId: string): Promise<Slide> {
  const answer = await fetch(`${server.url}/api/slides/${slideId}`, { headers: bearer(person) });
  expect(answer.status).to.equal(200);
  return (await answer.json()) as Slide;
}

/** Asks until the slide is in its last state and looked at, as a script without sockets would. */
export async function settled(server: SlideServer, person: Person, slideId: string): Promise<Slide> {
  for (;;) {
    const slide = await getSlide(server, person, slideId);
    if (!['receiving', 'received', 'processing'].includes(slide.state) && !slide.checking) return slide;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function readySlide(
  server: SlideServer,
  person: Person,
  caseId: string,
  bytes: Uint8Array,
  words: { stain?: string; block?: string } = {},
): Promise<Slide> {
  const answer = await postSlide(server, person, caseId, bytes, words);
  expect(answer.status).to.equal(201);
  const slide = await settled(server, person, ((await answer.json()) as Slide).id);
  expect(slide.state).to.equal('ready');
  return slide;
}
