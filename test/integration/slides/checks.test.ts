import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { updateCase } from '@relecture/server/cases/index.js';
import { generateSyntheticSlide, type SyntheticKind } from '@relecture/server/slides/synthetic/index.js';
import { SYNTHETIC_KINDS } from '@relecture/server/slides/synthetic/tissue.js';
import { principalFromAuthorization } from '@relecture/server/users/index.js';
import type { FocusMap, SlideLabel } from '@relecture/shared/slides/checks.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import sharp, { type Sharp } from 'sharp';
import { bearer, getSlide, postSlide, problemOf, readySlide, settled } from './calls.js';
import { sample } from './files.js';
import { type Person, type SlideServer, startSlideServer, submit } from './slide-server.js';

const EXAM = '26H01234';

describe('what a readable slide is checked for', () => {
  let server: SlideServer;
  let sender: Person;
  let caseId: string;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-checks-'));
    server = await startSlideServer();
    sender = await server.person();
    caseId = await caseWithExam();
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function caseWithExam(): Promise<string> {
    const id = await server.caseOf(sender);
    const principal = await principalFromAuthorization(`Bearer ${sender.token}`);
    await updateCase(id, 0, { patient: { localExamNumber: EXAM } as never }, principal);
    return id;
  }
  const path = (name: string) => join(folder, name);
  let drawn = 0;
  async function synthetic(code: string | undefined, kind: SyntheticKind = 'he-lymphoid'): Promise<Buffer> {
    drawn += 1;
    const label = { examNumber: EXAM, block: 'A1', stain: 'HES', laboratory: 'L' };
    const file = path(`${drawn}.svs`);
    await generateSyntheticSlide({
      path: file,
      kind,
      width: 2600,
      height: 2000,
      mpp: 0.5,
      // Each file is its own: what was measured of an equal one would be taken for it.
      seed: 100 + drawn,
      label: code === undefined ? label : { ...label, code },
    });
    return await readFile(file);
  }
  const tiled = async (image: Sharp) =>
    await image
      .tiff({ compression: 'jpeg', quality: 85, tile: true, tileWidth: 256, tileHeight: 256, pyramid: true })
      .toBuffer();
  const plain = (background: string) =>
    tiled(sharp({ create: { width: 2000, height: 1500, channels: 3, background } }));
  const found = ({ checks }: Slide) =>
    Object.fromEntries(checks.map(({ check, outcome }) => [check, outcome]));
  const focusOf = async ({ id }: Slide) =>
    (await (
      await fetch(`${server.url}/api/slides/${id}/focus`, { headers: bearer(sender) })
    ).json()) as FocusMap;
  const label = (slideId: string, body?: object, person = sender) =>
    fetch(`${server.url}/api/slides/${slideId}/label-check`, {
      method: body ? 'POST' : 'GET',
      headers: { ...bearer(person), 'Content-Type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const labelOf = async (answer: Response) => {
    expect(answer.status).to.be.oneOf([200, 201]);
    return (await answer.json()) as SlideLabel;
  };

  for (const kind of SYNTHETIC_KINDS) {
    it(`passes a sharp slide of ${kind}, holds the same one out of focus and draws where`, async () => {
      const sharpBytes = await synthetic(undefined, kind);
      const good = await readySlide(server, sender, caseId, sharpBytes);
      expect(found(good)).to.include({ tissue: 'passes', black: 'passes', focus: 'passes', scale: 'passes' });
      const map = await focusOf(good);
      expect(map.cells).to.have.length(map.columns * map.rows);
      const { data, info } = await sharp(sharpBytes).raw().toBuffer({ resolveWithObject: true });
      const raw = { width: info.width, height: info.height, channels: 3 as const };
      const blurred = await readySlide(
        server,
        sender,
        await caseWithExam(),
        await tiled(sharp(data, { raw }).blur(4)),
      );
      expect(found(blurred).focus).to.equal('holds');
      expect(blurred.warnings).to.include('blurred');
      const limit = (await focusOf(blurred)).blurredFrom;
      const isBlurred = ({ cells }: FocusMap) =>
        [...cells].filter((cell) => cell !== ' ' && Number(cell) >= limit);
      expect(isBlurred(map)).to.have.length(0);
      expect(isBlurred(await focusOf(blurred)).length).to.be.greaterThan(20);
    });
  }

  it('says where a slide is blurred when only a part of it is', async () => {
    const bytes = await synthetic(undefined);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: 3 as const };
    const part = { left: 900, top: 600, width: 700, height: 700 };
    const soft = await sharp(data, { raw }).extract(part).blur(4).png().toBuffer();
    const mixed = await tiled(
      sharp(data, { raw }).composite([{ input: soft, left: part.left, top: part.top }]),
    );
    const slide = await readySlide(server, sender, caseId, mixed);
    expect(found(slide).focus).to.equal('warns');
    const { columns, rows, cells, blurredFrom } = await focusOf(slide);
    for (const [at, cell] of [...cells].entries()) {
      if (cell === ' ' || Number(cell) < blurredFrom) continue;
      const x = (((at % columns) + 0.5) / columns) * info.width;
      const y = ((Math.floor(at / columns) + 0.5) / rows) * info.height;
      expect(x, cells).to.be.within(part.left - 260, part.left + part.width + 260);
      expect(y, cells).to.be.within(part.top - 260, part.top + part.height + 260);
    }
  });

  it('passes the real slide', async function () {
    const real = sample('CMU-1-Small-Region.svs');
    if (!real) this.skip();
    const slide = await readySlide(server, sender, caseId, await readFile(real ?? ''));
    expect(found(slide)).to.include({ tissue: 'passes', black: 'passes', focus: 'passes', scale: 'passes' });
  });

  it('holds a slide of bare glass and one that is black, and warns of a scale nobody told', async () => {
    const glass = await readySlide(server, sender, caseId, await plain('#f2f2f4'));
    expect(found(glass)).to.include({ tissue: 'holds', black: 'passes', focus: 'passes' });
    expect(glass.warnings).to.include('blank');
    const black = await readySlide(server, sender, caseId, await plain('#020202'));
    expect(found(black)).to.include({ black: 'holds', focus: 'passes' });
    const photograph = sharp({ create: { width: 1500, height: 1200, channels: 3, background: '#b8749a' } });
    const unscaled = await readySlide(server, sender, caseId, await photograph.png().toBuffer());
    expect(found(unscaled).scale).to.equal('warns');
    await fetch(`${server.url}/api/slides/${unscaled.id}`, {
      method: 'PATCH',
      headers: { ...bearer(sender), 'Content-Type': 'application/json' },
      body: JSON.stringify({ mpp: 0.5 }),
    });
    const calibrated = await getSlide(server, sender, unscaled.id);
    expect(found(calibrated).scale).to.equal('passes');
    expect(calibrated.mppSource).to.equal('manual');
  });

  it('reads the code on the label, compares it with block and examination, and again when they change', async () => {
    const own = await caseWithExam();
    const bytes = await synthetic(`${EXAM}-A1`);
    const slide = await readySlide(server, sender, own, bytes, { block: 'A1' });
    expect(slide.label).to.deep.equal({ result: 'agrees', by: 'code' });
    expect((await labelOf(await label(slide.id))).codes).to.deep.equal([`${EXAM}-A1`]);
    const raw = await mongoose.connection
      .collection('slides')
      .findOne({ storageKey: { $exists: true }, 'label.result': 'agrees' });
    expect(JSON.stringify(raw)).not.to.contain(EXAM);
    const change = (block: string) =>
      fetch(`${server.url}/api/slides/${slide.id}`, {
        method: 'PATCH',
        headers: { ...bearer(sender), 'Content-Type': 'application/json' },
        body: JSON.stringify({ block }),
      });
    await change('A2');
    const wrong = await getSlide(server, sender, slide.id);
    expect(wrong.label.result).to.equal('differs');
    expect(found(wrong).identity).to.equal('holds');
    // Nobody waves through a code that says something else.
    expect(await labelOf(await label(slide.id, { agrees: true }))).to.include({ result: 'differs' });
    await change('A01');
    expect((await getSlide(server, sender, slide.id)).label.result).to.equal('agrees');
  });

  it('holds a glass of another examination, and lets the sender take it away before anybody reads it', async () => {
    const own = await caseWithExam();
    const slide = await readySlide(server, sender, own, await synthetic('26H99999-A1'), { block: 'A1' });
    expect(found(slide).identity).to.equal('holds');
    const good = await readySlide(server, sender, own, await synthetic(`${EXAM}-A1`), { block: 'A1' });
    await submit(own);
    const remove = (id: string) =>
      fetch(`${server.url}/api/slides/${id}`, { method: 'DELETE', headers: bearer(sender) });
    expect((await remove(good.id)).status).to.equal(409);
    expect((await remove(slide.id)).status).to.equal(204);
  });

  it('takes a person’s word where there is no code, and asks anew when the block changes', async () => {
    const own = await caseWithExam();
    const answer = await postSlide(server, sender, own, await synthetic(undefined), { block: 'A1' });
    const slide = await settled(server, sender, ((await answer.json()) as Slide).id);
    expect(slide.label).to.deep.equal({ result: 'not_compared', by: null });
    expect(await labelOf(await label(slide.id, { says: `${EXAM} B2` }))).to.include({
      result: 'differs',
      by: 'person',
    });
    expect(await labelOf(await label(slide.id, { says: `${EXAM} A1` }))).to.include({
      result: 'agrees',
      says: `${EXAM} A1`,
    });
    const seen = await labelOf(await label(slide.id, { agrees: true }));
    expect(seen).to.include({ result: 'agrees', by: 'person', says: null });
    expect(seen.comparedBy).to.be.a('string');
    await fetch(`${server.url}/api/slides/${slide.id}`, {
      method: 'PATCH',
      headers: { ...bearer(sender), 'Content-Type': 'application/json' },
      body: JSON.stringify({ block: 'C3' }),
    });
    expect((await getSlide(server, sender, slide.id)).label).to.deep.equal({
      result: 'not_compared',
      by: null,
    });
    const stranger = await server.person({ roles: ['reviewer'] });
    expect((await problemOf(await label(slide.id, undefined, stranger))).code).to.equal('NOT_FOUND');
  });
});
