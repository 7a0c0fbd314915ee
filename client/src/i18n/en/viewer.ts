import type fr from '../fr/viewer';
import type { SameShape } from '../same-shape';

export default { title: 'Reading room' } satisfies SameShape<typeof fr>;
