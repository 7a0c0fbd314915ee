export declare const minimumNode: [major: number, minor: number];
export declare function explainOldNode(version: string): string | null;
