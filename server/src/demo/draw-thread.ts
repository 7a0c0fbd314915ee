import { parentPort, workerData } from 'node:worker_threads';
import { generateSyntheticSlide, type SyntheticSlideOptions } from '../slides/synthetic/index.js';

export type DrawingOrder = Omit<SyntheticSlideOptions, 'onProgress'>;
export type FromDrawing = { type: 'progress'; path: string; share: number } | { type: 'drawn'; path: string };

/** A thread of its own for the pixels: the history is walked on another core meanwhile. */
let told = 0;
for (const order of workerData as readonly DrawingOrder[]) {
  told = 0;
  await generateSyntheticSlide({
    ...order,
    onProgress: (share) => {
      if (share >= 1 || share - told < 0.05) return;
      told = share;
      tell({ type: 'progress', path: order.path, share });
    },
  });
  tell({ type: 'drawn', path: order.path });
}

function tell(message: FromDrawing): void {
  parentPort?.postMessage(message);
}
