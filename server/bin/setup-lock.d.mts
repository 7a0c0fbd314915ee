export declare function withSetupLock<T>(work: () => Promise<T>, directory?: string): Promise<T>;
