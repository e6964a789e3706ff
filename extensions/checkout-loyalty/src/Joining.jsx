/** A customer who is no member yet. @param {{unit: string, acts: import('./Checkout.jsx').Acts}} props */
export function Joining({unit, acts}) {
  const {i18n} = shopify;
  return (
    <s-stack gap="small-200">
      <s-text color="subdued">{i18n.translate('join.text', {unit})}</s-text>
      <s-stack direction="inline">
        <s-button variant="secondary" loading={acts.busy === 'join'} onClick={acts.join}>{i18n.translate('join.button')}</s-button>
      </s-stack>
    </s-stack>
  );
}
