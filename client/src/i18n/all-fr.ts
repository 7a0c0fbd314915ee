import type { Words } from './typography';

export default import.meta.glob<Words>('./fr/*.ts', { eager: true, import: 'default' });
