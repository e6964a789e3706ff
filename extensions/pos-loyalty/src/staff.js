// How the till asks the app: as the staff member who is at it.
import {APP_URL} from '../../shared/address.js';
import {Refusal} from '../../shared/ask.js';
import {talkTo} from '../../shared/talk.js';
import {failure, t} from '../../shared/surface/words.js';

/** @param {number} [customer] whose page gives the keys for what is done; without one, nothing can be done */
export function talkAtTill(customer) {
  return talkTo({
    base: `${APP_URL}/staff/v1`,
    token: () => shopify.session.getSessionToken(),
    query: {locale: shopify.locale.current.value},
    keyFrom: `/customers/${customer}`,
  });
}

/** Whether the till has a connection now; reading it subscribes. */
export const isOnline = () => shopify.connectivity.current.value.internetConnected !== 'Disconnected';

/** The shop shows nothing of its programme yet, at the till neither. @param {unknown} error */
export const isNotLaunched = (error) => error instanceof Refusal && error.code === 'not_launched';

/** Why it failed, for staff: whoever may not use the app reads that, whatever else was tried. @param {unknown} error */
export function failureAtTill(error) {
  if (!(error instanceof Refusal)) return failure(error);
  if (error.code === 'no_token' || error.status === 401) return t('trouble.no_access');
  return failure(error);
}
