import type fr from '../fr/report';
import type { SameShape } from '../same-shape';

export default { title: 'Report' } satisfies SameShape<typeof fr>;
