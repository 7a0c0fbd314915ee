export { caseNumbersOf } from './case-numbers.js';
export { composeCasePage } from './compose-case.js';
export { listenToOverviewEvents } from './events.js';
export { caseIdOf, rebuildProjections, refreshProjection } from './projection.js';
export { registerOverviewRoutes } from './routes.js';
