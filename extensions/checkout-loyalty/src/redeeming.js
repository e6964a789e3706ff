/**
 * From a click to a discount that stands, or to the points being given back: the points are set aside, the code is made,
 * entered, and looked for among the discounts. What is under way is kept with the checkout, so that a reload goes on.
 */
import {agreedTo} from '../../shared/agreed.js';
import {REDEEMING, poll} from '../../shared/polling.js';
import {comesToStand, isEntered} from './standing.js';

/**
 * @typedef {import('../../shared/api').Held} Held
 * @typedef {import('../../shared/talk.js').TalkWithKeys} Talk
 * @typedef {Omit<import('../../shared/api').RedeemIn, 'key'> & {key?: string, kind: string, title: string, held?: number, checkout?: string, at: number}} Pending
 *   `key` makes asking again the same act; `checkout`: where the click was
 * @typedef {'applied' | 'preparing' | 'failed' | 'refused' | 'returned' | 'unreachable'} Came
 * @typedef {{came: Came, title: string, heading?: string, held?: Held, text?: string, pending?: Pending, returned?: boolean}} Outcome
 *   `refused`: the cart can't use the code; then `returned`: its points were given back at once
 */

const KEPT = 'redeeming';
const ENTERED = 'entered';
/** How long after the click a reload still goes on by itself, in milliseconds. Later it takes another click. */
const FRESH = 120_000;

/** What a storage that fails forgets is only this: `held` tells of every reservation, too. */
const forgiving = () => undefined;

/** Which checkout this is: what is kept may outlive the one that it was about. */
const here = () => shopify.checkoutToken.value ?? '';

/** What was under way in this checkout when the page was left, if the click is not long ago. @returns {Promise<Pending | null>} */
export async function leftOver() {
  const pending = await /** @type {Promise<Pending | null | undefined>} */ (shopify.storage.read(KEPT).catch(forgiving));
  return pending && pending.checkout === here() && Date.now() - pending.at < FRESH ? pending : null;
}

/**
 * What a click begins, or goes on with: the same click before it, which nobody knows the end of. What was left of
 * another reward stays where it is; if its points are set aside, it's among the member's codes.
 * @param {import('../../shared/api').Reward} reward
 * @param {number} [points]
 * @returns {Promise<Pending>}
 */
export async function clicked(reward, points) {
  const before = await leftOver();
  if (before && before.reward === reward.id && before.points === points) return before;
  return {...agreedTo(reward, points), kind: reward.kind, title: reward.title, at: Date.now()};
}

/** The codes that this block entered in this checkout. @returns {Promise<string[]>} */
export async function enteredHere() {
  const kept = await /** @type {Promise<{checkout: string, codes: string[]} | null | undefined>} */ (shopify.storage.read(ENTERED).catch(forgiving));
  return kept?.checkout === here() ? kept.codes : [];
}

/** @param {Pending} pending */
const keep = (pending) => shopify.storage.write(KEPT, {...pending, checkout: here()}).catch(forgiving);
const forget = () => shopify.storage.delete(KEPT).catch(forgiving);

/**
 * Goes on with what a click began, wherever it stopped.
 * @param {Pending} pending
 * @param {Talk} app
 * @param {AbortSignal} signal
 * @returns {Promise<Outcome>}
 */
export async function redeem(pending, app, signal) {
  const {title} = pending;
  let held;
  try {
    pending = {...pending, key: pending.key || await app.takeKey()};
    await keep(pending);
    held = await reserved(pending, app, signal);
    if (signal.aborted) throw signal.reason;
    await keep({...pending, held: held.id});
    held = await prepared(held, app, signal);
  } catch (error) {
    return stopped(error, pending, signal);
  }
  if (held.state === 'preparing') return {came: 'preparing', title, held, pending: {...pending, held: held.id}};
  const ready = held.state === 'ready' && held.code;
  const used = ready && await use({...held, kind: held.kind || pending.kind}, signal);
  await forget();
  if (!used) return {came: 'failed', title, held, text: held.text};
  return used.came === 'refused' ? giveBack(held, app, signal) : used;
}

/**
 * A code that was there before, given back by a click; it's taken out of the checkout first.
 * @param {Held} held
 * @param {Talk} app
 * @param {AbortSignal} signal
 * @param {'unwanted' | 'not_taken'} [why]
 * @returns {Promise<Outcome>}
 */
export async function release(held, app, signal, why = 'unwanted') {
  if (held.code && isEntered(held.code)) await changed('removeDiscountCode', held.code);
  try {
    const {held: now, text} = await app.act(`/held/${held.id}/release`, {why});
    return {came: 'returned', title: held.title, held: now, text};
  } catch (/** @type {any} */ error) {
    if (signal.aborted) throw error;
    return {came: error.text ? 'failed' : 'unreachable', title: held.title, held, text: error.text};
  }
}

/** @param {Pending} pending @param {Talk} app @param {AbortSignal} signal @returns {Promise<Held>} */
async function reserved({held, key, reward, price, offer, points}, app, signal) {
  if (held !== undefined) return app.get(`/held/${held}`, signal);
  return (await app.act('/redeem', {key, reward, price, offer, ...(points && {points})})).held;
}

/** @param {Held} held @param {Talk} app @param {AbortSignal} signal @returns {Promise<Held>} */
async function prepared(held, app, signal) {
  if (held.state !== 'preparing') return held;
  const asked = await poll(REDEEMING, () => app.get(`/held/${held.id}`, signal), ({state}) => state !== 'preparing', {signal});
  return asked || held;
}

/**
 * The app said no: then nothing was done. No answer: nobody knows, and asking again with the same key will tell.
 * @param {any} error
 * @param {Pending} pending
 * @param {AbortSignal} signal
 * @returns {Promise<Outcome>}
 */
async function stopped(error, pending, signal) {
  if (signal.aborted) throw error;
  if (error.status >= 400 && error.status < 500 && error.status !== 401) {
    await forget();
    return {came: 'failed', title: pending.title, text: error.text};
  }
  return {came: 'unreachable', title: pending.title, pending};
}

/**
 * Enters a code that is there, and takes it out again where it does nothing.
 * @param {Held} held
 * @param {AbortSignal} signal
 * @returns {Promise<Outcome>}
 */
export async function use(held, signal) {
  const code = String(held.code);
  const {title} = held;
  if (await changed('addDiscountCode', code) && await comesToStand(code, held.kind || '', signal)) {
    await shopify.storage.write(ENTERED, {checkout: here(), codes: [...new Set([...await enteredHere(), code])]}).catch(forgiving);
    return {came: 'applied', title, held};
  }
  if (isEntered(code)) await changed('removeDiscountCode', code);
  return {came: 'refused', title, held};
}

/**
 * Whether checkout took the change. It says no in words for developers only, or fails; to a buyer both are a no.
 * @param {'addDiscountCode' | 'removeDiscountCode'} type
 * @param {string} code
 */
const changed = (type, code) => shopify.applyDiscountCodeChange({type, code}).then((result) => result.type === 'success', () => false);

/**
 * Gives the points of a code back that was made for this cart, which can't use it.
 * @param {Held} held
 * @param {Talk} app
 * @param {AbortSignal} signal
 * @returns {Promise<Outcome>}
 */
async function giveBack(held, app, signal) {
  const {came, text} = await release(held, app, signal, 'not_taken');
  return {came: 'refused', title: held.title, held, text, returned: came === 'returned'};
}
