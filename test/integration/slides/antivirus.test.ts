import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { attachBytes } from '@relecture/server/cases/index.js';
import { AntivirusUnavailableError, createAntivirus } from '@relecture/server/platform/antivirus.js';
import { ProblemError } from '@relecture/server/platform/problem.js';
import { principalFromAuthorization } from '@relecture/server/users/index.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { describeSlideWarning } from '@relecture/shared/slides/warnings.js';
import { expect } from 'chai';
import { type Clamd, hasClamd, PLANTED, prepareClamd } from '../../support/clamd.js';
import { getSlide, postSlide, readySlide, settled } from './calls.js';
import { pyramid } from './files.js';
import { filesUnder } from './folders.js';
import { type Person, type SlideServer, startSlideServer } from './slide-server.js';

const NAME = 'MARTIN-DUPONT';
const pdf = (words: Buffer) => Buffer.concat([Buffer.from('%PDF-1.7\n1 0 obj\n'), words]);

describe('an antivirus that is configured', () => {
  let clamd: Clamd;
  let server: SlideServer;
  let sender: Person;
  let caseId: string;
  let log = '';

  before(async function () {
    if (!hasClamd()) {
      console.log('      clamd is not installed (Debian: clamav-daemon): the antivirus is not tested');
      this.skip();
    }
    clamd = await prepareClamd({ streamMax: '1M' });
    await clamd.start();
    const written = new Writable({
      write(chunk: Buffer, _encoding, done) {
        log += chunk.toString();
        done();
      },
    });
    server = await startSlideServer({ clamd: clamd.socket, log: written });
    sender = await server.person();
    caseId = await server.caseOf(sender);
  });
  after(async () => {
    await server?.stop();
    await clamd?.remove();
  });

  const attach = async (bytes: Buffer): Promise<unknown> => {
    const principal = await principalFromAuthorization(`Bearer ${sender.token}`);
    return await attachBytes(caseId, 'other', 'Document', bytes, principal).catch((error: unknown) => error);
  };
  const attachments = () => filesUnder(join(server.uploadsDir, 'attachments'));

  it('lets clean slides and attachments through', async () => {
    await readySlide(server, sender, caseId, await pyramid());
    expect(await attach(pdf(Buffer.from('propre')))).not.to.be.instanceOf(Error);
    expect(await attachments()).to.have.length(1);
  });

  it('has an infected slide refused and destroyed, without its name in the log', async () => {
    const infected = Buffer.concat([await pyramid({ seed: 9 }), PLANTED]);
    const before = await filesUnder(server.uploadsDir);
    const answer = await postSlide(server, sender, caseId, infected, { name: `${NAME}.svs` });
    expect(answer.status).to.equal(201);
    const slide = await settled(server, sender, ((await answer.json()) as Slide).id);
    expect(slide).to.include({ state: 'rejected' });
    expect(slide.refusal?.code).to.equal('SLIDE_INFECTED');
    while ((await filesUnder(server.uploadsDir)).length > before.length)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(log).to.include('malicious software').and.not.to.include(NAME);
  });

  it('has an infected attachment refused and destroyed', async () => {
    const before = await attachments();
    const error = await attach(pdf(PLANTED));
    expect(error).to.be.instanceOf(ProblemError).and.include({ code: 'FILE_INFECTED' });
    expect(await attachments()).to.deep.equal(before);
  });

  it('is asked about every byte of a file larger than it takes at once', async () => {
    const antivirus = createAntivirus(clamd.socket);
    const large = Buffer.alloc(3 * 1024 * 1024 + 17, 0x41);
    const scan = () => antivirus?.scan(() => Readable.from(pieces(large)));
    expect(await scan()).to.equal('clean');
    for (const at of [0, 1024 * 1024 - 10, 2.5 * 1024 * 1024, large.length - PLANTED.length]) {
      const clean = Buffer.from(large);
      PLANTED.copy(large, at);
      expect(await scan(), `${at}`).to.equal('infected');
      clean.copy(large);
    }
  });

  it('that does not answer is waited for: the slide waits and says so, attachments are not kept', async () => {
    await clamd.stop();
    const before = await attachments();
    expect(await attach(pdf(Buffer.from('attend')))).to.include({ code: 'ANTIVIRUS_UNAVAILABLE' });
    expect(await attachments()).to.deep.equal(before);
    const answer = await postSlide(server, sender, caseId, await pyramid({ seed: 77 }));
    const { id } = (await answer.json()) as Slide;
    let slide = await getSlide(server, sender, id);
    while (!slide.warnings.includes('antivirus_waiting')) slide = await getSlide(server, sender, id);
    expect(slide.state).to.equal('processing');
    expect(describeSlideWarning('antivirus_waiting', 'fr')).to.match(/L’antivirus ne répond pas/);
    await clamd.start();
    const ready = await settled(server, sender, id);
    expect(ready.state).to.equal('ready');
    expect(ready.warnings).not.to.include('antivirus_waiting');
  });

  it('is never taken for a clean answer when it breaks off', async () => {
    const nobody = createAntivirus('127.0.0.1:1');
    const error = await nobody?.scan(() => Readable.from([Buffer.alloc(10)])).catch((each: unknown) => each);
    expect(error).to.be.instanceOf(AntivirusUnavailableError);
  });
});

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
