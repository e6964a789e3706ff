/** A text to copy, and the member's own link for friends. */
import {useState} from 'preact/hooks';

/**
 * A text with a button that copies it; where the browser doesn't let it, the text is there to be selected.
 * @param {{id: string, text: string, label: string}} props `label`: what is copied, for who can't see it
 */
export function Copied({id, text, label}) {
  const {i18n} = shopify;
  const [state, setState] = useState(/** @type {'' | 'copied' | 'not_copied'} */ (''));
  return (
    <s-stack gap="small-200">
      <s-grid gridTemplateColumns="1fr auto" gap="base" alignItems="center">
        <s-text type="strong">{text}</s-text>
        <s-button variant="secondary" command="--copy" commandFor={id} accessibilityLabel={label}>
          {i18n.translate(state === 'copied' ? 'copy.copied' : 'copy.copy')}
        </s-button>
      </s-grid>
      <s-clipboard-item id={id} text={text} onCopy={() => setState('copied')} onCopyError={() => setState('not_copied')} />
      {state === 'not_copied' && <s-text color="subdued">{i18n.translate('copy.not_copied')}</s-text>}
    </s-stack>
  );
}

/** @param {{invitation: import('../../shared/api').Invitation}} props */
export function Inviting({invitation: {link, text, code, message}}) {
  const {i18n} = shopify;
  const words = encodeURIComponent(`${message} ${link}`.trim());
  return (
    <s-stack gap="small">
      <s-heading>{i18n.translate('invite.heading')}</s-heading>
      <s-text>{text}</s-text>
      <Copied id="invitation" text={link} label={i18n.translate('invite.copy')} />
      {code && <s-text>{i18n.translate('invite.code', {code})}</s-text>}
      <s-stack direction="inline" gap="base">
        <s-link href={`https://wa.me/?text=${words}`} target="_blank">{i18n.translate('invite.whatsapp')}</s-link>
        <s-link href={`mailto:?body=${words}`}>{i18n.translate('invite.email')}</s-link>
      </s-stack>
    </s-stack>
  );
}
