export declare function missingPackages(options: { development: boolean; directory?: string }): string[];
