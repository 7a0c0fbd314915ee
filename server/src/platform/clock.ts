import { AsyncLocalStorage } from 'node:async_hooks';

const injected = new AsyncLocalStorage<Date>();

/** The time every record is stamped with. Business code never calls `new Date()` for a stamp. */
export const now = (): Date => injected.getStore() ?? new Date();

/** Runs `work` as if it were `at`: the demo walks the real gate through the past; requests beside it keep real time. */
export const runAt = <T>(at: Date, work: () => Promise<T>): Promise<T> => injected.run(at, work);
