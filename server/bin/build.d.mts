type Part = 'server' | 'client';
export declare function buildNeeds(name: Part, directory?: string): 'nothing' | 'rebuild' | 'build';
export declare function recordBuild(name: Part, directory: string): void;
