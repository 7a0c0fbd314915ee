import { listen } from '../events/index.js';
import { settleRequest } from './service.js';

export function listenToMaterialEvents(): void {
  listen('materials.settle', ['review.material-answered'], async ({ entry }) => await settleRequest(entry));
}
