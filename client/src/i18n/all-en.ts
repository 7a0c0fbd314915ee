import type { Words } from './typography';

export default import.meta.glob<Words>('./en/*.ts', { eager: true, import: 'default' });
