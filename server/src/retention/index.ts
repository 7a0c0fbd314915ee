export { applyRetention, type RetentionCount } from './apply-retention.js';
