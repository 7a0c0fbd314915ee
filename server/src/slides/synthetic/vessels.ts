import { NEGATIVE, outline } from './glands.js';
import { chromatinGrain, NUCLEI } from './nuclei.js';
import { noise, type Random, randomFrom } from './random.js';
import { clamp, drawNucleus, emptyStamp, type Stamp } from './stamp.js';

/** A small vessel: pink wall, flat endothelium, red cells inside. */
export function vesselStamp(seed: number, pixelsPerUm: number, ihc: boolean): Stamp {
  const random = randomFrom(seed);
  const radius = (18 + random() * 26) * pixelsPerUm;
  const outer = outline(random, 0.25);
  const side = Math.ceil(radius * 2.7);
  const centre = side / 2;
  const wall = 4.5 * pixelsPerUm;
  const stamp = emptyStamp(side, side);
  for (let j = 0; j < side; j += 1) {
    for (let i = 0; i < side; i += 1) {
      const dx = i - centre;
      const dy = j - centre;
      const inside = radius * outer(Math.atan2(dy, dx)) - Math.sqrt(dx * dx + dy * dy);
      if (inside < 0) continue;
      const at = j * side + i;
      const grain = noise(seed, i / (3 * pixelsPerUm), j / (3 * pixelsPerUm));
      stamp.first[at] = inside < wall ? 30 : 3;
      stamp.second[at] = clamp(inside < wall ? (ihc ? 9 : 105 + 50 * grain) : 4);
      stamp.cover[at] = clamp((inside / pixelsPerUm) * 200);
    }
  }
  placeRedCells(stamp, random, radius - wall, pixelsPerUm, ihc);
  for (let angle = 0; angle < Math.PI * 2; angle += (13 * pixelsPerUm * (0.8 + random())) / radius) {
    const r = radius * outer(angle) - wall;
    drawNucleus(
      stamp,
      {
        x: centre + r * Math.cos(angle),
        y: centre + r * Math.sin(angle),
        longRadius: 5 * pixelsPerUm,
        shortRadius: 1.6 * pixelsPerUm,
        angle: angle + Math.PI / 2,
        seed: Math.floor(random() * 1e9),
      },
      ihc ? NEGATIVE : NUCLEI.fibroblast.look,
      chromatinGrain(pixelsPerUm),
    );
  }
  return stamp;
}

/** Red cells lie in heaps and overlap: each is a disc a little paler in the middle. */
function placeRedCells(stamp: Stamp, random: Random, reach: number, pixelsPerUm: number, ihc: boolean): void {
  const centre = stamp.width / 2;
  const heap = random() * Math.PI * 2;
  const count = Math.round((reach / pixelsPerUm) ** 2 / 22);
  for (let n = 0; n < count; n += 1) {
    const angle = random() < 0.6 ? heap + (random() - 0.5) * 2.4 : random() * Math.PI * 2;
    const distance = Math.sqrt(random()) * reach * 0.86;
    const x = centre + distance * Math.cos(angle);
    const y = centre + distance * Math.sin(angle);
    const radius = (2.9 + random() * 0.7) * pixelsPerUm;
    for (let j = Math.max(0, Math.floor(y - radius)); j < Math.min(stamp.height, y + radius); j += 1) {
      for (let i = Math.max(0, Math.floor(x - radius)); i < Math.min(stamp.width, x + radius); i += 1) {
        const r = Math.hypot(i - x, j - y) / radius;
        const at = j * stamp.width + i;
        if (r > 1 || (stamp.cover[at] ?? 0) < 200) continue;
        const amount = (ihc ? 12 : 128) * (0.75 + 0.25 * r) * Math.min(1, (1 - r) * radius * 0.6);
        stamp.second[at] = clamp(Math.max(stamp.second[at] ?? 0, amount));
      }
    }
  }
}
