export type { DecisionRecord } from './decision-model.js';
export { listenToRoutingEvents } from './events.js';
export { explainDecision, explainReason } from './explain.js';
export { describeIcdo3 } from './icdo3.js';
export { loadSeedRuleSet } from './load-rule-set.js';
export { registerRoutingRoutes } from './routes.js';
export { seedRuleSet } from './rule-sets.js';
export { dispatchCase, latestDecision } from './service.js';
