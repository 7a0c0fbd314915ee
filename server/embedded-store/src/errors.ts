/** An error a client sees: MongoDB's own code and name, so drivers and mongoose treat it as they would the real one. */
export class CommandError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly details: Record<string, unknown>;

  constructor(code: number, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.codeName = codeNames[code] ?? `Location${code}`;
    this.details = details;
  }
}

/** The codes the store answers with (MongoDB's error_codes.yml). */
export const codes = {
  internal: 1,
  badValue: 2,
  failedToParse: 9,
  unauthorized: 13,
  typeMismatch: 14,
  overflow: 15,
  illegalOperation: 20,
  invalidBson: 22,
  namespaceNotFound: 26,
  indexNotFound: 27,
  pathNotViable: 28,
  cursorNotFound: 43,
  namespaceExists: 48,
  dollarPrefixedFieldName: 52,
  invalidIdField: 53,
  commandNotFound: 59,
  immutableField: 66,
  cannotCreateIndex: 67,
  invalidOptions: 72,
  invalidNamespace: 73,
  indexOptionsConflict: 85,
  indexKeySpecsConflict: 86,
  noMatchingParseState: 9,
  conflictingUpdateOperators: 40,
  cursorInUse: 12051,
  commandNotSupported: 115,
  queryFeatureNotAllowed: 224,
  operationNotSupportedInTransaction: 263,
  memoryLimit: 292,
  bsonObjectTooLarge: 10334,
  duplicateKey: 11000,
  noQueryExecutionPlans: 291,
  unknownStage: 40324,
  unknownField: 40415,
} as const;

const codeNames: Record<number, string> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  51: 'ProtocolError',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  55: 'InvalidDBRef',
  56: 'EmptyFieldName',
  57: 'DottedFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  91: 'ShutdownInProgress',
  115: 'CommandNotSupported',
  171: 'CannotIndexParallelArrays',
  197: 'InvalidIndexSpecificationOption',
  224: 'QueryFeatureNotAllowed',
  241: 'ConversionFailure',
  263: 'OperationNotSupportedInTransaction',
  291: 'NoQueryExecutionPlans',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  322: 'APIVersionError',
  323: 'APIStrictError',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
};

export function badValue(message: string): CommandError {
  return new CommandError(codes.badValue, message);
}

export function failedToParse(message: string): CommandError {
  return new CommandError(codes.failedToParse, message);
}

export function typeMismatch(message: string): CommandError {
  return new CommandError(codes.typeMismatch, message);
}

/** A value that cannot be converted, which `onError` answers for; what is not built here is still refused. */
export function isConversionFailure(error: unknown): boolean {
  return error instanceof CommandError && error.code !== codes.commandNotSupported;
}

/** A feature of MongoDB this store does not have: said aloud, never ignored. */
export function notBuilt(what: string): CommandError {
  return new CommandError(codes.commandNotSupported, `The embedded store does not support ${what}`);
}
