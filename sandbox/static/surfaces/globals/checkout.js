// Checkout and thank-you.
import { CART, LOCALIZATION, calls, sessionToken, storage } from './shared.js';

const BOTH = [...CART, ...LOCALIZATION, 'deliveryGroups', 'selectedPaymentOptions', 'availablePaymentOptions'];
const APPLY = [
  'applyDiscountCodeChange', 'applyGiftCardChange', 'applyMetafieldChange', 'applyNoteChange', 'applyCartLinesChange',
  'applyAttributeChange', 'applyShippingAddressChange',
];

function shared({ shopify, wire, told }) {
  return Object.assign(shopify, {
    sessionToken: sessionToken(wire),
    storage: storage(wire, told),
    analytics: { publish: async () => true, visitor: async () => ({ type: 'success' }) },
    query: async () => ({ errors: [{ message: 'The sandbox has no Storefront API' }] }),
    applyTrackingConsentChange: async () => ({ type: 'success' }),
    version: '2026-07',
  });
}

export const checkout = {
  needsNetworkAccess: true,
  signals: [...BOTH, 'instructions', 'buyerJourney.completed', 'buyerJourney.steps', 'buyerJourney.activeStep'],
  more(frame) {
    const shopify = Object.assign(shared(frame), calls(frame.wire, APPLY));
    shopify.buyerJourney.intercept = async () => () => {};
    return shopify;
  },
};

export const thankYou = { needsNetworkAccess: true, signals: [...BOTH, 'orderConfirmation'], more: shared };
