/** The member's own codes: redeemed before, given, or left over from a checkout that was closed. */
import {canChange} from './instructions.js';
import {isEntered, stands} from './standing.js';

/**
 * @typedef {import('../../shared/api').Held} Held
 * @typedef {import('./Checkout.jsx').Acts} Acts
 */

const OPEN = ['ready', 'preparing', 'returning'];

/** @param {{held: Held[], unit: string, acts: Acts}} props */
export function Codes({held, unit, acts}) {
  const open = held.filter(({state, hidden}) => OPEN.includes(state) && !hidden);
  if (!open.length) return null;
  return (
    <s-stack gap="small">
      <s-heading>{shopify.i18n.translate('code.heading')}</s-heading>
      {open.map((each) => <Code key={each.id} held={each} unit={unit} acts={acts} />)}
    </s-stack>
  );
}

/** @param {{held: Held, unit: string, acts: Acts}} props */
function Code({held, unit, acts}) {
  const {i18n} = shopify;
  const {code, state, title} = held;
  const entered = Boolean(code && isEntered(code));
  const standing = Boolean(code && stands(code, held.kind || ''));
  const named = code ? `${title} (${code})` : title; // two codes of one reward are two things
  const loading = acts.busy === `held ${held.id}`;
  const said = standing ? '' : about(held, entered, acts.entered);
  return (
    <s-stack gap="small-200">
      <s-stack direction="inline" gap="small" alignItems="center">
        <s-text type="strong">{title}</s-text>
        {code && <s-text color="subdued">{code}</s-text>}
        {standing && <s-badge>{i18n.translate('code.in_use')}</s-badge>}
      </s-stack>
      {said && <s-text color="subdued">{said}</s-text>}
      {state === 'ready' && code && !standing && (
        <s-stack direction="inline" gap="small">
          {!entered && held.usable && canChange() && (
            <s-button variant="secondary" loading={loading} disabled={Boolean(acts.busy)} onClick={() => acts.enter(held)}
              accessibilityLabel={i18n.translate('code.use_what', {title: named})}>
              {i18n.translate('code.use')}
            </s-button>
          )}
          {held.releasable && (!entered || canChange()) && (
            <s-button variant="secondary" tone="neutral" loading={loading} disabled={Boolean(acts.busy)} onClick={() => acts.giveBack(held)}
              accessibilityLabel={i18n.translate('code.give_back_what', {title: named, unit})}>
              {i18n.translate('code.give_back', {unit})}
            </s-button>
          )}
        </s-stack>
      )}
    </s-stack>
  );
}

/**
 * Why it isn't in use.
 * @param {Held} held
 * @param {boolean} entered
 * @param {string[]} enteredHere
 */
function about(held, entered, enteredHere) {
  const {i18n} = shopify;
  if (held.state !== 'ready') return held.text;
  if (entered) return i18n.translate('code.takes_nothing_off');
  if (held.why) return held.why.text;
  if (held.code && enteredHere.includes(held.code)) return i18n.translate('code.taken_out');
  return held.text || (held.ends ? i18n.translate('code.until', {day: held.ends.text}) : '');
}
