/** The app as the checkout reaches it: with the buyer's token, in the language that the block speaks. */
import {APP_URL} from '../../shared/address.js';
import {ask} from '../../shared/ask.js';

/** @type {import('../../shared/connection.js').Ask} */
export function askApp(path, {query, ...options} = {}) {
  const {extensionLanguage, currency} = shopify.localization;
  return ask(APP_URL, `/shopper/v1${path}`, {
    ...options,
    token: () => shopify.sessionToken.get(),
    query: {locale: extensionLanguage.value.isoCode, currency: currency.value.isoCode, ...query},
  });
}
