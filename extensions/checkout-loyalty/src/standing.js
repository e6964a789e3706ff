/** Whether a discount code really takes something off: a code that the cart can't use may be taken and do nothing. */
import {wait} from '../../shared/polling.js';

/** How long checkout may take to work a code in: milliseconds, and how often it is looked at. */
const MOST_TIME = 3000;
const EVERY = 100;

/** @param {string} one @param {string} other */
const same = (one, other) => one.toLowerCase() === other.toLowerCase();

/** Whether the code is in the checkout's list. @param {string} code */
export const isEntered = (code) => shopify.discountCodes.value.some((each) => same(each.code, code));

/**
 * Whether it takes something off: from the whole, from a line, or from shipping.
 * @param {string} code
 * @param {string} kind of its reward, empty where nobody knows it
 */
export function stands(code, kind) {
  if (!isEntered(code)) return false;
  if (kind === 'free_shipping') return shippingStands(true);
  const lines = shopify.lines.value.flatMap(({discountAllocations}) => discountAllocations);
  const taken = [...shopify.discountAllocations.value, ...lines].some((each) =>
    each.type === 'code' && same(each.code, code) && each.discountedAmount.amount > 0);
  return taken || (!kind && shippingStands(false));
}

/**
 * Whether shipping costs less by a discount. Checkout lists none for it, and knows of none before the buyer has chosen
 * how to ship: then we take the code's word, or not.
 * @param {boolean} unknown
 */
function shippingStands(unknown) {
  const chosen = shopify.deliveryGroups.value.flatMap(({deliveryOptions, selectedDeliveryOption}) =>
    deliveryOptions.filter(({handle}) => handle === selectedDeliveryOption?.handle));
  if (!chosen.length) return unknown;
  return chosen.some((option) => 'cost' in option && option.costAfterDiscounts.amount < option.cost.amount);
}

/**
 * The same, once checkout has had the time to count anew.
 * @param {string} code
 * @param {string} kind
 * @param {AbortSignal} signal
 */
export async function comesToStand(code, kind, signal) {
  for (let waited = 0; waited < MOST_TIME && !stands(code, kind); waited += EVERY) await wait(EVERY, signal);
  return stands(code, kind);
}
