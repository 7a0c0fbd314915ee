export { type Config, ConfigError, readConfig, readFolders } from './config.js';
