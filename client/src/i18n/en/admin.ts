import type fr from '../fr/admin';
import type { SameShape } from '../same-shape';

export default { title: 'Administration' } satisfies SameShape<typeof fr>;
