import type { Page } from 'playwright-core';

/** Draws one shape of each kind on the open slide, as a hand would; returns their names in the panel. */
export async function drawShapes(room: Page): Promise<string[]> {
  const at = await stagePoints(room);
  await drawRectangle(room, 0.3, 0.3);
  await room.getByRole('button', { name: 'Polygone', exact: true }).click();
  for (const [x, y] of [
    [0.5, 0.3],
    [0.6, 0.32],
    [0.58, 0.45],
  ] as const)
    await room.mouse.click(...at(x, y), { delay: 20 });
  await room.getByRole('button', { name: 'Fermer le contour' }).click();
  await room.getByRole('button', { name: 'Main levée', exact: true }).click();
  await stroke(room, [at(0.3, 0.55), at(0.36, 0.52), at(0.4, 0.58), at(0.36, 0.64), at(0.31, 0.6)]);
  await room.getByRole('button', { name: 'Point', exact: true }).click();
  await room.mouse.click(...at(0.5, 0.6));
  await room.getByRole('button', { name: 'Règle', exact: true }).click();
  await stroke(room, [at(0.55, 0.6), at(0.66, 0.66)]);
  return ['Rectangle', 'Polygone', 'Main levée', 'Point', 'Règle'];
}

/** From a corner given in parts of the stage. */
export async function drawRectangle(room: Page, left: number, top: number): Promise<void> {
  const at = await stagePoints(room);
  await room.getByRole('button', { name: 'Rectangle', exact: true }).click();
  await stroke(room, [at(left, top), at(left + 0.1, top + 0.1)]);
}

async function stroke(room: Page, points: [number, number][]): Promise<void> {
  const [first, ...rest] = points;
  if (!first) return;
  await room.mouse.move(...first);
  await room.mouse.down();
  for (const point of rest) await room.mouse.move(...point, { steps: 6 });
  await room.mouse.up();
}

async function stagePoints(room: Page) {
  const box = await room.getByTestId('viewer-canvas').boundingBox();
  if (!box) throw new Error('the slide is not on the screen');
  return (x: number, y: number): [number, number] => [box.x + box.width * x, box.y + box.height * y];
}
