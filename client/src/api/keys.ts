/** Every query key of the page, in one place, so that a change told by the socket finds what it makes stale. */
export const keys = {
  cases: {
    all: ['cases'] as const,
    list: (filters: object) => ['cases', 'list', filters] as const,
    search: (text: string) => ['cases', 'search', text] as const,
    one: (caseId: string) => ['case', caseId] as const,
    slides: (caseId: string) => ['case', caseId, 'slides'] as const,
    messages: (caseId: string) => ['case', caseId, 'messages'] as const,
  },
  slides: {
    one: (slideId: string) => ['slide', slideId] as const,
    focus: (slideId: string) => ['slide', slideId, 'focus'] as const,
    label: (slideId: string) => ['slide', slideId, 'label'] as const,
    annotations: (slideId: string, reviewId?: string) =>
      reviewId ? (['annotations', slideId, reviewId] as const) : (['annotations', slideId] as const),
    history: (slideId: string, annotationId: string) =>
      ['annotations', slideId, 'history', annotationId] as const,
  },
  arrivals: {
    tray: ['arrivals'] as const,
    ofCase: (caseId: string | null) => ['case', caseId, 'arrivals'] as const,
    settings: (organisationId: string) => ['arrivals', 'settings', organisationId] as const,
    tokens: (organisationId: string) => ['arrivals', 'tokens', organisationId] as const,
  },
  reviews: {
    all: ['reviews'] as const,
    list: (filters: object) => ['reviews', 'list', filters] as const,
    one: (reviewId: string) => ['review', reviewId] as const,
    candidates: (reviewId: string) => ['review', reviewId, 'candidates'] as const,
    reportDraft: (reviewId: string) => ['report-draft', reviewId] as const,
  },
  reports: { one: (reportId: string) => ['report', reportId] as const },
  bulk: (asked: object | null) => ['bulk', asked] as const,
  board: (networkId: string | null) => ['board', networkId] as const,
  boardGroups: (networkId: string | null, by: string, months: string) =>
    ['board', networkId, 'groups', by, months] as const,
  boardColumns: (networkId: string) => ['board-columns', networkId] as const,
  boards: ['board'] as const,
  duplicatePairs: (state: string) => ['duplicate-pairs', state] as const,
  allDuplicatePairs: ['duplicate-pairs'] as const,
  dispatch: ['dispatch'] as const,
  networks: ['networks'] as const,
  availability: ['availability'] as const,
  experts: (networkId: string) => ['experts', networkId] as const,
  icdo3: {
    search: (kind: string, text: string, language: string) => ['icdo3', kind, text, language] as const,
    one: (code: string, language: string) => ['icdo3', 'one', code, language] as const,
  },
  rules: {
    all: ['rules'] as const,
    draft: (draftId: string) => ['rules', draftId] as const,
    moves: (draftId: string) => ['rules', draftId, 'moves'] as const,
  },
  routingPreview: (input: object) => ['routing-preview', input] as const,
  duplicates: (input: object) => ['duplicates', input] as const,
  notifications: ['notifications'] as const,
  admin: {
    users: ['admin', 'users'] as const,
    organisations: ['admin', 'organisations'] as const,
    formats: ['admin', 'formats'] as const,
    slideStorage: ['admin', 'slide-storage'] as const,
    audit: ['admin', 'audit'] as const,
    storage: ['admin', 'storage'] as const,
    slideUsage: ['admin', 'slide-usage'] as const,
  },
  slideFormats: ['slide-formats'] as const,
  health: ['health'] as const,
};
