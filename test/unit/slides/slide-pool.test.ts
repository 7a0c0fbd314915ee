import type { Slide } from '@relecture/server/slides/formats/slide.js';
import type { SlideFile } from '@relecture/server/slides/formats/slide-file.js';
import { createSlidePool } from '@relecture/server/slides/tiles/slide-pool.js';
import { expect } from 'chai';
import fc from 'fast-check';

/** Only what the pool touches. */
function opener() {
  const open = new Set<string>();
  let most = 0;
  return {
    open,
    mostOpen: () => most,
    opening: async (file: SlideFile): Promise<Slide> => {
      const path = String(file);
      if (path === 'missing') throw new Error('missing');
      expect(open.has(path), `${path} opened twice`).to.equal(false);
      open.add(path);
      most = Math.max(most, open.size);
      return {
        close: async () => {
          open.delete(path);
        },
      } as Slide;
    },
  };
}

describe('pool of open slides', () => {
  it('opens a slide once for many readers and keeps it open', async () => {
    const { opening, open } = opener();
    const pool = createSlidePool({ maxOpen: 2, open: opening });
    await Promise.all(Array.from({ length: 10 }, () => pool.use('a', 'a', async () => undefined)));
    expect([...open]).to.deep.equal(['a']);
    await pool.close();
    expect(open.size).to.equal(0);
  });

  it('closes the least recently used beyond its bound', async () => {
    const { opening, open } = opener();
    const pool = createSlidePool({ maxOpen: 2, open: opening });
    for (const key of ['a', 'b', 'a', 'c']) await pool.use(key, key, async () => undefined);
    await Promise.resolve();
    expect([...open].sort()).to.deep.equal(['a', 'c']);
    await pool.close();
  });

  it('never closes a slide under its reader', async () => {
    const { opening, open } = opener();
    const pool = createSlidePool({ maxOpen: 1, open: opening });
    let release: () => void = () => undefined;
    const held = pool.use('a', 'a', () => new Promise<void>((resolve) => (release = resolve)));
    await pool.use('b', 'b', async () => undefined);
    const evicted = pool.evict('a');
    await Promise.resolve();
    expect(open.has('a')).to.equal(true);
    release();
    await held;
    await evicted;
    expect(open.has('a')).to.equal(false);
    await pool.close();
  });

  it('tries again after a slide that would not open', async () => {
    const { opening } = opener();
    const pool = createSlidePool({ maxOpen: 2, open: opening });
    const error = await pool
      .use('m', 'missing', async () => undefined)
      .catch((caught: Error) => caught.message);
    expect(error).to.equal('missing');
    expect(pool.openCount).to.equal(0);
    expect(await pool.use('m', 'found', async () => 'read')).to.equal('read');
    await pool.close();
  });

  it('holds at most its bound once nobody reads, whatever the order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(4))),
        fc.integer({ min: 1, max: 4 }),
        async (uses, maxOpen) => {
          const { opening, open } = opener();
          const pool = createSlidePool({ maxOpen, open: opening });
          await Promise.all(
            uses.map(async ([key, turns]) => {
              await pool.use(key, key, async () => {
                for (let n = 0; n < turns; n += 1) await Promise.resolve();
                expect(open.has(key)).to.equal(true);
              });
            }),
          );
          expect(pool.openCount).to.be.at.most(maxOpen);
          await pool.close();
          expect(open.size).to.equal(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
