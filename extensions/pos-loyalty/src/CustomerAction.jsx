// The page that the customer's block opens: what this customer has, whoever is on the sale.
import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {t} from '../../shared/surface/words.js';
import {Member} from './Member.jsx';
import {Offline} from './Trouble.jsx';
import {isOnline} from './staff.js';

export default async () => {
  render(<CustomerAction />, document.body);
};

function CustomerAction() {
  return (
    <s-page heading={t('tile.heading')}>
      <s-scroll-box>{isOnline() ? <Member customer={shopify.customer.id} /> : <Offline />}</s-scroll-box>
    </s-page>
  );
}
