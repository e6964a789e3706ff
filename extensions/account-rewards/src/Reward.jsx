// One reward: what it costs and brings, and a question before anything is spent.
import {useSignal} from '@preact/signals';
import {CHANGED_BY_REWARDS, waitForIt} from './waiting.js';
import {agreedTo} from '../../shared/agreed.js';
import {fieldOf} from '../../shared/surface/field.js';
import {isOnSlider} from '../../shared/surface/slider.js';
import {t} from '../../shared/surface/words.js';

/**
 * @typedef {object} Offered
 * @property {import('../../shared/api').Reward} reward
 * @property {string} available the balance, in words
 * @property {import('../../shared/surface/acting.js').Acting} acting
 */

/** @param {Offered & import('../../shared/surface/parts.js').Told} offered */
export function Reward({reward, available, talk, parts, acting}) {
  const points = useSignal(reward.slider?.least ?? 0);
  const question = `redeem-${reward.id}`;

  async function redeem() {
    const body = agreedTo(reward, reward.slider && points.value);
    const answer = await acting.act(question, '/redeem', body, CHANGED_BY_REWARDS);
    if (answer) await waitForIt(answer.held, {talk, parts});
  }

  return (
    <s-stack gap="small-200">
      <s-stack direction="inline" gap="small-200" alignItems="center">
        <s-text type="strong" dir="auto">{reward.title}</s-text>
        <s-badge tone="neutral">{reward.price.text}</s-badge>
      </s-stack>
      <s-text>{reward.brings}</s-text>
      <Terms terms={reward.terms} />
      {reward.left !== null && <s-text color="subdued">{t('rewards.left', {count: reward.left})}</s-text>}
      {reward.usable ? (
        <s-button
          variant="secondary"
          command="--show"
          commandFor={question}
          loading={acting.busy.value === question}
          accessibilityLabel={t('rewards.redeem_named', {name: reward.title})}
        >
          {t('rewards.redeem')}
        </s-button>
      ) : <NotYet reward={reward} />}
      {reward.usable && <Question id={question} reward={reward} available={available} points={points} redeem={redeem} />}
    </s-stack>
  );
}

/** @param {{terms: string[]}} shown */
export function Terms({terms}) {
  if (terms.length === 0) return null;
  return (
    <s-unordered-list>
      {terms.map((term) => <s-list-item key={term}>{term}</s-list-item>)}
    </s-unordered-list>
  );
}

/** @param {{reward: import('../../shared/api').Reward}} shown */
function NotYet({reward}) {
  return (
    <s-stack gap="small-200">
      {reward.share < 100 && <s-progress value={reward.share} max={100} accessibilityLabel={t('points.to', {name: reward.title})} />}
      {reward.why && <s-text color="subdued">{reward.why.text}</s-text>}
    </s-stack>
  );
}

/**
 * @param {{id: string, reward: import('../../shared/api').Reward, available: string, redeem: () => Promise<void>,
 *     points: import('@preact/signals').Signal<number>}} asked
 */
function Question({id, reward, available, points, redeem}) {
  const fits = !reward.slider || isOnSlider(points.value, reward.slider);
  return (
    <s-modal id={id} heading={reward.title}>
      <s-stack gap="base">
        {reward.slider
          ? <Slider slider={reward.slider} available={available} points={points} />
          : <s-text>{t('redeem.spend', {price: reward.price.text, available})}</s-text>}
        <s-paragraph>{reward.happens}</s-paragraph>
        <Terms terms={reward.terms} />
      </s-stack>
      <s-button slot="primary-action" variant="primary" command="--hide" commandFor={id} disabled={!fits} onClick={() => void redeem()}>
        {t('redeem.yes')}
      </s-button>
      <s-button slot="secondary-actions" variant="secondary" command="--hide" commandFor={id}>{t('redeem.no')}</s-button>
    </s-modal>
  );
}

/**
 * How many points to spend. What they bring is said as so many times what one step brings, for the app alone knows
 * how money reads.
 * @param {{slider: import('../../shared/api').Slider, available: string, points: import('@preact/signals').Signal<number>}} spent
 */
function Slider({slider, available, points}) {
  const {formatNumber} = shopify.i18n;
  const {least, most, step, worth} = slider;
  const fits = isOnSlider(points.value, slider);
  const range = t('redeem.range', {least: formatNumber(least), most: formatNumber(most), step: formatNumber(step)});
  return (
    <s-stack gap="small-200">
      <s-text>{t('rewards.have', {points: available})}</s-text>
      <s-number-field
        label={t('redeem.how_many')}
        min={least}
        max={most}
        step={step}
        controls="stepper"
        value={String(points.value)}
        error={fits ? undefined : range}
        onInput={(event) => (points.value = Number(fieldOf(event).value))}
      />
      <s-text color="subdued">{range}</s-text>
      {fits && <s-text type="strong">{t('redeem.brings', {times: formatNumber(points.value / step), worth: worth.text})}</s-text>}
    </s-stack>
  );
}
