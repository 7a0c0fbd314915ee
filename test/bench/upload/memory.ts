import { readFileSync } from 'node:fs';

export interface Memory {
  readonly rssMb: number;
  readonly anonymousMb: number;
}

/**
 * Of one process (Linux); nothing of one that ended. Pages of files count as resident too; the anonymous ones are what
 * it holds itself.
 */
function memoryOf(pid: number): Memory {
  const status = factOf(pid, 'status');
  const megabytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
  return { rssMb: megabytes('VmRSS'), anonymousMb: megabytes('RssAnon') };
}

/** It may end while it is looked at. */
function factOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}

/** Its own and that of every process it started. */
function withChildren(pid: number): Memory {
  return factOf(pid, `task/${pid}/children`)
    .trim()
    .split(' ')
    .filter(Boolean)
    .map((child) => withChildren(Number(child)))
    .concat(memoryOf(pid))
    .reduce((sum, each) => ({
      rssMb: sum.rssMb + each.rssMb,
      anonymousMb: sum.anonymousMb + each.anonymousMb,
    }));
}

/** Looks ten times a second how far a process, and it with its children, grows above where it began. */
export function watchGrowth(pid: number): () => { server: Memory; all: Memory } {
  const begun = { server: memoryOf(pid), all: withChildren(pid) };
  const most = { server: { ...begun.server }, all: { ...begun.all } };
  const look = () => {
    for (const [name, now] of [
      ['server', memoryOf(pid)],
      ['all', withChildren(pid)],
    ] as const) {
      most[name] = {
        rssMb: Math.max(most[name].rssMb, now.rssMb),
        anonymousMb: Math.max(most[name].anonymousMb, now.anonymousMb),
      };
    }
  };
  const timer = setInterval(look, 100);
  return () => {
    clearInterval(timer);
    look();
    const grown = (name: 'server' | 'all') => ({
      rssMb: most[name].rssMb - begun[name].rssMb,
      anonymousMb: most[name].anonymousMb - begun[name].anonymousMb,
    });
    return { server: grown('server'), all: grown('all') };
  };
}
