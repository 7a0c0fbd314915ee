export type StoreErrorCode =
  | 'STORE_LOCKED'
  | 'STORE_UNWRITABLE'
  | 'STORE_UNSUPPORTED'
  | 'STORE_DAMAGED'
  | 'STORE_MISSING'
  | 'STORE_SEALED'
  | 'STORE_PLAIN'
  | 'STORE_KEY_WRONG';

/** Why a store did not start; the code is stable, the message is for a person. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}
