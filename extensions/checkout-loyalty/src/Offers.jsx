/** What the member's points buy in this cart, and, folded, why the other rewards don't go with it. */
import {useState} from 'preact/hooks';
import {canChange} from './instructions.js';

/**
 * @typedef {import('../../shared/api').Reward} Reward
 * @typedef {import('./Checkout.jsx').Acts} Acts
 */

/** @param {{cart: import('../../shared/api').CartJudged, unit: string, acts: Acts}} props */
export function Offers({cart, unit, acts}) {
  const {i18n} = shopify;
  const forOrders = cart.rewards.filter(({for_order}) => for_order);
  const usable = forOrders.filter((reward) => reward.usable);
  const others = forOrders.filter((reward) => !reward.usable && reward.why);
  return (
    <>
      {usable.length > 0 && (canChange()
        ? usable.map((reward) => reward.slider
          ? <Chosen key={reward.id} reward={reward} slider={reward.slider} unit={unit} acts={acts} />
          : <Fixed key={reward.id} reward={reward} acts={acts} />)
        : <s-text color="subdued">{i18n.translate('offer.not_here', {unit})}</s-text>)}
      {!usable.length && cart.next_reward && <s-text>{cart.next_reward.text}</s-text>}
      {others.length > 0 && (
        <s-details>
          <s-summary>{i18n.translate('offer.others', {count: others.length})}</s-summary>
          <s-stack gap="small-200">
            {others.map(({id, title, why}) => (
              <s-stack key={id} gap="none">
                <s-text>{title}</s-text>
                <s-text color="subdued">{why?.text}</s-text>
              </s-stack>
            ))}
          </s-stack>
        </s-details>
      )}
    </>
  );
}

/** @param {{reward: Reward, acts: Acts}} props */
function Fixed({reward, acts}) {
  return (
    <s-grid gridTemplateColumns="1fr auto" gap="base" alignItems="center">
      <Named reward={reward} />
      <Take reward={reward} acts={acts} label={shopify.i18n.translate('offer.redeem', {points: reward.price.text})} />
    </s-grid>
  );
}

/** Whether two say the same, but for the full stop. @param {string} one @param {string} other */
const alike = (one, other) => one.replace(/\.$/, '') === other.replace(/\.$/, '');

/** @param {{reward: Reward}} props */
function Named({reward}) {
  return (
    <s-stack gap="none">
      <s-text type="strong">{reward.title}</s-text>
      {!alike(reward.brings, reward.title) && !reward.slider && <s-text>{reward.brings}</s-text>}
      {reward.terms.map((term) => <s-text key={term} color="subdued">{term}</s-text>)}
    </s-stack>
  );
}

/** @param {{reward: Reward, acts: Acts, label: string, points?: () => number | null}} props `points`: null where they are wrong */
function Take({reward, acts, label, points}) {
  const take = () => {
    const chosen = points ? points() : undefined;
    if (chosen !== null) acts.take(reward, chosen);
  };
  return (
    <s-button variant="secondary" loading={acts.busy === reward.id} disabled={Boolean(acts.busy)} onClick={take}
      accessibilityLabel={shopify.i18n.translate('offer.redeem_what', {label, title: reward.title})}>
      {label}
    </s-button>
  );
}

/**
 * What some points of a slider take off.
 * @param {import('../../shared/api').Slider} slider
 * @param {number} points
 */
const taken = ({worth, step}, points) =>
  shopify.i18n.formatCurrency((Number(worth.amount) * points) / step, {currency: worth.currency});

/** @param {{reward: Reward, slider: import('../../shared/api').Slider, unit: string, acts: Acts}} props */
function Chosen({reward, slider, unit, acts}) {
  const {least, most, step} = slider;
  if (least + step <= most) return <Sliding key={`${least} ${most}`} reward={reward} slider={slider} unit={unit} acts={acts} />;
  return (
    <s-grid gridTemplateColumns="1fr auto" gap="base" alignItems="center">
      <Named reward={reward} />
      <Take reward={reward} acts={acts} points={() => least} label={shopify.i18n.translate('offer.take_off', {worth: taken(slider, least)})} />
    </s-grid>
  );
}

/** Any amount, up to what the cart allows. @param {{reward: Reward, slider: import('../../shared/api').Slider, unit: string, acts: Acts}} props */
function Sliding({reward, slider, unit, acts}) {
  const {i18n} = shopify;
  const {least, most, step} = slider;
  const [typed, setTyped] = useState(String(most));
  const [wrong, setWrong] = useState('');
  const points = /^\d+$/.test(typed.trim()) ? Number(typed) : NaN;
  const right = points >= least && points <= most && (points - least) % step === 0;
  const chosen = () => {
    setWrong(right ? '' : i18n.translate('offer.between', {least: i18n.formatNumber(least), most: i18n.formatNumber(most), step: i18n.formatNumber(step)}));
    return right ? points : null;
  };
  return (
    <s-stack gap="small-200">
      <Named reward={reward} />
      <s-grid gridTemplateColumns="1fr auto" gap="base" alignItems="end">
        <s-number-field label={i18n.translate('offer.amount', {unit})} value={typed} min={least} max={most} step={step} error={wrong}
          inputMode="numeric" onInput={({currentTarget}) => setTyped(/** @type {{value: string}} */ (/** @type {unknown} */ (currentTarget)).value)} />
        <Take reward={reward} acts={acts} points={chosen}
          label={right ? i18n.translate('offer.take_off', {worth: taken(slider, points)}) : i18n.translate('offer.take', {unit})} />
      </s-grid>
    </s-stack>
  );
}
