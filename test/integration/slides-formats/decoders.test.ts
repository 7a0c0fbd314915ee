import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import {
  Decoder,
  DecoderCrashError,
  DecodingStoppedError,
} from '@relecture/server/slides/decoding/decoder.js';
import { createDecoders, type Decoders } from '@relecture/server/slides/decoding/decoders.js';
import { SlideRefusal } from '@relecture/server/slides/formats/refusal.js';
import { expect } from 'chai';
import sharp from 'sharp';
import { smallSlide, useFolder } from './fixtures.js';

const DECODER = import.meta.resolve('@relecture/server/slides/decoding/decoder.js');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that ended and that nobody has asked about.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

const outcome = async (work: Promise<unknown>): Promise<unknown> =>
  await work.catch((error: unknown) => error);

/** Dies of a fault of a C library, as far as anybody can see from outside, as soon as it has something to do. */
class FaultyDecoder extends Decoder {
  override async run(...order: Parameters<Decoder['run']>): Promise<unknown> {
    // Begun: from here on its end is the file's doing.
    await super.run('identify', [import.meta.filename], 0).catch(() => undefined);
    const running = super.run(...order);
    if (this.pid !== undefined) process.kill(this.pid, 'SIGSEGV');
    return await running;
  }
}

describe('decoding processes', () => {
  const folder = useFolder();
  let slide = '';
  let large = '';
  let decoders: Decoders;

  before(async () => {
    slide = await smallSlide(folder.path('slide.svs'), { width: 700, height: 500 });
    // Some seconds of work.
    large = folder.path('large.png');
    await sharp({ create: { width: 12_000, height: 9000, channels: 3, background: '#eadcf0' } })
      .png({ compressionLevel: 1 })
      .toFile(large);
  });
  beforeEach(() => {
    decoders = createDecoders();
  });
  afterEach(async () => {
    await decoders.stop();
  });

  it('answer what they are asked, with everything that crosses the border whole', async () => {
    const identified = await decoders.run('identify', slide);
    expect(identified).to.include({ format: 'aperio-svs', reading: 'direct', width: 700 });
    const images = await decoders.run('associated', slide);
    expect([...images.keys()]).to.include.members(['label', 'macro']);
    expect((await sharp(await decoders.run('thumbnail', slide, 128)).metadata()).width).to.equal(128);
  });

  it('refuse with the code of the reader', async () => {
    const path = await folder.write('text.svs', Buffer.from('Ceci n’est pas une lame.'));
    const error = await outcome(decoders.run('identify', path));
    expect(error).to.be.instanceOf(SlideRefusal).and.include({ code: 'SLIDE_NOT_A_SLIDE' });
    expect((error as SlideRefusal).params).to.deep.equal({ kind: 'text' });
  });

  it('end alone: a file that ends two of them is refused, the next file is read', async () => {
    let faulty = 2;
    const some = createDecoders(() => {
      faulty -= 1;
      return faulty >= 0 ? new FaultyDecoder() : new Decoder();
    });
    const error = await outcome(some.run('convert', large, folder.path('never.tiff')));
    expect(error).to.be.instanceOf(SlideRefusal).and.include({ code: 'SLIDE_DECODER_CRASH' });
    expect(await some.run('identify', slide)).to.include({ format: 'aperio-svs' });
    await some.stop();
  });

  it('are given a second try', async () => {
    let faulty = true;
    const some = createDecoders(() => {
      const decoder = faulty ? new FaultyDecoder() : new Decoder();
      faulty = false;
      return decoder;
    });
    expect(await some.run('identify', slide)).to.include({ format: 'aperio-svs' });
    await some.stop();
  });

  it('tell a crash from a stop', async () => {
    const crashed = new FaultyDecoder();
    expect(await outcome(crashed.run('identify', [slide], 0))).to.be.instanceOf(DecoderCrashError);
    const converting = outcome(decoders.run('convert', large, folder.path('stopped.tiff')));
    await decoders.stop();
    expect(await converting).to.be.instanceOf(DecodingStoppedError);
    expect(await outcome(decoders.run('identify', slide))).to.be.instanceOf(DecodingStoppedError);
  });

  it('go with a server that is killed, in the middle of their work', async function () {
    if (process.platform !== 'linux') this.skip();
    const script = `
      const { Decoder } = await import(${JSON.stringify(DECODER)});
      const decoder = new Decoder();
      await decoder.started();
      console.log(decoder.pid);
      await decoder.run('convert', ${JSON.stringify([large, folder.path('orphan.tiff')])}, 1e9);`;
    const file = await folder.write('server.mjs', Buffer.from(script));
    const server = spawn(process.execPath, [...process.execArgv, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).to.equal(true);
    server.kill('SIGKILL');
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('are ended when a small file asks for much memory', async () => {
    const greedy = folder.path('interlaced.png');
    await sharp({ create: { width: 9500, height: 9500, channels: 3, background: '#ffffff' } })
      .png({ progressive: true, compressionLevel: 6 })
      .toFile(greedy);
    const error = await outcome(decoders.run('convert', greedy, folder.path('greedy.tiff')));
    expect(error).to.be.instanceOf(SlideRefusal).and.include({ code: 'SLIDE_DECODING_LIMIT' });
    expect((error as SlideRefusal).params).to.deep.equal({ limit: 'memory' });
  });

  it('know neither the settings nor the secrets of the server', async function () {
    if (process.platform !== 'linux') this.skip();
    process.env.TOKEN_SECRET = 'a secret of the server';
    const decoder = new Decoder();
    await decoder.run('identify', [slide], 0);
    const environment = await readFile(`/proc/${decoder.pid}/environ`, 'latin1');
    const limits = await readFile(`/proc/${decoder.pid}/limits`, 'latin1');
    await decoder.stop();
    delete process.env.TOKEN_SECRET;
    expect(environment).not.to.include('TOKEN_SECRET');
    expect(limits).to.match(/Max data size +3221225472/);
  });
});
