export { registerAnnotationRoutes } from './routes.js';
export { annotationVersionsOfReview, saveAnnotation } from './service.js';
