// The sale as the app judges it, and a code on it.
import {wait} from '../../shared/polling.js';

const DECIMALS = /^\d{1,15}(\.\d{1,6})?$/;
const PLACES = 6;
/** When the till is looked at after a code was put on it, in milliseconds: it may take a moment to show what came of it. */
const LOOKS = [0, 250, 500, 1000];

/** @param {any} cart @param {string} currency @returns {import('../../shared/api').CartIn} */
export function cartIn(cart, currency) {
  return {
    currency,
    lines: cart.lineItems.map((/** @type {any} */ line) => ({
      product_id: line.productId ?? null,
      variant_id: line.variantId ?? null,
      quantity: line.quantity,
      price: Math.max(0, line.price ?? 0).toFixed(PLACES),
      gift_card: line.isGiftCard === true,
      subscription: Boolean(line.sellingPlan),
      vendor: line.vendor ?? '',
    })),
    subtotal: DECIMALS.test(cart.subtotal) ? cart.subtotal : null,
    codes: cart.cartDiscounts.map((/** @type {any} */ one) => one.type === 'Code' && one.discountDescription).filter(Boolean),
  };
}

/** What the till takes off: compared before and after a code. @param {any} cart */
const discountsOf = ({cartDiscounts, grandTotal}) => JSON.stringify([cartDiscounts, grandTotal]);

/** @param {any} cart @param {string} code */
export const hasCode = (cart, code) =>
  cart.cartDiscounts.some((/** @type {any} */ one) => one.discountDescription?.toLowerCase() === code.toLowerCase());

/**
 * Put a code on the sale. Whether it counts is seen by what the till takes off then, for the call answers nothing.
 * @param {string} code
 * @returns {Promise<boolean>} whether the till took it
 */
export async function putCode(code) {
  const before = discountsOf(shopify.cart.current.value);
  try {
    await shopify.cart.addCartCodeDiscount(code);
  } catch {
    return false;
  }
  for (const pause of LOOKS) {
    await wait(pause);
    const cart = shopify.cart.current.value;
    if (hasCode(cart, code) || discountsOf(cart) !== before) return true;
  }
  return false;
}
