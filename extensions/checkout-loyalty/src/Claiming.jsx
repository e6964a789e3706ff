/** How a guest gets the points: by an email to the order's own address, asked for by a click. */
import {useState} from 'preact/hooks';

/** @param {{text: string, claim: () => Promise<import('../../shared/api').Done>}} props */
export function Claiming({text, claim}) {
  const {i18n} = shopify;
  const [state, setState] = useState(/** @type {{busy?: boolean, failed?: string, done?: string}} */ ({}));
  if (state.done) return <s-banner tone="success" heading={state.done} />;

  async function send() {
    if (state.busy) return;
    setState({busy: true});
    try {
      const {text: said} = await claim();
      setState({done: said || i18n.translate('thanks.claimed')});
    } catch (/** @type {any} */ error) {
      setState({failed: error.text || i18n.translate('thanks.claim_failed')});
    }
  }

  return (
    <s-stack gap="small">
      {text && <s-text>{text}</s-text>}
      {state.failed && <s-banner tone="critical" heading={state.failed} />}
      <s-stack direction="inline">
        <s-button variant="secondary" loading={Boolean(state.busy)} onClick={send}>{i18n.translate('thanks.claim')}</s-button>
      </s-stack>
    </s-stack>
  );
}
