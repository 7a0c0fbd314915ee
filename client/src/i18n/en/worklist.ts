import type fr from '../fr/worklist';
import type { SameShape } from '../same-shape';

export default { title: 'Worklist' } satisfies SameShape<typeof fr>;
