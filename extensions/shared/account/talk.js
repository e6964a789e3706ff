// Whom the page talks to: the app, or in the merchant's editor a sample, for a preview has no customer.
import {APP_URL} from '../address.js';
import {talkTo} from '../talk.js';
import {sampleTalk} from './sample.js';

export function talkOfPage() {
  if (shopify.extension.editor) return sampleTalk();
  return talkTo({
    base: `${APP_URL}/shopper/v1`,
    token: () => shopify.sessionToken.get(),
    query: {locale: shopify.localization.extensionLanguage.value.isoCode},
  });
}
