import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ORGANISATIONS, PEOPLE } from '@relecture/server/demo/people.js';
import type { NewUser } from '@relecture/server/users/index.js';
import { expect } from 'chai';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const readme = read('README.md');

type Person = Pick<NewUser, 'email' | 'roles' | 'networks' | 'national'> & {
  organisation: keyof typeof ORGANISATIONS;
};

/** A person of the demo as the README's table shows them. */
function rowOf(person: Person): string {
  const { name, city } = ORGANISATIONS[person.organisation];
  const networks = (person.networks ?? []).map(({ networkId }) => networkId);
  const reach = [...networks, ...(person.national ? ['national dispatch'] : [])].join(', ');
  return `| \`${person.email}\` | ${person.roles.join(', ')} | ${reach} | ${name}, ${city} |`;
}

describe('the README', () => {
  it('names every setting the server reads', () => {
    const settings = [...read('server/src/config/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+): z\b/gm)].map(
      ([, name]) => name,
    );
    expect(settings).to.include.members(['PORT', 'DATA_DIR', 'MONGODB_URI']);
    const unnamed = settings.filter((name) => !readme.includes(`\`${name}\``));
    expect(unnamed).to.deep.equal([]);
  });

  it('names only commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...readme.matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name ?? '');
    expect(named).to.not.have.length(0);
    expect(named.filter((name) => !(name in scripts))).to.deep.equal([]);
  });

  it('lists the people of the demo: account, role, networks, house', () => {
    const listed = [...readme.matchAll(/^\| `([^`]+@demo\.test)` \|.*$/gm)].map(([row]) => row);
    expect(listed).to.deep.equal(Object.values(PEOPLE).map(rowOf));
  });

  it('leads to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link ?? '');
    expect(links).to.not.have.length(0);
    expect(links.filter((link) => !link.endsWith('.png') && !existsSync(`${root}${link}`))).to.deep.equal([]);
  });

  it('maps folders that exist', () => {
    const map = /## Map\n\n```\n([\s\S]+?)```/.exec(readme)?.[1] ?? '';
    const folders = [...map.matchAll(/^([a-z][a-z/-]+\/)[ ,]/gm)].map(([, folder]) => folder ?? '');
    expect(folders).to.include('server/src/');
    expect(folders.filter((folder) => !existsSync(`${root}${folder}`))).to.deep.equal([]);
  });
});
