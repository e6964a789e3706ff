/** A text to copy, and the member's own link for friends. */
import {useState} from 'preact/hooks';

/**
 * @typedef {{translate: (key: string, options?: Record<string, any>) => any}} Said
 */

/**
 * A text with a button that copies it; where the browser doesn't let it, the text is there to be selected.
 * @param {{id: string, text: string, label: string, i18n: Said}} props `label`: what is copied, for who can't see it
 */
export function Copied({id, text, label, i18n}) {
  const [state, setState] = useState(/** @type {'' | 'copied' | 'not_copied'} */ (''));
  return (
    <s-stack gap="small-200">
      <s-grid gridTemplateColumns="1fr auto" gap="base" alignItems="center">
        <s-text type="strong">{text}</s-text>
        <s-button variant="secondary" command="--copy" commandFor={id} accessibilityLabel={label}>
          {i18n.translate(state === 'copied' ? 'surface.copy.copied' : 'surface.copy.copy')}
        </s-button>
      </s-grid>
      <s-clipboard-item id={id} text={text} onCopy={() => setState('copied')} onCopyError={() => setState('not_copied')} />
      {state === 'not_copied' && <s-text color="subdued">{i18n.translate('surface.copy.not_copied')}</s-text>}
    </s-stack>
  );
}

/**
 * @param {{invitation: import('./api').Invitation, i18n: Said}} props
 */
export function Inviting({invitation, i18n}) {
  const {link, text, code, message} = invitation;
  const words = `${message} ${link}`.trim();
  return (
    <s-stack gap="small">
      <s-text>{text}</s-text>
      <Copied id="invitation" text={link} label={i18n.translate('surface.invite.copy')} i18n={i18n} />
      {code && <s-text>{i18n.translate('surface.invite.code', {code})}</s-text>}
      <s-stack direction="inline" gap="base">
        <s-link href={`https://wa.me/?text=${encodeURIComponent(words)}`} target="_blank">{i18n.translate('surface.invite.whatsapp')}</s-link>
        <s-link href={`mailto:?body=${encodeURIComponent(words)}`}>{i18n.translate('surface.invite.email')}</s-link>
      </s-stack>
    </s-stack>
  );
}
