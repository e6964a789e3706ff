/** The shop's cart: reading it, and having a code in it beside those of others. */

/** Says to the page what the app has said of the cart. */
export const JUDGED = 'suki:judged';

const root = () => window.Shopify?.routes?.root ?? '/';

/** @param {number} hundredths */
export const decimal = (hundredths) => (Math.max(0, hundredths) / 100).toFixed(4).replace(/\.?0+$/, '');

/**
 * @param {string} path
 * @param {object} [body]
 */
async function shop(path, body) {
  const answer = await fetch(root() + path, {
    headers: {Accept: 'application/json', ...(body && {'Content-Type': 'application/json'})},
    ...(body && {method: 'POST', body: JSON.stringify(body)}),
  });
  if (!answer.ok) throw new Error(`${path} ${answer.status}`);
  return answer.json();
}

/** The cart as the app wants to know it; nothing where it is empty or cannot be read. */
export async function readCart() {
  try {
    const cart = await shop('cart.js');
    if (!cart.item_count) return null;
    return {
      currency: cart.currency,
      lines: cart.items.slice(0, 500).map((/** @type {any} */ item) => ({
        product_id: item.product_id, variant_id: item.variant_id, quantity: item.quantity,
        price: decimal(item.final_price), gift_card: !!item.gift_card, subscription: !!item.selling_plan_allocation,
        ...(item.vendor && {vendor: item.vendor}),
      })),
      subtotal: decimal(cart.total_price),
      codes: codesOf(cart).filter((one) => one.applicable).map((one) => one.code),
    };
  } catch {
    return null;
  }
}

/**
 * @param {any} cart
 * @returns {{code: string, applicable: boolean}[]}
 */
const codesOf = (cart) => cart?.discountCodes ?? cart?.discount_codes ?? [];

/** @param {string} one @param {string} other */
const same = (one, other) => one.toLowerCase() === other.toLowerCase();

/**
 * Every code that is to be in the cart, for Shopify replaces them all. Answers what the cart says of them.
 *
 * @param {string[]} codes
 */
async function have(codes) {
  const {actions} = window.Shopify ?? {};
  if (actions?.updateCart) return codesOf((await actions.updateCart({discountCodes: codes})).cart);
  return codesOf(await shop('cart/update.js', {discount: codes.join(',')}));
}

async function now() {
  const {actions} = window.Shopify ?? {};
  return codesOf(actions?.getCart ? (await actions.getCart()).cart : await shop('cart.js')).map((one) => one.code);
}

/**
 * Puts a code into the cart beside those that are there. Says whether the cart takes it; what it does not take is
 * taken out again, so that what was there stands as it stood.
 *
 * @param {string} code
 * @returns {Promise<boolean>}
 */
export async function applyCode(code) {
  const before = (await now()).filter((one) => !same(one, code));
  const after = await have([...before, code]);
  const mine = after.find((one) => same(one.code, code));
  if (mine?.applicable) return true;
  if (mine) await have(before);
  return false;
}

/** @param {string} code */
export async function removeCode(code) {
  const before = await now();
  if (before.some((one) => same(one, code))) await have(before.filter((one) => !same(one, code)));
}

/** Where a code is used without a script. @param {string} code @param {string} [then] */
export const codeLink = (code, then = `${root()}cart`) =>
  `${root()}discount/${encodeURIComponent(code)}?redirect=${encodeURIComponent(then)}`;
