/** The app as the checkout reaches it: with the buyer's token, in their language. */
import {APP_URL} from '../../shared/address.js';
import {ask} from '../../shared/ask.js';

/**
 * @template [Answer=any]
 * @param {string} path
 * @param {{body?: unknown, query?: Record<string, string | undefined>, signal?: AbortSignal}} [options]
 * @returns {Promise<Answer>}
 */
export function askApp(path, {query, ...options} = {}) {
  const {language, currency} = shopify.localization;
  return ask(APP_URL, `/shopper/v1${path}`, {
    ...options,
    token: () => shopify.sessionToken.get(),
    query: {locale: language.value.isoCode, currency: currency.value.isoCode, ...query},
  });
}
