import type fr from '../fr/monitoring';
import type { SameShape } from '../same-shape';

export default { title: 'Board' } satisfies SameShape<typeof fr>;
