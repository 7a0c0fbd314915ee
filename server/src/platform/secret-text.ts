import { Document, type Query, type Schema } from 'mongoose';
import { createFieldCipher, type FieldCipher } from './field-cipher.js';

/** What people type may name a patient: each such text is encrypted on its own, on its way into the store. */

let cipher: FieldCipher | null = null;

/** Called with the store's settings when the store is opened: no text goes in or comes out before. */
export function configureSecretTexts(config: Parameters<typeof createFieldCipher>[0]): void {
  cipher = createFieldCipher(config);
}

const keys = (): FieldCipher => {
  if (!cipher) throw new Error('secret texts are not configured');
  return cipher;
};

/** `keyId.iv.tag.ciphertext` with the lengths of `field-cipher.ts`. */
const ENCRYPTED = /^[^.]+\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/;

const conceal = (text: string, purpose: string): string => keys().encrypt(text, purpose);
/** A text written in clear behind the product's back is shown as it is: a report's seal tells that it was altered. */
const reveal = (text: string, purpose: string): string =>
  ENCRYPTED.test(text) ? keys().decrypt(text, purpose) : text;

/** `true` is a secret text; `*` stands for every element of a list. */
type Places = true | { readonly [name: string]: Places };
type Change = (text: string, purpose: string) => string;

function placesOf(paths: readonly string[]): Places {
  if (paths.includes('')) return true;
  const names = new Set(paths.map((path) => path.split('.')[0] ?? ''));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      placesOf(
        paths.filter((path) => `${path}.`.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1)),
      ),
    ]),
  );
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A copy in which each secret text is changed; everything else is shared with the value. */
function convert(value: unknown, places: Places | undefined, path: string, change: Change): unknown {
  if (places === undefined) return value;
  if (places === true) return typeof value === 'string' && value !== '' ? change(value, path) : value;
  if (Array.isArray(value)) return value.map((item) => convert(item, places['*'], `${path}.*`, change));
  if (!isPlain(value)) return value;
  const copy = { ...value };
  for (const [name, inner] of Object.entries(places)) {
    if (name in copy) copy[name] = convert(copy[name], inner, `${path}.${name}`, change);
  }
  return copy;
}

/** Where an update's key leads: `shipments.$[s].note` is `shipments.*.note`. */
function follow(key: string, places: Places): { places: Places | undefined; path: string } {
  const steps = key.split('.').map((step) => (/^(\d+|\$.*)$/.test(step) ? '*' : step));
  let here: Places | undefined = places;
  for (const step of steps) here = typeof here === 'object' ? here[step] : here;
  return { places: here, path: steps.join('.') };
}

function concealUpdate(
  update: Record<string, unknown>,
  all: Places,
  record: string,
): Record<string, unknown> {
  const field = (key: string, value: unknown, added: boolean): unknown => {
    const { places, path } = follow(key, all);
    const purpose = `${record}.${path}`;
    if (!added) return convert(value, places, purpose, conceal);
    if (isPlain(value) && Array.isArray(value.$each))
      return { ...value, $each: convert(value.$each, places, purpose, conceal) };
    return (convert([value], places, purpose, conceal) as unknown[])[0];
  };
  const fields = (values: object, added: boolean) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, field(key, value, added)]));
  return Object.fromEntries(
    Object.entries(update).map(([name, value]) => {
      if (!name.startsWith('$')) return [name, field(name, value, false)];
      if (name === '$set' || name === '$setOnInsert') return [name, fields(value as object, false)];
      if (name === '$push' || name === '$addToSet') return [name, fields(value as object, true)];
      return [name, value];
    }),
  );
}

/**
 * Keeps the texts at `paths` (`reason`, `items.*.detail`) encrypted in the store and plain in memory, for every write and
 * every lean read of the model. They cannot be searched, sorted or grouped by.
 */
export function keepSecret<T>(schema: Schema<T>, record: string, paths: readonly string[]): void {
  const places = placesOf(paths);

  schema.pre('save', function () {
    for (const name of Object.keys(places)) {
      const value: unknown = this.get(name, null, { getters: false });
      const plain = Array.isArray(value) ? Array.from(value, asPlain) : value;
      this.set(name, (convert({ [name]: plain }, places, record, conceal) as Record<string, unknown>)[name]);
    }
  });
  schema.pre(['updateOne', 'updateMany', 'findOneAndUpdate'], function (this: Query<unknown, unknown>) {
    const update = this.getUpdate();
    if (Array.isArray(update)) throw new Error(`${record}: an update by pipeline would pass texts by`);
    if (update) this.setUpdate(concealUpdate(update as Record<string, unknown>, places, record));
  });
  schema.pre(['insertMany', 'bulkWrite', 'replaceOne', 'findOneAndReplace'] as never, () => {
    throw new Error(`${record}: this kind of write does not encrypt texts`);
  });

  const open = (found: unknown): void => {
    if (found instanceof Document) throw new Error(`${record}: read it lean`);
    if (isPlain(found)) Object.assign(found, convert(found, places, record, reveal));
  };
  schema.post('find', (found: unknown[]) => {
    for (const each of found) open(each);
  });
  schema.post(['findOne', 'findOneAndUpdate', 'findOneAndDelete'] as never, (found: unknown) => open(found));
}

const asPlain = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'toObject' in value && typeof value.toObject === 'function'
    ? value.toObject()
    : value;
