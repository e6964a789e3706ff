// On the customer's page of the till: the balance, and the way to use it.
import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {useLoaded} from '../../shared/loading.js';
import {t} from '../../shared/surface/words.js';
import {failureAtTill, isNotLaunched, isOnline, talkAtTill} from './staff.js';

export default async () => {
  render(<CustomerBlock />, document.body);
};

function CustomerBlock() {
  const {id} = shopify.customer;
  const online = isOnline();
  const view = useLoaded(async (signal) => online ? talkAtTill(id).get(`/customers/${id}`, signal) : null, [id, online]);
  if (isNotLaunched(view.error)) return null;
  return (
    <s-pos-block heading={t('tile.heading')}>
      {online && view.answer && (
        <s-button slot="secondary-actions" onClick={() => shopify.action.presentModal()}>{t('block.open')}</s-button>
      )}
      {!online ? <s-text>{t('trouble.offline')}</s-text> : <Known view={view} />}
    </s-pos-block>
  );
}

/** @param {{view: import('../../shared/loading.js').Loaded<import('../../shared/api').StaffView | null>}} shown */
function Known({view: {answer, error, again}}) {
  if (!answer && error) {
    return (
      <s-stack gap="base">
        <s-text>{failureAtTill(error)}</s-text>
        <s-button onClick={again}>{t('surface.failed.again')}</s-button>
      </s-stack>
    );
  }
  if (!answer) return <s-text>{t('block.asking')}</s-text>;
  const {member, state} = answer;
  if (!member) return <s-text>{t(`member.state.${state}`)}</s-text>;
  return (
    <s-stack gap="small-200">
      <s-text type="strong">{member.available.text}</s-text>
      {member.tier?.name && <s-badge>{member.tier.name}</s-badge>}
      {member.next_reward && <s-text>{member.next_reward.text}</s-text>}
    </s-stack>
  );
}
