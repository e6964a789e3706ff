/** The app as the checkout reaches it: with the buyer's token, in the language that the block speaks. */
import {APP_URL} from '../../shared/address.js';
import {talkTo} from '../../shared/talk.js';

/** @returns {import('./redeeming.js').Talk} */
export function talkOfCheckout() {
  const {extensionLanguage, currency} = shopify.localization;
  return talkTo({
    base: `${APP_URL}/shopper/v1`,
    token: () => shopify.sessionToken.get(),
    query: {locale: extensionLanguage.value.isoCode, currency: currency.value.isoCode},
  });
}
