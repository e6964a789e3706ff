// What several surfaces have in common.

/** `read/write/delete`, or `get/set/delete/entries/clear` on the till: kept by the page around the frame. */
export const storage = (wire, told) => {
  const key = (name) => `${told.handle}:${name}`;
  const read = async (name) => { const text = await wire.ask('stored', key(name)); return text === null ? null : JSON.parse(text); };
  const write = (name, value) => wire.ask('store', key(name), JSON.stringify(value));
  const forget = (name) => wire.ask('store', key(name), null);
  return { read, write, delete: forget, get: async (name) => (await read(name)) ?? undefined, set: write };
};

export const sessionToken = (wire) => ({ get: () => wire.ask('token') });

/** Calls that only the page around can answer. */
export const calls = (wire, names) => Object.fromEntries(names.map((name) => [name, (...given) => wire.ask(name, ...given)]));

export const LOCALIZATION = ['currency', 'timezone', 'language', 'extensionLanguage', 'country', 'market'].map((name) => `localization.${name}`);
export const CART = [
  'lines', 'cost.subtotalAmount', 'cost.totalShippingAmount', 'cost.totalTaxAmount', 'cost.totalAmount', 'discountCodes',
  'discountAllocations', 'appliedGiftCards', 'appMetafields', 'attributes', 'note', 'checkoutToken', 'checkoutSettings',
  'customerPrivacy', 'buyerIdentity.customer', 'buyerIdentity.email', 'buyerIdentity.phone', 'buyerIdentity.purchasingCompany',
];

/** The `navigation` global of accounts and the till; the page around says where it went. */
export function navigation(wire, url) {
  const heard = new Set();
  let count = 0;
  const entry = (address, state) => ({ url: address, key: String(count), getState: () => state });
  const own = {
    currentEntry: entry(url, undefined),
    went(address, state) {
      const from = own.currentEntry;
      count += 1;
      own.currentEntry = entry(address, state);
      for (const hear of [...heard]) hear({ from });
    },
    async navigate(address, { state, target } = {}) {
      const answer = await wire.ask('navigate', address, { target });
      if (answer?.within !== undefined) own.went(answer.within, state);
    },
    back() { wire.ask('back'); },
    updateCurrentEntry({ state }) { own.currentEntry = entry(own.currentEntry.url, state); },
    addEventListener(kind, hear) { if (kind === 'currententrychange') heard.add(hear); },
    removeEventListener(kind, hear) { heard.delete(hear); },
  };
  Object.defineProperty(window, 'navigation', { value: own, configurable: true });
  return own;
}
