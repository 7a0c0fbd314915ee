/**
 * What to do about a store whose key is not the one given; null: something else is the matter. Told by the code alone,
 * so that whoever only needs the sentence does not load the store.
 */
export function sealSentence(error: unknown): string | null {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'STORE_SEALED':
      return 'Le magasin est scellé : donnez sa clé (STORE_KEYS). / The store is sealed: give its key (STORE_KEYS). [STORE_SEALED]';
    case 'STORE_KEY_WRONG':
      return `La clé donnée (STORE_KEYS) n’est pas celle du magasin ; rien n’est changé. / The key given (STORE_KEYS) is not that of the store; nothing is changed. ${message} [STORE_KEY_WRONG]`;
    case 'STORE_PLAIN':
      return 'Une clé est donnée (STORE_KEYS), mais le magasin n’est pas scellé : scellez-le par « relecture store seal », ou démarrez sans clé. / A key is given (STORE_KEYS), but the store is not sealed: seal it with `relecture store seal`, or start without a key. [STORE_PLAIN]';
    default:
      return null;
  }
}
