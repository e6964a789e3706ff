// After a sale: what it brought, and to whom.
import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {useEffect} from 'preact/hooks';
import {useLoaded} from '../../shared/loading.js';
import {ORDERED, poll} from '../../shared/polling.js';
import {t} from '../../shared/surface/words.js';
import {failureAtTill, isNotLaunched, isOnline, talkAtTill} from './staff.js';

export default async () => {
  render(<AfterSale />, document.body);
};

/** @typedef {import('../../shared/api').StaffOrder} StaffOrder */

function AfterSale() {
  const {id, customerId} = shopify.order;
  const online = isOnline();
  const talk = talkAtTill(customerId);
  const ask = (/** @type {AbortSignal} */ signal) => talk.get(`/orders/${id}`, signal);
  const view = useLoaded(/** @returns {Promise<StaffOrder | null>} */ async (signal) => online ? ask(signal) : null, [id, online]);

  useEffect(() => {
    const left = new AbortController();
    if (view.answer?.state === 'waiting') {
      const known = (/** @type {StaffOrder} */ order) => order.state === 'known';
      // It ends with the page; the sale says by itself that its points come later.
      poll(ORDERED.slice(1), () => ask(left.signal), known, {signal: left.signal}).then((order) => order && known(order) && view.put(order), () => undefined);
    }
    return () => left.abort();
  }, [view.answer?.state]);

  if (isNotLaunched(view.error)) return null;
  return (
    <s-pos-block heading={t('sale.heading')}>
      {!online ? <s-text>{t('sale.offline')}</s-text> : <Sale view={view} />}
    </s-pos-block>
  );
}

/** @param {{view: import('../../shared/loading.js').Loaded<StaffOrder | null>}} shown */
function Sale({view: {answer, error}}) {
  if (!answer) return <s-text>{error ? failureAtTill(error) : t('block.asking')}</s-text>;
  return (
    <s-stack gap="small-200">
      {answer.member && <s-text type="strong">{answer.member}</s-text>}
      {answer.points && <s-text type="strong">{answer.points.text}</s-text>}
      {answer.text && <s-text>{answer.text}</s-text>}
      {answer.available_on && <s-text>{t('sale.available', {day: answer.available_on.text})}</s-text>}
      {answer.reasons.map((reason) => <s-text key={reason} type="small">{reason}</s-text>)}
    </s-stack>
  );
}
