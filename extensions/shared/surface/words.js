// A surface's words: from its catalogue, and a failure in the words of the app where it has said why.
import {Refusal} from '../ask.js';
import {isUnanswered} from '../talk.js';

/** @param {string} key @param {Record<string, string | number>} [values] */
export const t = (key, values) => String(shopify.i18n.translate(key, values));

/** Why it failed, for the reader. @param {unknown} error */
export function failure(error) {
  if (error instanceof Refusal && error.text && !isUnanswered(error)) return error.text;
  return t(error instanceof Refusal && error.status ? 'surface.failed.app' : 'surface.failed.connection');
}
