// Before points are spent for somebody: what it costs them and what happens.
import {useSignal} from '@preact/signals';
import {useEffect} from 'preact/hooks';
import {fieldOf} from '../../shared/surface/field.js';
import {isOnSlider} from '../../shared/surface/slider.js';
import {t} from '../../shared/surface/words.js';

/** How far apart the clicks of a double click may be, in milliseconds. */
const SETTLES = 500;

/**
 * @param {{reward: import('../../shared/api').Reward, view: import('../../shared/api').StaffView, stop: () => void,
 *     yes: (points: number | null) => void}} question
 */
export function Question({reward, view, stop, yes}) {
  const {slider} = reward;
  const points = useSignal(slider?.least ?? 0);
  const settled = useSettled();
  const fits = !slider || isOnSlider(points.value, slider);
  return (
    <s-section heading={reward.title}>
      <s-stack gap="base">
        <s-text>{t('rewards.has', {name: view.name, points: view.member?.available.text ?? ''})}</s-text>
        {slider ? <Slider slider={slider} points={points} fits={fits} /> : <s-text>{t('rewards.spend', {price: reward.price.text})}</s-text>}
        {reward.happens && <s-text>{reward.happens}</s-text>}
        {reward.terms.map((term) => <s-text key={term} type="small">{term}</s-text>)}
        <s-button variant="primary" disabled={!fits || !settled} onClick={() => settled && yes(slider ? points.value : null)}>{t('rewards.yes')}</s-button>
        <s-button disabled={!settled} onClick={() => settled && stop()}>{t('rewards.no')}</s-button>
      </s-stack>
    </s-section>
  );
}

/**
 * Whether it stands long enough to be meant: it takes the place of the button that opened it, and the second click of a
 * double click would land in it.
 */
function useSettled() {
  const settled = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => (settled.value = true), SETTLES);
    return () => clearTimeout(timer);
  }, []);
  return settled.value;
}

/**
 * @param {{slider: import('../../shared/api').Slider, points: import('@preact/signals').Signal<number>, fits: boolean}} spent
 */
function Slider({slider: {least, most, step, worth}, points, fits}) {
  const {formatNumber} = shopify.i18n;
  const range = t('rewards.range', {least: formatNumber(least), most: formatNumber(most), step: formatNumber(step)});
  return (
    <s-stack gap="small-200">
      <s-number-field
        label={t('rewards.how_many')}
        details={range}
        min={least}
        max={most}
        value={String(points.value)}
        error={fits ? undefined : range}
        onInput={(event) => (points.value = Number(fieldOf(event).value))}
      />
      {fits && <s-text type="strong">{t('rewards.brings', {times: formatNumber(points.value / step), worth: worth.text})}</s-text>}
    </s-stack>
  );
}
