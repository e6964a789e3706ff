// Codes that the member has already: on the sale with one press, or returned.
import {t} from '../../shared/surface/words.js';
import {hasCode, putCode} from './cart.js';

/** @param {import('./Member.jsx').AtTill} till */
export function Codes(till) {
  const ready = till.view.held.filter(({code, state}) => code && state === 'ready');
  if (ready.length === 0) return null;
  return (
    <s-section heading={t('codes.heading')}>
      <s-stack gap="base">
        {ready.map((held) => <Code key={held.id} held={held} {...till} />)}
      </s-stack>
    </s-section>
  );
}

/** @param {import('./Member.jsx').AtTill & {held: import('../../shared/api').Held}} shown */
function Code({held, path, view, acting}) {
  const code = /** @type {string} */ (held.code);
  const name = `code-${held.id}`;

  async function use() {
    acting.outcome.value = null;
    acting.busy.value = name;
    const taken = await putCode(code);
    acting.busy.value = '';
    if (taken) acting.tell('success', t('codes.used', {name: held.title}));
    else acting.tell('critical', t('codes.not_taken', {name: held.title}));
  }

  return (
    <s-stack gap="small-200">
      <s-text type="strong">{held.title}</s-text>
      <s-text>{code}</s-text>
      {held.terms.map((term) => <s-text key={term} type="small">{term}</s-text>)}
      {hasCode(shopify.cart.current.value, code) ? <s-badge tone="success">{t('codes.on_sale')}</s-badge> : (
        <s-button loading={acting.busy.value === name} onClick={() => void use()}>{t('codes.use', {name: held.title})}</s-button>
      )}
      {view.may_return && held.releasable && !hasCode(shopify.cart.current.value, code) && (
        <s-button tone="critical" disabled={acting.busy.value !== ''} onClick={() => void acting.act(`back-${held.id}`, `${path}/held/${held.id}/release`, {}, [path])}>
          {t('codes.return', {name: held.title, points: held.points.text})}
        </s-button>
      )}
    </s-stack>
  );
}
