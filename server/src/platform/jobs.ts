import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import mongoose from 'mongoose';
import type { Logger } from './log.js';

/**
 * Background jobs, kept in the store: they survive a kill -9 and are taken up again after their lock's lifetime.
 * `processEvery` is a number: agenda 6 does not understand '200ms' and would silently run nothing.
 */
export function createJobs(log: Logger): Agenda {
  const { db } = mongoose.connection;
  if (!db) throw new Error('jobs need an open database');
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo: db as never, collection: 'jobs' } as never),
    processEvery: 1000,
    maxConcurrency: 4,
    defaultConcurrency: 2,
    defaultLockLifetime: 60_000,
  } as never);
  agenda.on('fail', (error: Error, job: { attrs: { name: string } }) => {
    log.error({ job: job.attrs.name, error: error.name }, 'job failed');
  });
  return agenda;
}
