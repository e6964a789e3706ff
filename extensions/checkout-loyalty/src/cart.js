/** The checkout's cart as the app wants to hear of it. */

const MOST_LINES = 500;
const MOST_LETTERS = 255;

/** The number at the end of `gid://shopify/Product/7`. @param {string | undefined} gid */
export function numberOf(gid) {
  const found = /(\d+)(?:\?.*)?$/.exec(gid || '');
  return found ? Number(found[1]) : null;
}

/** @param {number} amount @returns {string} with at most six decimals, none of them needless */
export const decimals = (amount) => Math.max(amount, 0).toFixed(6).replace(/\.?0+$/, '');

/**
 * @param {Pick<import('@shopify/ui-extensions/purchase.checkout.block.render').Api, 'lines' | 'cost' | 'discountCodes'>} checkout
 * @returns {import('../../shared/api').CartIn}
 */
export function cartOf({lines, cost, discountCodes}) {
  const {amount, currencyCode} = cost.subtotalAmount.value;
  return {
    currency: currencyCode,
    subtotal: decimals(amount),
    codes: discountCodes.value.map(({code}) => code),
    lines: lines.value.filter(({quantity}) => quantity > 0).slice(0, MOST_LINES).map(({merchandise, quantity, cost: {totalAmount}}) => ({
      product_id: numberOf(merchandise.product.id),
      variant_id: numberOf(merchandise.id),
      quantity,
      price: decimals(totalAmount.amount / quantity),
      vendor: merchandise.product.vendor.slice(0, MOST_LETTERS),
      subscription: Boolean(merchandise.sellingPlan),
    })),
  };
}
