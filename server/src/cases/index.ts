export { attachBytes, configureAttachments, presentAttachment } from './attachments.js';
export { ageOn, configureIdentity } from './identity.js';
export { allCaseIds, countCasesToDispatch, listCases, recentlyChangedCases } from './lists.js';
export { countMessages, postMessage } from './messages.js';
export type { CaseRecord, ProgressProjection } from './model.js';
export {
  isReader,
  isSender,
  mayAddMaterial,
  mayCorrectPatient,
  mayEdit,
  mayPostMessage,
  mayReceiveShipment,
  maySeeCase,
  maySeeIdentity,
  maySubmit,
  mayWithdraw,
} from './policy.js';
export { type CaseRouteNeeds, registerCaseRoutes } from './routes.js';
export {
  checklistOf,
  correctPatient,
  createCase,
  declareSlide,
  dropSlide,
  getCase,
  identityOf,
  letNetworkIn,
  letReaderIn,
  partialIdentityOf,
  replaceReaders,
  searchCases,
  seeCase,
  seeCaseFor,
  setProjection,
  submitCase,
  updateCase,
  withdrawCase,
} from './service.js';
export { declareShipment, presentShipment, updateShipment } from './shipments.js';
