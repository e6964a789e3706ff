// The point of sale.
import { calls, navigation, storage } from './shared.js';

const CART = [
  'applyCartDiscount', 'addCartCodeDiscount', 'removeCartDiscount', 'removeAllDiscounts', 'clearCart', 'setCustomer',
  'removeCustomer', 'addLineItem', 'removeLineItem', 'addCartProperties', 'removeCartProperties',
];

export const till = {
  joinsPaths: true,
  signals: ['cart.current', 'connectivity.current', 'locale.current', 'session.staffMember', 'scanner.scannerData.current', 'scanner.sources.current'],
  more({ shopify, wire, told }) {
    navigation(wire, '/');
    Object.defineProperty(window, 'close', { value: () => { wire.ask('close'); }, configurable: true });
    Object.assign(shopify.cart, calls(wire, CART));
    Object.assign(shopify.session, shopify.till, { getSessionToken: async () => (await wire.ask('token')) ?? undefined });
    delete shopify.till;
    const kept = storage(wire, told);
    return Object.assign(shopify, {
      action: { presentModal: () => { wire.ask('presentModal'); } },
      toast: { show: (text) => { wire.ask('toast', text); } },
      storage: { ...kept, entries: async () => [], clear: async () => {} },
      scanner: Object.assign(shopify.scanner, { showCameraScanner: () => { wire.ask('showCameraScanner'); }, hideCameraScanner() {} }),
      device: { name: 'Sandbox till', getDeviceId: async () => '1', isTablet: async () => true },
      productSearch: { searchProducts: async () => ({ items: [], hasNextPage: false }) },
      print: { print: async () => {} },
    });
  },
};
