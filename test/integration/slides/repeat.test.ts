import { copyFile, readdir, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { ingestStep } from '@relecture/shared/slides/schema.js';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { bearer, readySlide, settled } from './calls.js';
import { pyramid, sample } from './files.js';
import { type Person, type SlideServer, startSlideServer } from './slide-server.js';

/** The state in which a crash leaves a slide after `done` steps: what the record says, and which files there are. */
async function rewind(server: SlideServer, slide: Slide, done: number): Promise<void> {
  const slides = mongoose.connection.collection('slides');
  const _id = new mongoose.Types.ObjectId(slide.id);
  const record = await slides.findOne({ _id });
  if (!record) throw new Error('no such slide');
  const steps = ingestStep.options.slice(0, done);
  await slides.updateOne(
    { _id },
    {
      $set: {
        status: 'processing',
        attempts: 1,
        steps: (record.steps as Slide['steps']).slice(0, done),
        // Of a process of this machine that is no longer there.
        lease: { owner: `${hostname()}|4194305|dead`, until: new Date(Date.now() + 3600_000) },
      },
    },
  );
  const key = String(record.storageKey);
  const folder = join(server.uploadsDir, 'slides', key.slice(0, 2), key);
  // Scrubbed already, but not yet called so: the scrubbing is done again.
  if (!steps.includes('deidentified')) await rename(join(folder, 'slide'), join(folder, 'original'));
  // Between the rename of the readable slide and the removal of the original.
  else if (done === 4) await copyFile(join(folder, 'slide'), join(folder, 'original'));
  expect(await readdir(folder)).not.to.be.empty;
}

describe('the preparation of a slide', () => {
  let server: SlideServer;
  let sender: Person;
  let caseId: string;

  before(async () => {
    server = await startSlideServer();
    sender = await server.person();
    caseId = await server.caseOf(sender);
  });
  after(() => server.stop());

  it('can be taken up after any of its steps, and ends the same', async () => {
    const path = sample('CMU-1-Small-Region.svs');
    const file = path ? await readFile(path) : await pyramid();
    const slides: Slide[] = [];
    for (let done = 1; done < ingestStep.options.length; done += 1) {
      const slide = await readySlide(server, sender, caseId, file);
      slides.push(slide);
      await rewind(server, slide, done);
    }
    await server.stop('keep');
    server = await startSlideServer({ folder: server.folder });
    for (const before of slides) {
      const after = await settled(server, sender, before.id);
      const { version, steps, warnings, attempts, ...rest } = after;
      const {
        version: olderVersion,
        steps: olderSteps,
        warnings: olderWarnings,
        attempts: olderAttempts,
        ...older
      } = before;
      expect(rest).to.deep.equal(older);
      expect(steps.map(({ step }) => step)).to.deep.equal(olderSteps.map(({ step }) => step));
      expect(version).to.be.greaterThan(olderVersion);
      expect(attempts).to.be.greaterThan(olderAttempts);
      expect(warnings).to.include.members(olderWarnings);
      for (const image of ['tiles/0/0/0', ...(after.hasLabel ? ['label', 'macro'] : [])]) {
        const answer = await fetch(`${server.url}/api/slides/${after.id}/${image}`, {
          headers: bearer(sender),
        });
        expect(answer.status).to.equal(200);
      }
    }
  });

  it('sets aside, with a reason, a file that is not there any more', async () => {
    const slide = await readySlide(server, sender, caseId, await pyramid());
    await rewind(server, slide, 2);
    const slides = mongoose.connection.collection('slides');
    const _id = new mongoose.Types.ObjectId(slide.id);
    const record = await slides.findOneAndUpdate({ _id }, { $set: { attempts: 8 } });
    const key = String(record?.storageKey);
    await rm(join(server.uploadsDir, 'slides', key.slice(0, 2), key, 'original'));
    await server.stop('keep');
    server = await startSlideServer({ folder: server.folder });
    const after = await settled(server, sender, slide.id);
    expect(after.state).to.equal('rejected');
    expect(after.refusal?.code).to.equal('SLIDE_UNREADABLE_FILE');
  });
});
