// Customer accounts: the pages of somebody signed in, and the order status page, which a link in a mail opens too.
import { CART, LOCALIZATION, calls, navigation, sessionToken, storage } from './shared.js';

function shared({ shopify, wire, told }) {
  navigation(wire, told.url || 'extension:/');
  return Object.assign(shopify, {
    sessionToken: sessionToken(wire),
    storage: storage(wire, told),
    toast: { show: async (text) => { await wire.ask('toast', text); return { hide: () => wire.ask('untoast') }; } },
    intents: { invoke: async () => ({ complete: Promise.resolve({ code: 'closed' }) }) },
    query: async () => ({ errors: [{ message: 'The sandbox has no Storefront API' }] }),
    ...calls(wire, ['applyTrackingConsentChange']),
    close: () => wire.ask('close'),
    version: '2026-07',
  });
}

export const account = {
  needsNetworkAccess: true,
  signals: [...LOCALIZATION, 'authenticatedAccount.customer', 'authenticatedAccount.purchasingCompany', 'customerPrivacy'],
  more: shared,
};

export const orderStatus = {
  needsNetworkAccess: true,
  signals: [...account.signals, ...CART, 'order', 'authenticationState'],
  more(frame) { return Object.assign(shared(frame), calls(frame.wire, ['requireLogin'])); },
};
