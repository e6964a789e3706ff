// On an order's page: what it brought, and why, sentence by sentence.
import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {useMemo} from 'preact/hooks';
import {Told} from '../../shared/admin/Told.jsx';
import {inApp, selected, talkInAdmin} from '../../shared/admin/staff.js';
import {createParts} from '../../shared/surface/parts.js';
import {t} from '../../shared/surface/words.js';

export default async () => {
  render(<OrderBlock />, document.body);
};

function OrderBlock() {
  const path = `/orders/${selected()}`;
  const parts = useMemo(() => createParts(talkInAdmin()), [path]);
  const part = parts.part(path);
  const known = /** @type {import('../../shared/api').StaffOrder | null} */ (part.value.answer);
  return (
    <s-admin-block heading={t('blocks.heading')} collapsedSummary={known?.points?.text ?? ''}>
      <Told part={part} again={() => parts.again(path)}>
        {(/** @type {import('../../shared/api').StaffOrder} */ order) => <Order order={order} again={() => parts.again(path)} />}
      </Told>
    </s-admin-block>
  );
}

/** @param {{order: import('../../shared/api').StaffOrder, again: () => unknown}} shown */
function Order({order, again}) {
  return (
    <s-stack gap="base">
      {order.points && <s-heading>{order.points.text}</s-heading>}
      {order.text && <s-text>{order.text}</s-text>}
      {order.member && <s-text>{t('order.member', {name: order.member})}</s-text>}
      {order.available_on && <s-text>{t('order.available', {day: order.available_on.text})}</s-text>}
      {order.reasons.length > 0 && (
        <s-unordered-list>
          {order.reasons.map((reason) => <s-list-item key={reason}>{reason}</s-list-item>)}
        </s-unordered-list>
      )}
      {order.state === 'waiting' && <s-button onClick={() => void again()}>{t('order.again')}</s-button>}
      {order.path && <s-link href={inApp(order.path)}>{t('blocks.open')}</s-link>}
    </s-stack>
  );
}
