export { generateSyntheticSlide, type SyntheticSlideOptions } from './generate.js';
export type { FakeLabel } from './label.js';
export { SYNTHETIC_KINDS, type SyntheticKind } from './tissue.js';
