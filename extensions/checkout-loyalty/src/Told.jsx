/** What came of the last click, and the way out. */

/** What Apple Pay, Google Pay and the like refuse: any change of the discounts. */
const paysByWallet = () => shopify.selectedPaymentOptions.value.some(({type}) => type === 'wallet');

/** @param {{unit: string, acts: import('./Checkout.jsx').Acts}} props `unit`: what the shop calls points */
export function Told({unit, acts}) {
  const {i18n} = shopify;
  const {outcome} = acts;
  if (!outcome) return null;
  const {came, title, text, held, pending} = outcome;
  const tone = {applied: 'success', returned: 'success', preparing: 'info', refused: 'warning', failed: 'critical', unreachable: 'critical'}[came];
  return (
    <s-banner tone={/** @type {'success'} */ (tone)} heading={outcome.heading || i18n.translate(`told.${came}`, {title})}>
      <s-stack gap="small-200">
        {came === 'refused' && <s-text>{i18n.translate(paysByWallet() ? 'told.by_wallet' : 'told.not_for_this_cart', {unit})}</s-text>}
        {came === 'refused' && held?.terms.map((term) => <s-text key={term}>{term}</s-text>)}
        {came === 'refused' && outcome.returned === false && <s-text>{i18n.translate('told.still_yours', {unit})}</s-text>}
        {came === 'unreachable' && <s-text>{i18n.translate('told.nothing_lost', {unit})}</s-text>}
        {text && <s-text>{text}</s-text>}
        {pending && (
          <s-button variant="secondary" loading={Boolean(acts.busy)} onClick={() => acts.goOn(pending)}>
            {i18n.translate(came === 'preparing' ? 'told.look_again' : 'told.try_again')}
          </s-button>
        )}
      </s-stack>
    </s-banner>
  );
}
