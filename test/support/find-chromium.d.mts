export declare const chromiumAdvice: string;
export declare function findChromium(environment?: Record<string, string | undefined>): string | null;
export declare function installChromium(): string | null;
