// Redeem for the member: chosen, read once more, then spent.
import {useSignal} from '@preact/signals';
import {agreedTo} from '../../shared/agreed.js';
import {fieldOf} from '../../shared/surface/field.js';
import {isOnSlider} from '../../shared/surface/slider.js';
import {t} from '../../shared/surface/words.js';

/** @param {import('./CustomerBlock.jsx').InAdmin} all */
export function Redeem({path, view, acting}) {
  const chosen = useSignal('');
  const points = useSignal(0);
  const usable = view.rewards.filter((reward) => reward.usable);
  const reward = usable.find(({id}) => id === chosen.value);
  if (usable.length === 0 || !view.may_redeem) return null;

  /** @param {string} id */
  function choose(id) {
    chosen.value = id;
    points.value = usable.find((one) => one.id === id)?.slider?.least ?? 0;
  }

  async function redeem() {
    if (!reward) return;
    const body = agreedTo(reward, reward.slider && points.value);
    const answer = await acting.act('redeem', `${path}/redeem`, body, [path]);
    if (answer) chosen.value = '';
  }

  return (
    <s-section heading={t('redeem.heading')}>
      <s-stack gap="base">
        <s-select label={t('redeem.reward')} placeholder={t('redeem.choose')} value={chosen.value} onChange={(event) => choose(fieldOf(event).value ?? '')}>
          {usable.map((one) => <s-option key={one.id} value={one.id}>{t('redeem.option', {name: one.title, price: one.price.text})}</s-option>)}
        </s-select>
        {reward && <Chosen reward={reward} points={points} busy={acting.busy.value === 'redeem'} redeem={() => void redeem()} />}
      </s-stack>
    </s-section>
  );
}

/**
 * @param {{reward: import('../../shared/api').Reward, points: import('@preact/signals').Signal<number>, busy: boolean,
 *     redeem: () => void}} chosen
 */
function Chosen({reward, points, busy, redeem}) {
  const {slider} = reward;
  const {formatNumber} = shopify.i18n;
  const fits = !slider || isOnSlider(points.value, slider);
  const range = slider && t('redeem.range', {least: formatNumber(slider.least), most: formatNumber(slider.most), step: formatNumber(slider.step)});
  return (
    <s-stack gap="base">
      {slider && (
        <s-number-field
          label={t('redeem.how_many')}
          details={range || undefined}
          min={slider.least}
          max={slider.most}
          step={slider.step}
          value={String(points.value)}
          error={fits ? undefined : range || undefined}
          onInput={(event) => (points.value = Number(fieldOf(event).value))}
        />
      )}
      {reward.happens && <s-paragraph>{reward.happens}</s-paragraph>}
      {reward.terms.map((term) => <s-text key={term}>{term}</s-text>)}
      <s-button variant="primary" loading={busy} disabled={!fits} onClick={redeem}>{t('redeem.yes', {name: reward.title})}</s-button>
    </s-stack>
  );
}
