// How the admin's blocks ask the app: as the staff member who is signed in.
import {APP_URL} from '../address.js';
import {Refusal} from '../ask.js';
import {talkTo} from '../talk.js';
import {failure, t} from '../surface/words.js';

/** The page's customer or order: its number of Shopify, 0 where there is none. */
export const selected = () => Number(shopify.data.selected[0]?.id.match(/\d+$/)?.[0] ?? 0);

/** @param {string} [keyFrom] the page that gives keys for what is done */
export const talkInAdmin = (keyFrom) => talkTo({base: `${APP_URL}/staff/v1`, token: () => shopify.auth.idToken(), keyFrom});

/** A page of the app, opened within the admin. @param {string} path */
export const inApp = (path) => `app:${path}`;

/** Why it failed, for staff: whoever may not use the app reads that. @param {unknown} error */
export function failureInAdmin(error) {
  const closed = error instanceof Refusal && (error.code === 'no_token' || error.status === 401);
  return closed ? t('trouble.no_access') : failure(error);
}
