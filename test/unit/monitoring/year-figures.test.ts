import {
  figuresOfYear,
  type OpenedFact,
  type SignedYearFact,
} from '@relecture/server/monitoring/year-figures.js';
import { expect } from 'chai';

const MONTHS = ['2026-01', '2026-02'];
const opened = (overrides: Partial<OpenedFact> = {}): OpenedFact => ({
  month: '2026-01',
  level: 2,
  intent: 'systematic',
  urgent: false,
  ended: 'signed',
  ...overrides,
});
const signed = (overrides: Partial<SignedYearFact> = {}): SignedYearFact => ({
  month: '2026-01',
  level: 2,
  intent: 'systematic',
  region: 'Bretagne',
  centre: 'CHU des Flandres',
  morphology: '9690/3',
  agreement: 'concordant',
  types: [],
  impact: 'none',
  sending: 4,
  reading: 6.04,
  onTime: true,
  asked: false,
  molecular: false,
  session: null,
  ...overrides,
});
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

describe('the figures of a year', () => {
  it('count what was asked for, apart from third readings and what was withdrawn', () => {
    const year = figuresOfYear(
      MONTHS,
      [
        ...times(6, opened),
        opened({ level: 3, ended: null }),
        opened({ ended: 'cancelled', urgent: true }),
        opened({ ended: null, intent: 'advice', month: '2026-02' }),
      ],
      [],
    );
    expect(year).to.include({ opened: 8, third: 1, cancelled: 1, signed: 0 });
    expect(year.doubleRead).to.deep.equal({ count: 6, of: 7 });
    expect(year.systematic).to.deep.equal({ count: 7, of: 8 });
    expect(year.urgent).to.deep.equal({ count: 1, of: 8 });
    expect(year.months.map(({ month, opened: count }) => [month, count])).to.deep.equal([
      ['2026-01', 8],
      ['2026-02', 1],
    ]);
  });

  it('give delays of both sides, none for fewer than five, and the sender’s once a case', () => {
    const year = figuresOfYear(
      MONTHS,
      [],
      [
        ...times(4, signed),
        signed({ sending: 20, reading: 30 }),
        signed({ sending: null }),
        signed({ level: 3, sending: 99, month: '2026-02' }),
      ],
    );
    expect(year.sending).to.deep.equal({ count: 5, median: 4, p90: 20 });
    expect(year.reading).to.deep.equal({ count: 7, median: 6, p90: 30 });
    expect(year.months[1]).to.include({ count: 1, median: null, p90: null });
    expect(year.readingBy.find(({ intent }) => intent === 'advice')).to.include({ count: 0, median: null });
  });

  it('tell agreement by kind of request, and impact only of what was judged', () => {
    const year = figuresOfYear(
      MONTHS,
      [],
      [
        ...times(3, () =>
          signed({ intent: 'advice', agreement: 'discordant', types: ['entity', 'grade'], impact: 'major' }),
        ),
        ...times(5, signed),
        signed({ agreement: 'partial', types: ['grade'], impact: 'to_assess' }),
        signed({ impact: null }),
      ],
    );
    expect(year.concordance).to.deep.equal([
      { intent: 'systematic', signed: 7, agreement: { concordant: 6, partial: 1 } },
      { intent: 'advice', signed: 3, agreement: { discordant: 3 } },
    ]);
    expect(year.types).to.deep.equal([
      { key: 'grade', count: 4 },
      { key: 'entity', count: 3 },
    ]);
    expect(year.major).to.deep.equal({ count: 3, of: 8 });
    expect(year.toAssess).to.equal(1);
  });

  it('put together what is too small to be shown', () => {
    const { byRegion, byEntity } = figuresOfYear(
      MONTHS,
      [],
      [
        ...times(5, signed),
        ...times(4, () => signed({ region: 'Corse', morphology: null })),
        signed({ region: 'Guyane', morphology: '9680/3' }),
      ],
    );
    expect(byRegion).to.deep.equal({ lines: [{ key: 'Bretagne', count: 5 }], others: 5 });
    expect(byEntity).to.deep.equal({ lines: [{ key: '9690/3', count: 5 }], others: 5 });
  });
});
