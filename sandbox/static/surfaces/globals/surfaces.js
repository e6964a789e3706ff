// What the `shopify` global of each surface has beyond what all have: names of signals, calls, and ways to get about.
import { account, orderStatus } from './account.js';
import { checkout, thankYou } from './checkout.js';
import { adminAction, adminBlock } from './admin.js';
import { till } from './till.js';

const BY_TARGET = [
  [/^purchase\.checkout\./, checkout],
  [/^purchase\.thank-you\./, thankYou],
  [/^customer-account\.order-status\./, orderStatus],
  [/^customer-account\./, account],
  [/^pos\./, till],
  [/^admin\..*\.action\./, adminAction],
  [/^admin\./, adminBlock],
];

export function surfaceOf(target) {
  const found = BY_TARGET.find(([pattern]) => pattern.test(target));
  if (!found) throw new Error(`no surface hosts ${target}`);
  return found[1];
}
