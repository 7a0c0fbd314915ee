import type fr from '../fr/submission';
import type { SameShape } from '../same-shape';

export default { title: 'New case' } satisfies SameShape<typeof fr>;
