import { identifyArchive } from '@relecture/server/slides/formats/archive.js';
import { convertToPyramid } from '@relecture/server/slides/formats/convert.js';
import { identifyFile } from '@relecture/server/slides/formats/identify.js';
import { expect } from 'chai';
import { buildInstance } from './dicom-builder.js';
import { softPixels, useFolder, ycbcrJpegTile } from './fixtures.js';

interface Dropped {
  readonly path: string;
  readonly file: File;
  readonly chosen: boolean;
}
type Gather = (dropped: readonly Dropped[]) => Promise<{ files: File[]; leftAside: number }>;

/** A module of the pages, which are built for browsers and no project of this one's; it needs nothing but `File`. */
const pages = new URL('../../../client/src/submission/gather-slides.ts', import.meta.url).href;
const { gatherSlides } = (await import(pages)) as { gatherSlides: Gather };

const NAME = 'KERVELLA Jeanne';
const TILE = 64;

const dropped = (path: string, bytes: Buffer | string, chosen = false): Dropped => ({
  path,
  file: new File([Buffer.from(bytes)], path.split('/').at(-1) ?? '', { lastModified: 1_700_000_000_000 }),
  chosen,
});

const bytesOf = async (file: File | undefined) =>
  Buffer.from((await file?.arrayBuffer()) ?? new ArrayBuffer(0));

describe('folders of slides, gathered for one upload', () => {
  const folder = useFolder();

  const instance = async (width: number, height: number, series = '1.2.3.4') => {
    const count = Math.ceil(width / TILE) * Math.ceil(height / TILE);
    const frames = await Promise.all(
      Array.from({ length: count }, (_, n) => ycbcrJpegTile(softPixels(TILE, n * 17), TILE)),
    );
    return buildInstance({ width, height, tile: TILE, frames, series });
  };

  it('make one archive of a DICOM series that the server reads, the same each time', async () => {
    const full = await instance(180, 120);
    const small = await instance(90, 60);
    const files = [
      dropped(`${NAME}/IM0002`, small),
      dropped(`${NAME}/IM0001`, full),
      dropped(`${NAME}/DICOMDIR`, Buffer.alloc(200)),
      dropped(`${NAME}/notes.txt`, 'rien'),
    ];
    const {
      files: [zip, ...others],
      leftAside,
    } = await gatherSlides(files);
    expect(others).to.deep.equal([]);
    expect(leftAside).to.equal(2);
    expect(zip?.name).to.equal(`${NAME}.zip`);
    const bytes = await bytesOf(zip);
    expect(bytes.includes(NAME)).to.equal(false);
    const again = (await gatherSlides(files.toReversed())).files[0];
    expect((await bytesOf(again)).equals(bytes)).to.equal(true);
    expect(again?.lastModified).to.equal(zip?.lastModified);

    const path = await folder.write('gathered.zip', bytes);
    expect(await identifyFile(path)).to.include({ format: 'dicom' });
    expect(await convertToPyramid(path, folder.path('gathered.tiff'))).to.include({
      originalFormat: 'dicom',
      mpp: 0.25,
    });
  });

  it('send two series apart, and a file alone as it is', async () => {
    const files = [
      dropped('A/1.dcm', await instance(180, 120, '1.1')),
      dropped('A/2.dcm', await instance(90, 60, '1.1')),
      dropped('A/3.dcm', await instance(90, 60, '2.2')),
      dropped('A/lame.svs', 'II*'),
      dropped('whatever', 'chosen by itself', true),
    ];
    const gathered = await gatherSlides(files);
    expect(gathered.files.map(({ name }) => name)).to.deep.equal(['A.zip', '3.dcm', 'lame.svs', 'whatever']);
    expect(gathered.leftAside).to.equal(0);
  });

  it('keep a MIRAX slide together under another name, and a VMS slide with the images it names', async () => {
    const files = [
      dropped(`D/${NAME}.mrxs`, 'jpeg'),
      dropped(`D/${NAME}/Slidedat.ini`, '[GENERAL]'),
      dropped(`D/${NAME}/Data0000.dat`, 'x'.repeat(70_000)),
      dropped('D/other.mrxs', 'jpeg'),
      dropped('E/s.vms', '[Virtual Microscope Specimen]\nImageFile=s-1.jpg\nMapFile=s-map.jpg\n'),
      dropped('E/s-1.jpg', 'a'),
      dropped('E/s-map.jpg', 'b'),
      dropped('E/photo.jpg', 'c'),
    ];
    const gathered = await gatherSlides(files);
    expect(gathered.files.map(({ name }) => name)).to.deep.equal([
      `${NAME}.zip`,
      's.zip',
      'other.mrxs',
      'photo.jpg',
    ]);
    const mirax = await identifyArchive(await folder.write('mirax.zip', await bytesOf(gathered.files[0])));
    expect(mirax).to.deep.equal({
      format: 'mirax',
      members: ['lame.mrxs'],
      names: ['lame.mrxs', 'lame/Data0000.dat', 'lame/Slidedat.ini'],
    });
    const vms = await identifyArchive(await folder.write('vms.zip', await bytesOf(gathered.files[1])));
    expect(vms?.names).to.have.members(['s.vms', 's-1.jpg', 's-map.jpg']);
  });
});
