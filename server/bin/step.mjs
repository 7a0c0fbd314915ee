import { spawn } from 'node:child_process';

/** A step that failed for a reason already written as a sentence for whoever started us. */
export class StepFailure extends Error {
  name = 'StepFailure';
}

/**
 * Runs one preparation step as a child, showing on stderr what runs and for how long: in place on a terminal,
 * one line every ten seconds elsewhere. (stderr, because `relecture route --json` keeps stdout for its answer.)
 * The child's own output is kept and shown only when it fails.
 */
export async function runStep({ title, command, args, cwd, failure }) {
  const startedAt = Date.now();
  const elapsed = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  const live = process.stderr.isTTY;
  const say = (text, last) => process.stderr.write(live ? `\r\x1b[K${text}${last ? '\n' : ''}` : `${text}\n`);

  say(`${title} …`);
  const progress = setInterval(() => say(`${title} … ${elapsed()}`), live ? 1000 : 10_000);
  const child = spawn(command, args, { cwd, env: childEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const stopChild = (signal) => {
    child.kill(signal);
    child.once('close', () => process.exit(1));
  };
  process.once('SIGTERM', stopChild).once('SIGINT', stopChild);

  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      keep(`${command}: ${error.message}\n`);
      resolve(-1);
    });
    child.once('close', resolve);
  });

  clearInterval(progress);
  process.off('SIGTERM', stopChild).off('SIGINT', stopChild);
  say(`${title} : ${code === 0 ? 'fait / done' : 'échec / failed'}, ${elapsed()}`, true);
  if (code !== 0) {
    process.stderr.write(`${output.trimEnd().split('\n').slice(-80).join('\n')}\n`);
    throw new StepFailure(failure);
  }
}

/** The build is the same whatever the server is to run as: vite and npm both look at NODE_ENV. */
function childEnvironment() {
  const { NODE_ENV: _, ...environment } = process.env;
  return environment;
}
