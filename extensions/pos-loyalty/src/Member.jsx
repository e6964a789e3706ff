// One customer: what they have, codes and rewards for this sale, a birthday gift, or the way into the programme.
import {useMemo} from 'preact/hooks';
import {useActing} from '../../shared/surface/acting.js';
import {createParts} from '../../shared/surface/parts.js';
import {t} from '../../shared/surface/words.js';
import {Codes} from './Codes.jsx';
import {Rewards} from './Rewards.jsx';
import {Trouble} from './Trouble.jsx';
import {isNotLaunched, talkAtTill} from './staff.js';

/**
 * @typedef {object} AtTill
 * @property {number} customer
 * @property {string} path of the customer
 * @property {import('../../shared/api').StaffView} view
 * @property {import('../../shared/talk.js').Talk} talk
 * @property {import('../../shared/surface/parts.js').Parts} parts
 * @property {import('../../shared/surface/acting.js').Acting} acting
 */

/** @param {{customer: number}} shown */
export function Member({customer}) {
  const {talk, parts} = useMemo(() => {
    const talk = talkAtTill(customer);
    return {talk, parts: createParts(talk)};
  }, [customer]);
  const acting = useActing({talk, parts});
  const path = `/customers/${customer}`;
  const {answer, error, state} = parts.part(path).value;
  if (isNotLaunched(error)) return <s-text>{t('trouble.not_launched')}</s-text>;
  if (!answer) {
    return state === 'failed' ? <Trouble error={error} again={() => parts.again(path)} /> : <s-spinner accessibilityLabel={t('block.asking')} />;
  }
  const till = {customer, path, view: answer, talk, parts, acting};
  return (
    <s-stack gap="large">
      {state === 'failed' && <Trouble error={error} again={() => parts.again(path)} />}
      <Said acting={acting} />
      {answer.member ? <Known {...till} /> : <Stranger {...till} />}
    </s-stack>
  );
}

/** @param {{acting: import('../../shared/surface/acting.js').Acting}} said */
function Said({acting}) {
  const outcome = acting.outcome.value;
  return outcome?.text ? <s-banner tone={outcome.tone} heading={outcome.text} /> : null;
}

/** @param {AtTill} till */
function Known(till) {
  const {view, customer} = till;
  const onSale = shopify.cart.current.value.customer?.id === customer;
  const member = /** @type {import('../../shared/api').MemberNow} */ (view.member);
  return (
    <s-stack gap="large">
      <s-section heading={view.name}>
        <s-stack gap="small-200">
          <s-heading>{member.available.text}</s-heading>
          {member.tier?.name && <s-badge>{member.tier.name}</s-badge>}
          {member.pending.points > 0 && <s-text>{t('member.pending', {points: member.pending.text})}</s-text>}
          {member.expiring && <s-text>{t('member.expiring', {points: member.expiring.points.text, day: member.expiring.on.text})}</s-text>}
          {member.next_reward && <s-text>{member.next_reward.text}</s-text>}
        </s-stack>
      </s-section>
      {onSale ? <Codes {...till} /> : <NotOnSale {...till} />}
      {onSale && <Rewards {...till} />}
      <Birthday {...till} />
    </s-stack>
  );
}

/** A member's codes are theirs alone: on anybody else's sale, Shopify refuses them. @param {AtTill} till */
function NotOnSale({customer, view}) {
  return (
    <s-section heading={t('rewards.heading')}>
      <s-stack gap="base">
        <s-text>{t('member.not_on_sale')}</s-text>
        <s-button variant="primary" onClick={() => void shopify.cart.setCustomer({id: customer})}>{t('find.choose', {name: view.name})}</s-button>
      </s-stack>
    </s-section>
  );
}

/** @param {AtTill} till */
function Birthday({path, view, acting}) {
  const {birthday_gift: gift} = view;
  if (!gift) return null;
  if (gift.code !== 'open' || !view.may_give_birthday) return !gift.text ? null : <s-section heading={t('birthday.heading')}><s-text>{gift.text}</s-text></s-section>;
  return (
    <s-section heading={t('birthday.heading')}>
      <s-stack gap="base">
        {gift.text && <s-text>{gift.text}</s-text>}
        <s-button loading={acting.busy.value === 'birthday'} onClick={() => void acting.act('birthday', `${path}/birthday`, {}, [path])}>
          {t('birthday.give')}
        </s-button>
      </s-stack>
    </s-section>
  );
}

/** Whoever is no member: only somebody new can be taken in here, and who has left comes back by themselves. @param {AtTill} till */
function Stranger({path, view, acting}) {
  return (
    <s-section heading={view.name}>
      <s-stack gap="base">
        <s-text>{t(`member.state.${view.state}`)}</s-text>
        {view.state === 'unknown' && view.may_join && (
          <s-button variant="primary" loading={acting.busy.value === 'join'} onClick={() => void acting.act('join', `${path}/join`, {}, [path])}>
            {t('member.join')}
          </s-button>
        )}
      </s-stack>
    </s-section>
  );
}
