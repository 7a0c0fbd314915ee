export { type Config, ConfigError, readConfig, type S3Settings } from './config.js';
