// The tile: who is on the sale and what they have, and the way to everything else.
import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {useLoaded} from '../../shared/loading.js';
import {t} from '../../shared/surface/words.js';
import {isNotLaunched, isOnline, talkAtTill} from './staff.js';

export default async () => {
  render(<Tile />, document.body);
};

function Tile() {
  const customer = shopify.cart.current.value.customer?.id;
  const online = isOnline();
  const view = useLoaded(async (signal) => customer && online ? talkAtTill(customer).get(`/customers/${customer}`, signal) : null, [customer, online]);
  if (isNotLaunched(view.error)) return null;
  return (
    <s-tile
      heading={t('tile.heading')}
      subheading={online ? saidOf(customer, view.loading ? null : view.answer) : t('tile.offline')}
      disabled={!online}
      onClick={() => shopify.action.presentModal()}
    />
  );
}

/** @param {number | undefined} customer @param {import('../../shared/api').StaffView | null} view */
function saidOf(customer, view) {
  if (!customer) return t('tile.nobody');
  return view?.member ? view.member.available.text : t('tile.somebody');
}
