import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { killServers, type ServerProcess, startServer } from './server-process.js';

const hexKey = () => randomBytes(32).toString('hex');

describe('starting and stopping the server', () => {
  let folder: string;
  let folders: { DATA_DIR: string; UPLOADS_DIR: string };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relecture-start-'));
    folders = { DATA_DIR: join(folder, 'data'), UPLOADS_DIR: join(folder, 'uploads') };
  });

  afterEach(async () => {
    await killServers();
    await rm(folder, { recursive: true });
  });

  it('listens, says where, answers health, and stops on SIGTERM and SIGINT with exit code 0', async () => {
    const stops = (['SIGTERM', 'SIGINT'] as const).map(async (signal) => {
      const own = join(folder, signal);
      const server = startServer({ DATA_DIR: own, UPLOADS_DIR: join(own, 'uploads') });
      const address = await server.listening();
      const health = await fetch(`${address}/api/health`);
      expect(health.status).to.equal(200);
      expect(await health.json()).to.deep.include({ status: 'ok', store: 'embedded' });
      server.kill(signal);
      expect((await server.ended).code, server.said()).to.equal(0);
    });
    await Promise.all(stops);
  });

  it('starts again on the folder of a server that was killed, with the secrets it had made', async () => {
    const secrets = join(folders.DATA_DIR, 'secrets.json');
    const killed = startServer(folders);
    await killed.listening();
    const made = await readFile(secrets, 'utf8');
    expect((await stat(secrets)).mode & 0o077, 'readable by others').to.equal(0);
    killed.kill('SIGKILL');
    await killed.ended;
    const address = await startServer(folders).listening();
    expect((await fetch(`${address}/api/health`)).status).to.equal(200);
    expect(await readFile(secrets, 'utf8')).to.equal(made);
  });

  it('makes a demo whole that was cut short, and leaves nothing of the first attempt', async () => {
    const settings = { ...folders, DEMO: 'on' };
    const killed = startServer(settings);
    await killed.says(/case 2\/24/);
    killed.kill('SIGKILL');
    await killed.ended;
    const stopped = startServer(settings);
    await stopped.says(/making the demo/);
    stopped.kill('SIGTERM');
    const { code, stdout } = await stopped.ended;
    expect(code, stdout).to.equal(0);
    expect(stdout).to.include('Stopped while starting').and.not.include('Relecture : http');
    const third = startServer(settings);
    await third.listening();
    expect(third.said()).to.include('The demo had been cut short').and.include('case 24/24');
    // One local report for each case.
    expect(await readdir(join(folders.UPLOADS_DIR, 'attachments'))).to.have.length(24);
    third.kill('SIGTERM');
    await third.ended;
    const fourth = startServer(settings);
    await fourth.listening();
    expect(fourth.said()).to.not.include('making the demo').and.not.include('cut short');
  }).timeout(300_000);

  describe('gives up with one sentence and exit code 1', () => {
    it('on a taken port', async () => {
      const { port, close } = await takePort();
      try {
        // With a demo to make: the port is asked for first, nobody waits a minute for a refusal.
        const said = await givenUp(startServer({ ...folders, PORT: String(port), DEMO: 'on' }));
        expect(said).to.include(`Port ${port} is already in use`);
        expect(said).to.include(`Le port ${port}`);
      } finally {
        await close();
      }
      await startServer(folders).listening();
    });

    it('on a data folder that cannot be written', async () => {
      const file = join(folder, 'file');
      await writeFile(file, '');
      const said = await givenUp(startServer({ ...folders, DATA_DIR: join(file, 'data') }));
      expect(said).to.include(join(file, 'data')).and.include('is not writable');
    });

    it('on an uploads folder that cannot be written', async () => {
      const file = join(folder, 'file');
      await writeFile(file, '');
      const said = await givenUp(startServer({ ...folders, UPLOADS_DIR: file }));
      expect(said).to.include(file).and.include('UPLOADS_DIR');
    });

    it('on a data folder another server has open, and leaves that one alone', async () => {
      const first = startServer(folders);
      const address = await first.listening();
      const said = await givenUp(startServer(folders));
      expect(said).to.include(folders.DATA_DIR).and.include('already running');
      expect((await fetch(`${address}/api/health`)).status).to.equal(200);
    });

    it('on a setting that makes no sense, naming it', async () => {
      const wrong = {
        PORT: 'mille',
        MONGODB_URI: 'postgres://x',
        TOKEN_SECRET: 'short',
        PUBLIC_URL: 'nowhere',
      };
      const refusals = Object.entries(wrong).map(async ([name, value]) => {
        expect(await givenUp(startServer({ ...folders, [name]: value }))).to.include(name);
      });
      await Promise.all(refusals);
      expect(existsSync(folders.DATA_DIR)).to.equal(false);
    });
  });

  describe('in production', () => {
    const secrets = {
      TOKEN_SECRET: hexKey(),
      IDENTITY_KEYS: `k1:${hexKey()}`,
      IDENTITY_HASH_KEY: hexKey(),
      REPORT_SIGNING_SEED: hexKey(),
    };

    it('does not start when one of them is missing, and makes none', async () => {
      const refusals = Object.keys(secrets).map(async (missing) => {
        const own = join(folder, missing);
        const settings = {
          ...secrets,
          DATA_DIR: own,
          UPLOADS_DIR: join(own, 'uploads'),
          DEMO: 'on',
          [missing]: '',
        };
        const said = await givenUp(startServer({ ...settings, NODE_ENV: 'production' }));
        expect(said).to.include(missing);
        const left = existsSync(own) ? await readdir(own) : [];
        expect(left).to.not.include('secrets.json');
      });
      await Promise.all(refusals);
    });

    it('starts with them, without a demo', async () => {
      const server = startServer({ ...folders, ...secrets, NODE_ENV: 'production', DEMO: 'on' });
      const address = await server.listening();
      const signIn = await fetch(`${address}/api/auth/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'admin@demo.test', password: 'not-the-password' }),
      });
      expect(signIn.status).to.equal(401);
      expect(server.said()).to.not.include('demo.test');
      expect(await readdir(folders.DATA_DIR)).to.not.include('secrets.json');
    });
  });
});

/** What it said: one line on stderr, nothing on stdout, exit code 1. */
async function givenUp(server: ServerProcess): Promise<string> {
  const { code, stdout, stderr } = await server.ended;
  expect(code, stdout + stderr).to.equal(1);
  expect(stderr.trimEnd().split('\n'), stderr).to.have.length(1);
  return stderr;
}

async function takePort(): Promise<{ port: number; close: () => Promise<void> }> {
  const holder: Server = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address() as { port: number };
  return { port, close: () => new Promise((resolve) => holder.close(() => resolve())) };
}
