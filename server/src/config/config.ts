import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';

/** A setting that is wrong or missing: one sentence for whoever starts the server, exit code 1. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const key = z.string().regex(/^[0-9a-f]{64}$/i, '64 hexadecimal characters (openssl rand -hex 32)');

const environment = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('.data'),
  UPLOADS_DIR: z.string().min(1).default('uploads'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'mongodb://… or mongodb+srv://…')
    .optional(),
  PUBLIC_URL: z.url().optional(),
  DEMO_PASSWORD: z.string().min(10, '10 characters or more').optional(),
  DEMO: z.enum(['on', 'off']).default('on'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Signs access tokens. Required in production. */
  TOKEN_SECRET: key.optional(),
  /** Encrypts patient identity; `id:hex` pairs, the first one encrypts, all decrypt. Required in production. */
  IDENTITY_KEYS: z.string().optional(),
  SLIDE_STORE: z.enum(['folder', 's3']).default('folder'),
  S3_BUCKET: z.string().min(1).optional(),
  /** Unset: Amazon's, by region. */
  S3_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  SLIDES_AT_REST: z.enum(['plain', 'sealed']).default('plain'),
  SLIDE_KEYS: z.string().optional(),
  /** Encrypts backups; `id:hex` pairs, the first one encrypts, all decrypt. Only `relecture backup` and `restore` need it. */
  BACKUP_KEYS: z.string().optional(),
  /** Seals the embedded store; `id:hex` pairs, the first one seals, the others still open. */
  STORE_KEYS: z.string().optional(),
  INTEGRITY_DAYS: z.coerce.number().int().min(1).max(365).default(30),
  /** Keyed hash for the exact search of identities. Required in production. */
  IDENTITY_HASH_KEY: key.optional(),
  /** Seed of the key that seals reports (ed25519). Required in production. */
  REPORT_SIGNING_SEED: key.optional(),
  /** Processes that send tiles; 0: the server's own does. */
  TILE_PROCESSES: z.coerce.number().int().min(0).max(64).default(Math.min(4, availableParallelism())),
  /** The antivirus daemon that is asked about every file that comes in. */
  CLAMD: z
    .string()
    .regex(/^(\/.+|(\[[0-9a-f:]+\]|[^\s:/]+):\d{1,5})$/i, '/run/clamav/clamd.ctl or host:port')
    .optional(),
  /** Scanners' folders of the organisations lie below it; unset: no folder is looked at. */
  WATCH_ROOT: z.string().min(1).optional(),
  /** A file in such a folder, or a series sent by DICOMweb, that has not changed for so long is whole. */
  ARRIVAL_QUIET_SECONDS: z.coerce.number().min(0.1).max(3600).default(30),
  SMTP_URL: z.url().optional(),
  MAIL_FROM: z.string().default('Relecture <ne-pas-repondre@relecture.invalid>'),
});

interface S3Settings {
  readonly bucket: string;
  readonly endpoint: string | null;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Config {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly uploadsDir: string;
  readonly mongodbUri: string | null;
  readonly publicUrl: string | null;
  readonly demo: boolean;
  readonly demoPassword: string;
  readonly logLevel: string;
  readonly tokenSecret: Buffer;
  readonly identityKeys: ReadonlyArray<{ readonly id: string; readonly key: Buffer }>;
  readonly identityHashKey: Buffer;
  readonly reportSigningSeed: Buffer;
  readonly tileProcesses: number;
  /** Where readable slides go; those that lie elsewhere are moved. */
  readonly slideStore: 'folder' | 's3';
  /** null: none is configured, and none can be read from. */
  readonly s3: S3Settings | null;
  /** How readable slides lie there; `sealed` needs a key. */
  readonly slidesAtRest: 'plain' | 'sealed';
  /** The first seals; the others still open what they sealed. */
  readonly slideKeys: ReadonlyArray<{ readonly id: string; readonly key: Buffer }>;
  /** Empty: no backup can be made or read. */
  readonly backupKeys: ReadonlyArray<{ readonly id: string; readonly key: Buffer }>;
  /** Empty: the embedded store is plain. The first seals; the others still open what they sealed. */
  readonly storeKeys: ReadonlyArray<{ readonly id: string; readonly key: Buffer }>;
  /** Each stored slide is read and compared once in so many days. */
  readonly integrityDays: number;
  /** Path of a unix socket, or host:port. */
  readonly clamd: string | null;
  readonly watchRoot: string | null;
  readonly arrivalQuietSeconds: number;
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
}

interface KeptSecrets {
  tokenSecret: string;
  identityKey: string;
  identityHashKey: string;
  reportSigningSeed: string;
  demoPassword: string;
}

/** Secrets of a machine without settings live beside its data, readable by its owner only. Never in production. */
function keepSecrets(dataDir: string): KeptSecrets {
  const file = resolve(dataDir, 'secrets.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as KeptSecrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made: KeptSecrets = {
    tokenSecret: randomBytes(32).toString('hex'),
    identityKey: randomBytes(32).toString('hex'),
    identityHashKey: randomBytes(32).toString('hex'),
    reportSigningSeed: randomBytes(32).toString('hex'),
    // Read aloud and typed by people: no look-alike characters.
    demoPassword: Array.from(randomBytes(12), (byte) => 'abcdefghjkmnpqrstuvwxyz23456789'[byte % 31]).join(
      '',
    ),
  };
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return made;
}

function parseKeys(name: string, text: string): Array<{ id: string; key: Buffer }> {
  const keys = text.split(',').map((pair) => {
    const match = /^([a-z0-9]{1,12}):([0-9a-f]{64})$/i.exec(pair.trim());
    if (!match?.[1] || !match[2])
      throw new ConfigError(
        `${name} : des paires id:64 chiffres hexadécimaux, séparées par des virgules, sont attendues. / ${name}: pairs id:64 hex digits, separated by commas, are expected.`,
      );
    return { id: match[1], key: Buffer.from(match[2], 'hex') };
  });
  return keys;
}

function readObjectStore(value: z.infer<typeof environment>): S3Settings | null {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = value;
  if (bucket && accessKeyId && secretAccessKey)
    return {
      bucket,
      accessKeyId,
      secretAccessKey,
      endpoint: value.S3_ENDPOINT ?? null,
      region: value.S3_REGION,
    };
  if (value.SLIDE_STORE === 's3' || bucket) {
    throw new ConfigError(
      'Le dépôt S3 demande S3_BUCKET, S3_ACCESS_KEY_ID et S3_SECRET_ACCESS_KEY. / The S3 store needs S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.',
    );
  }
  return null;
}

/** An empty variable means "not set", as docker compose and CI pass them. */
const presentIn = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));

function parse<T>(schema: z.ZodType<T>, present: NodeJS.ProcessEnv): T {
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(`${String(issue?.path[0] ?? 'Settings')}: ${issue?.message ?? 'invalid'}.`);
}

/** Where the data lie, without making or changing anything there. */
export function readFolders(env: NodeJS.ProcessEnv = process.env): { dataDir: string; uploadsDir: string } {
  const value = parse(environment.pick({ DATA_DIR: true, UPLOADS_DIR: true }), presentIn(env));
  return { dataDir: resolve(value.DATA_DIR), uploadsDir: resolve(value.UPLOADS_DIR) };
}

/**
 * Reads the environment once, checks it and freezes it. Creates DATA_DIR and UPLOADS_DIR.
 * @throws {ConfigError} with one clear sentence.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const present = presentIn(env);
  const value = parse(environment, present);
  const production = value.NODE_ENV === 'production';
  const { dataDir, uploadsDir } = readFolders(env);
  for (const [name, folder] of [
    ['DATA_DIR', dataDir],
    ['UPLOADS_DIR', uploadsDir],
  ] as const) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      accessSync(folder, constants.W_OK | constants.X_OK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new ConfigError(
        `Le dossier ${folder} (${name}) n’est pas accessible en écriture (${code}). / The folder ${folder} (${name}) is not writable (${code}).`,
      );
    }
  }
  if (
    production &&
    (!value.TOKEN_SECRET || !value.IDENTITY_KEYS || !value.IDENTITY_HASH_KEY || !value.REPORT_SIGNING_SEED)
  ) {
    throw new ConfigError(
      'En production, TOKEN_SECRET, IDENTITY_KEYS, IDENTITY_HASH_KEY et REPORT_SIGNING_SEED doivent être définis. / In production, TOKEN_SECRET, IDENTITY_KEYS, IDENTITY_HASH_KEY and REPORT_SIGNING_SEED must be set.',
    );
  }
  const slideKeys = value.SLIDE_KEYS ? parseKeys('SLIDE_KEYS', value.SLIDE_KEYS) : [];
  if (value.SLIDES_AT_REST === 'sealed' && slideKeys.length === 0) {
    throw new ConfigError(
      'SLIDES_AT_REST=sealed demande SLIDE_KEYS (`id:64 chiffres hexadécimaux`, la première scelle). / SLIDES_AT_REST=sealed needs SLIDE_KEYS (`id:64 hex digits`, the first one seals).',
    );
  }
  const kept = production ? null : keepSecrets(dataDir);
  return Object.freeze<Config>({
    production,
    port: value.PORT,
    host: value.HOST,
    dataDir,
    uploadsDir,
    mongodbUri: value.MONGODB_URI ?? null,
    publicUrl: value.PUBLIC_URL ?? null,
    demo: !production && value.DEMO === 'on',
    demoPassword: value.DEMO_PASSWORD ?? kept?.demoPassword ?? '',
    logLevel: value.LOG_LEVEL,
    tokenSecret: Buffer.from(value.TOKEN_SECRET ?? kept?.tokenSecret ?? '', 'hex'),
    identityKeys: value.IDENTITY_KEYS
      ? parseKeys('IDENTITY_KEYS', value.IDENTITY_KEYS)
      : [{ id: 'k1', key: Buffer.from(kept?.identityKey ?? '', 'hex') }],
    identityHashKey: Buffer.from(value.IDENTITY_HASH_KEY ?? kept?.identityHashKey ?? '', 'hex'),
    reportSigningSeed: Buffer.from(value.REPORT_SIGNING_SEED ?? kept?.reportSigningSeed ?? '', 'hex'),
    slideStore: value.SLIDE_STORE,
    s3: readObjectStore(value),
    slidesAtRest: value.SLIDES_AT_REST,
    slideKeys,
    backupKeys: value.BACKUP_KEYS ? parseKeys('BACKUP_KEYS', value.BACKUP_KEYS) : [],
    storeKeys: value.STORE_KEYS ? parseKeys('STORE_KEYS', value.STORE_KEYS) : [],
    integrityDays: value.INTEGRITY_DAYS,
    tileProcesses: value.TILE_PROCESSES,
    clamd: value.CLAMD ?? null,
    watchRoot: value.WATCH_ROOT ? resolve(value.WATCH_ROOT) : null,
    arrivalQuietSeconds: value.ARRIVAL_QUIET_SECONDS,
    smtpUrl: value.SMTP_URL ?? null,
    mailFrom: value.MAIL_FROM,
  });
}
