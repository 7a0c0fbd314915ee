import { readFile } from 'node:fs/promises';
import { letNetworkIn, replaceReaders } from '@relecture/server/cases/index.js';
import { checkAccessChain, readAccessLog } from '@relecture/server/platform/access-log.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { bearer, postSlide, problemOf, readySlide, slidesOf } from './calls.js';
import { pyramid, sample } from './files.js';
import { type Person, type SlideServer, startSlideServer, submit, withdraw } from './slide-server.js';

const NETWORK = 'LYMPHOPATH';

describe('reading slides', () => {
  let server: SlideServer;
  let sender: Person;
  let caseId: string;
  let slide: Slide;

  before(async () => {
    server = await startSlideServer();
    sender = await server.person();
    caseId = await server.caseOf(sender);
    slide = await readySlide(server, sender, caseId, await pyramid());
  });
  after(() => server.stop());

  const address = (path: string) => `${server.url}/api/slides/${slide.id}/${path}`;
  const withCookie = (person: Person, path: string, headers = {}) =>
    fetch(address(path), { headers: { Cookie: person.cookie, ...headers } });
  const withToken = (person: Person, path: string) => fetch(address(path), { headers: bearer(person) });
  const networkPerson = (as: 'reviewer' | 'coordinator') =>
    server.person({ roles: [as], networks: [{ networkId: NETWORK, as, competences: [] }] });
  const logOf = async (person: Person, action: string) =>
    (await readAccessLog({ actorId: person.id }, null, 200)).filter((entry) => entry.action === action);

  it('sends tiles by cookie and by token, cut to the slide, with lasting names', async () => {
    for (const answer of [await withCookie(sender, 'tiles/0/0/0'), await withToken(sender, 'tiles/0/3/2')]) {
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('content-type')).to.equal('image/jpeg');
      expect(answer.headers.get('cache-control')).to.match(/private.*immutable/);
    }
    const edge = await sharp(await (await withCookie(sender, 'tiles/0/3/2')).arrayBuffer()).metadata();
    expect([edge.width, edge.height]).to.deep.equal([900 - 3 * 256, 700 - 2 * 256]);
    const etag = (await withCookie(sender, 'tiles/0/0/0')).headers.get('etag') ?? '';
    const unchanged = await withCookie(sender, 'tiles/0/0/0', { 'If-None-Match': etag });
    expect(unchanged.status).to.equal(304);
    expect((await withCookie(sender, 'tiles/1/0/0')).headers.get('etag')).not.to.equal(etag);
    for (const path of ['tiles/0/4/0', 'tiles/9/0/0', 'tiles/0/-1/0', 'tiles/0/x/0']) {
      const missing = await withCookie(sender, path);
      expect(missing.status, path).to.equal(404);
      expect((await problemOf(missing)).code).to.equal('SLIDE_TILE_NOT_FOUND');
    }
  });

  it('sends nothing to who has no session or no right, and does not tell one from the other slide', async () => {
    const stranger = await server.person();
    const outsider = await networkPerson('reviewer');
    const paths = ['tiles/0/0/0', 'thumbnail', 'label', 'macro'];
    for (const path of paths) {
      expect((await fetch(address(path))).status, path).to.equal(401);
      expect((await withCookie({ ...sender, cookie: 'relecture_slides=forged' }, path)).status).to.equal(401);
      expect((await withToken({ ...sender, token: 'forged' }, path)).status, path).to.equal(401);
      for (const person of [stranger, outsider]) {
        expect((await withCookie(person, path)).status, path).to.equal(404);
        expect((await withToken(person, path)).status, path).to.equal(404);
      }
    }
    expect(
      (await fetch(`${server.url}/api/slides/${slide.id}`, { headers: bearer(stranger) })).status,
    ).to.equal(404);
    const nowhere = `${server.url}/api/slides/${'0'.repeat(24)}/tiles/0/0/0`;
    expect((await fetch(nowhere, { headers: { Cookie: sender.cookie } })).status).to.equal(404);
    const nonsense = `${server.url}/api/slides/nonsense/tiles/0/0/0`;
    expect((await fetch(nonsense, { headers: { Cookie: sender.cookie } })).status).to.equal(404);
  });

  it('writes one line a viewing into the access log, not one a tile', async () => {
    const viewer = await server.person({ organisationId: sender.organisationId });
    const tiles = Array.from({ length: 12 }, (_, at) => withCookie(viewer, `tiles/0/${at % 4}/${at % 3}`));
    for (const answer of await Promise.all(tiles)) expect(answer.status).to.equal(200);
    expect(await logOf(viewer, 'slide.viewed')).to.have.length(1);
    await fetch(`${server.url}/api/slides/${slide.id}`, { headers: bearer(viewer) });
    await fetch(`${server.url}/api/cases/${caseId}/slides`, { headers: bearer(viewer) });
    expect(await logOf(viewer, 'slide.read')).to.have.length(1);
    expect(await logOf(viewer, 'case.slides-read')).to.have.length(1);
    expect((await checkAccessChain()).brokenAt).to.equal(null);
  });

  it('draws thumbnails of the sizes a page asks for', async () => {
    for (const [asked, longest] of [
      [100, 128],
      [256, 256],
      [1000, 900],
    ]) {
      const answer = await withCookie(sender, `thumbnail?size=${asked}`);
      expect(answer.status).to.equal(200);
      const etag = answer.headers.get('etag') ?? '';
      const { width } = await sharp(await answer.arrayBuffer()).metadata();
      expect(width).to.equal(longest);
      const again = await withCookie(sender, `thumbnail?size=${asked}`, { 'If-None-Match': etag });
      expect(again.status).to.equal(304);
    }
    expect((await withToken(sender, 'thumbnail?size=0')).status).to.equal(400);
    expect((await withCookie(sender, 'thumbnail?size=x')).status).to.equal(400);
  });

  it('lets a network in, a reader in and out again, and stops at once when the right ends', async () => {
    const ownCase = await server.caseOf(sender);
    slide = await readySlide(server, sender, ownCase, await pyramid({ seed: 5 }));
    const coordinator = await networkPerson('coordinator');
    const reader = await server.person({ roles: ['reviewer'] });
    await letNetworkIn(ownCase, NETWORK);
    // A draft is its sender's alone, whoever was let in.
    expect((await withCookie(coordinator, 'tiles/0/0/0')).status).to.equal(404);
    await submit(ownCase);
    expect((await withCookie(coordinator, 'tiles/0/0/0')).status).to.equal(200);
    expect((await withCookie(reader, 'tiles/0/0/0')).status).to.equal(404);
    await replaceReaders(ownCase, async () => [{ userId: reader.id, organisationId: reader.organisationId }]);
    expect((await withCookie(reader, 'tiles/0/0/0')).status).to.equal(200);
    await replaceReaders(ownCase, async () => []);
    await withdraw(ownCase);
    expect((await withCookie(reader, 'tiles/0/0/0')).status).to.equal(404);
    expect((await withToken(reader, 'tiles/0/0/0')).status).to.equal(404);
    expect((await withCookie(sender, 'tiles/0/0/0')).status).to.equal(200);
  });

  it('ends with the session', async () => {
    const viewer = await server.person({ organisationId: sender.organisationId });
    expect((await withCookie(viewer, 'tiles/0/0/0')).status).to.equal(200);
    await fetch(`${server.url}/api/auth/sign-out`, { method: 'POST', headers: bearer(viewer) });
    expect((await withCookie(viewer, 'tiles/0/0/0')).status).to.equal(401);
    expect((await withToken(viewer, 'tiles/0/0/0')).status).to.equal(401);
  });

  it('does not remove what somebody may have read, and does not show others what was refused', async () => {
    const sent = await server.caseOf(sender);
    await letNetworkIn(sent, NETWORK);
    const readable = await readySlide(server, sender, sent, await pyramid({ seed: 6 }));
    await submit(sent);
    const remove = (slideId: string) =>
      fetch(`${server.url}/api/slides/${slideId}`, { method: 'DELETE', headers: bearer(sender) });
    const kept = await remove(readable.id);
    expect((await problemOf(kept)).code).to.equal('CASE_NOT_EDITABLE');
    const refused = await problemOf(await postSlide(server, sender, sent, Buffer.from('texte '.repeat(9))));
    const refusedId = String(refused.params?.slideId);
    const coordinator = await networkPerson('coordinator');
    expect((await slidesOf(server, coordinator, sent)).map(({ id }) => id)).to.deep.equal([readable.id]);
    expect(await slidesOf(server, sender, sent)).to.have.length(2);
    const late = await slidesOf(server, sender, sent);
    expect(late.map((one) => one.late)).to.deep.equal([false, true]);
    expect((await remove(refusedId)).status).to.equal(204);
  });

  const svs = sample('CMU-1-Small-Region.svs');
  describe('of the real SVS', () => {
    before(async function () {
      if (!svs) this.skip();
      const realCase = await server.caseOf(sender);
      slide = await readySlide(server, sender, realCase, await readFile(svs ?? ''));
      await letNetworkIn(realCase, NETWORK);
      await submit(realCase);
    });

    it('shows the right colours', async () => {
      const answer = await withCookie(sender, 'tiles/0/4/5');
      const { channels } = await sharp(await answer.arrayBuffer()).stats();
      // As OpenSlide decodes this tile; without the Adobe mark it would be 188.3 / 154.7 / 144.9.
      const [red, green, blue] = channels.map(({ mean }) => mean);
      expect(red).to.be.closeTo(170.7, 1);
      expect(green).to.be.closeTo(118.3, 1);
      expect(blue).to.be.closeTo(155.0, 1);
    });

    it('shows label and macro to the sender, each look on record, not to a coordinator', async () => {
      const coordinator = await networkPerson('coordinator');
      for (const name of ['label', 'macro']) {
        for (const answer of [await withCookie(sender, name), await withToken(sender, name)]) {
          expect(answer.status).to.equal(200);
          expect(answer.headers.get('cache-control')).to.contain('no-store');
          expect((await sharp(await answer.arrayBuffer()).metadata()).width).to.be.greaterThan(100);
        }
        const refused = await withCookie(coordinator, name);
        expect(refused.status).to.equal(403);
        expect((await problemOf(refused)).code).to.equal('FORBIDDEN');
        expect(await logOf(sender, `slide.${name}-read`)).to.have.length(2);
      }
      expect((await withCookie(coordinator, 'tiles/0/0/0')).status).to.equal(200);
    });
  });
});
