import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { hasOpenSlide } from '@relecture/server/slides/formats/openslide.js';
import type { FormatsAnswer } from '@relecture/shared/slides/formats.js';
import { describeSlideRefusal } from '@relecture/shared/slides/refusals.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { makePeople, type People } from '../../factories/people.js';
import { startTestApp, type TestApp } from '../../support/app.js';
import { realSlide } from '../slides-formats/fixtures.js';

describe('the formats this machine reads', () => {
  let app: TestApp;
  let people: People;

  before(async () => {
    app = await startTestApp();
    people = await makePeople(app);
  });

  after(() => app.stop());

  it('are told to administrators with reader, version and what to install, and to nobody else', async () => {
    const { status, body } = await people.admin.get<FormatsAnswer>('/api/admin/formats');
    expect(status).to.equal(200);
    const byFormat = new Map(body.items.map((item) => [item.format, item]));
    expect(byFormat.get('aperio-svs')).to.include({ reading: 'stored', readable: true, install: null });
    const present = await hasOpenSlide();
    expect(byFormat.get('hamamatsu-ndpi')).to.include({
      reader: 'openslide',
      readable: present,
      install: present ? null : 'libvips-tools',
    });
    expect(byFormat.get('zeiss-czi')).to.include({ readable: false, install: null });
    const readers = new Map(body.readers.map(({ reader, version }) => [reader, version]));
    expect(readers.get('sharp')).to.equal(`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`);
    if (present) expect(readers.get('openslide')).to.match(/^OpenSlide, libvips \d/);
    for (const client of [people.submitter, people.reviewer, people.coordinator]) {
      expect((await client.get('/api/admin/formats')).status).to.equal(403);
    }
    expect((await app.anonymous.get('/api/slide-formats')).status).to.equal(401);
  });

  it('are the names the drop zone says, and what a refusal says to install', async function () {
    const { body: admin } = await people.admin.get<FormatsAnswer>('/api/admin/formats');
    const { body } = await people.submitter.get<{ files: string[]; folders: string[] }>('/api/slide-formats');
    const readable = admin.items.filter((item) => item.readable).map(({ name }) => name);
    expect([...body.files, ...body.folders]).to.have.members(readable);
    const ndpi = realSlide('test3-DAPI-2-387.ndpi');
    if (ndpi === null) return this.skip();
    const outcome = await identifyFile(ndpi).catch((error: unknown) => error);
    const install = admin.items.find(({ format }) => format === 'hamamatsu-ndpi')?.install ?? null;
    if (install === null) expect(outcome).to.include({ format: 'hamamatsu-ndpi' });
    else expect(describeSlideRefusal(outcome as never, 'fr').advice).to.include(install);
  });
});
