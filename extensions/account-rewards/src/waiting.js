// What the app is still doing with a code: looked for a few times, then left to the list, which says that it comes.
import {REDEEMING, poll} from '../../shared/polling.js';

/** What a redemption or its return may change. */
export const CHANGED_BY_REWARDS = ['/me', '/rewards', '/held', '/entries'];

/** What points for something that the member did may change. */
export const CHANGED_BY_EARNING = ['/me', '/activities', '/entries', '/rewards'];

const UNDER_WAY = ['preparing', 'returning'];

/**
 * @param {import('../../shared/api').Held} held
 * @param {import('../../shared/surface/parts.js').Told} told
 */
export async function waitForIt(held, {talk, parts}) {
  if (!UNDER_WAY.includes(held.state)) return;
  const over = (/** @type {import('../../shared/api').Held} */ now) => !UNDER_WAY.includes(now.state);
  // Where no answer came, the list has said already that it is under way.
  const last = await poll(REDEEMING, () => talk.get(`/held/${held.id}`), over).catch(() => undefined);
  if (last && over(last)) await parts.again(...CHANGED_BY_REWARDS);
}
