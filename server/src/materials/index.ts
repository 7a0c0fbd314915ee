export { listenToMaterialEvents } from './events.js';
export { presentMaterialRequest } from './present.js';
export { registerMaterialRoutes } from './routes.js';
export { answerMaterial, askMaterial, isOpenRequest, materialRequestsOfCase } from './service.js';
