export { generateSyntheticSlide, type SyntheticSlideOptions } from './generate.js';
export { SYNTHETIC_KINDS, type SyntheticKind } from './tissue.js';
