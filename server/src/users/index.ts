export {
  calendarOfPerson,
  countUsers,
  createOrganisation,
  createUser,
  type DemoAccount,
  getOrganisation,
  getPerson,
  getUser,
  hasStrangers,
  listAdministrators,
  listCoordinators,
  listDemoAccounts,
  listOrganisations,
  listReadersOf,
  listReviewers,
  listSenders,
  type NewUser,
  type ReviewerFacts,
} from './accounts.js';
export { type OrganisationRecord, slideRulesOf, type UserRecord } from './model.js';
export { displayName } from './present.js';
export { registerUserRoutes } from './routes.js';
export {
  configureSessions,
  currentPrincipal,
  onRightsChange,
  onSessionEnd,
  principalFromAuthorization,
  principalFromSlideCookie,
  principalFromToken,
  principalOfPerson,
  verifyPassword,
} from './sessions.js';
