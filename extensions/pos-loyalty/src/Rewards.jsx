// What this sale can use: chosen, asked once more, redeemed, put on the sale, and given back where the till refuses it.
import {useSignal} from '@preact/signals';
import {agreedTo} from '../../shared/agreed.js';
import {useLoaded} from '../../shared/loading.js';
import {REDEEMING, poll} from '../../shared/polling.js';
import {t} from '../../shared/surface/words.js';
import {Question} from './Question.jsx';
import {Trouble} from './Trouble.jsx';
import {cartIn, putCode} from './cart.js';

/** @typedef {import('../../shared/api').Reward} Reward */

/** @param {import('./Member.jsx').AtTill} till */
export function Rewards(till) {
  const {path, talk, acting, view} = till;
  const chosen = useSignal(/** @type {Reward | null} */ (null));
  const sale = JSON.stringify(cartIn(shopify.cart.current.value, shopify.session.currentSession.currency));
  const judged = useLoaded((signal) => talk.judge(`${path}/cart`, JSON.parse(sale), signal), [sale, view.member?.available.points]);

  if (chosen.value) {
    const reward = chosen.value;
    const yes = (/** @type {number | null} */ points) => {
      chosen.value = null;
      void redeem(till, reward, points).then((done) => done || judged.again());
    };
    return <Question reward={reward} view={view} stop={() => (chosen.value = null)} yes={yes} />;
  }
  if (!judged.answer) {
    return judged.error ? <Trouble error={judged.error} again={judged.again} /> : <s-spinner accessibilityLabel={t('block.asking')} />;
  }
  const {estimate, why, rewards} = /** @type {import('../../shared/api').CartJudged} */ (judged.answer);
  return (
    <s-section heading={t('rewards.heading')}>
      <s-stack gap="base">
        {estimate ? <s-text>{estimate.text}</s-text> : why && <s-text>{why.text}</s-text>}
        {rewards.length === 0 && <s-text>{t('rewards.none')}</s-text>}
        {!view.may_redeem && rewards.length > 0 && <s-text>{t('rewards.not_allowed')}</s-text>}
        {rewards.map((reward) => <Offer key={reward.id} reward={reward} may={view.may_redeem} acting={acting} choose={() => (chosen.value = reward)} />)}
      </s-stack>
    </s-section>
  );
}

/** @param {{reward: Reward, may: boolean, acting: import('../../shared/surface/acting.js').Acting, choose: () => void}} offer */
function Offer({reward, may, acting, choose}) {
  return (
    <s-stack gap="small-200">
      <s-text type="strong">{reward.title}</s-text>
      <s-text>{reward.price.text}</s-text>
      {reward.usable
        ? may && <s-button loading={acting.busy.value === reward.id} onClick={choose}>{t('rewards.redeem', {name: reward.title})}</s-button>
        : reward.why && <s-text type="small">{reward.why.text}</s-text>}
    </s-stack>
  );
}

/**
 * Redeem, and put the code on the sale; a code that the till does not take is given back at once.
 * @param {import('./Member.jsx').AtTill} till
 * @param {Reward} reward
 * @param {number | null} points of a slider
 * @returns {Promise<boolean>} false: refused, for then what is shown was out of date
 */
async function redeem({path, talk, parts, acting}, reward, points) {
  const answer = await acting.act(reward.id, `${path}/redeem`, agreedTo(reward, points), [path]);
  if (!answer || !reward.for_order) return Boolean(answer);
  const held = answer.held.state === 'preparing' ? await prepared(answer.held, path, talk) : answer.held;
  if (!held.code) {
    await parts.again(path); // The words of the answer have said that the code comes.
    return true;
  }
  if (await putCode(held.code)) {
    acting.tell('success', t('codes.used', {name: held.title}));
    return true;
  }
  const back = await acting.act(reward.id, `${path}/held/${held.id}/release`, {why: 'not_taken'}, [path]);
  if (back) acting.tell('critical', t('rewards.not_taken', {name: held.title}));
  return true;
}

/**
 * @param {import('../../shared/api').Held} held
 * @param {string} path
 * @param {import('../../shared/talk.js').Talk} talk
 * @returns {Promise<import('../../shared/api').Held>}
 */
async function prepared(held, path, talk) {
  const look = async () => {
    const view = /** @type {import('../../shared/api').StaffView} */ (await talk.get(path));
    return view.held.find(({id}) => id === held.id) ?? held;
  };
  return (await poll(REDEEMING, look, ({state}) => state !== 'preparing').catch(() => undefined)) ?? held;
}
