// The tile's own page: the customer of the sale, or whoever staff find.
import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {t} from '../../shared/surface/words.js';
import {Find} from './Find.jsx';
import {Member} from './Member.jsx';
import {Offline} from './Trouble.jsx';
import {isOnline} from './staff.js';

export default async () => {
  render(<Home />, document.body);
};

function Home() {
  const customer = shopify.cart.current.value.customer?.id;
  return (
    <s-page heading={t('tile.heading')}>
      <s-scroll-box>
        {!isOnline() ? <Offline /> : customer ? <Member key={customer} customer={customer} /> : <Find />}
      </s-scroll-box>
    </s-page>
  );
}
