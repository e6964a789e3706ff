/** A checkout that takes discount codes as Shopify's does: some work, some are taken and do nothing, the rest are refused. */
import {createCartLine, createResult, createStorage} from '@shopify/ui-extensions-tester/checkout';
import {vi} from 'vitest';

/**
 * @param {any} extension
 * @param {{works?: Record<string, number>, onLines?: Record<string, number>, idle?: string[], currency?: string, kept?: object, late?: number}} [options]
 *   `works`: codes with what they take off; `onLines`: the same from a line; `late`: milliseconds until it is counted
 */
export function checkout(extension, {works = {}, onLines = {}, idle = [], currency = 'USD', kept = {}, late = 0} = {}) {
  const {shopify} = extension;
  const money = (/** @type {number} */ amount) => ({amount, currencyCode: currency});
  shopify.localization.currency.value = {isoCode: currency};
  shopify.cost.subtotalAmount.value = money(60);
  shopify.lines.value = [createCartLine({quantity: 3, cost: {totalAmount: money(60)}})];
  shopify.storage = createStorage(kept);
  const later = (/** @type {() => void} */ count) => (late ? setTimeout(count, late) : count());
  const change = vi.fn(async ({type, code}) => {
    const without = (/** @type {any[]} */ all) => all.filter((each) => each.code !== code);
    if (type === 'removeDiscountCode') {
      shopify.discountCodes.value = without(shopify.discountCodes.value);
      shopify.discountAllocations.value = without(shopify.discountAllocations.value);
      return createResult('applyDiscountCodeChange');
    }
    if (!(code in works || code in onLines || idle.includes(code))) {
      return createResult('applyDiscountCodeChange', {type: 'error', message: 'discount_code_not_valid'});
    }
    shopify.discountCodes.value = [...without(shopify.discountCodes.value), {code}];
    const taken = {type: 'code', code, discountedAmount: money(works[code] ?? onLines[code])};
    if (code in works) later(() => (shopify.discountAllocations.value = [...shopify.discountAllocations.value, taken]));
    if (code in onLines) later(() => (shopify.lines.value = shopify.lines.value.map((/** @type {any} */ line) => ({...line, discountAllocations: [taken]}))));
    return createResult('applyDiscountCodeChange');
  });
  shopify.applyDiscountCodeChange = change;
  return change;
}
