// The member's own invitation, to copy, to send and to let somebody scan.
import {Asked} from '../../shared/account/Asked.jsx';
import {CopyButton} from '../../shared/account/CopyButton.jsx';
import {t} from '../../shared/surface/words.js';

/** Where a link can be shared, and how the address there takes it. */
export const SHARES = {
  email: (/** @type {string} */ text, /** @type {string} */ link) => `mailto:?${query({body: `${text} ${link}`})}`,
  whatsapp: (/** @type {string} */ text, /** @type {string} */ link) => `https://wa.me/?${query({text: `${text} ${link}`})}`,
  facebook: (/** @type {string} */ _text, /** @type {string} */ link) => `https://www.facebook.com/sharer/sharer.php?${query({u: link})}`,
  x: (/** @type {string} */ text, /** @type {string} */ link) => `https://x.com/intent/post?${query({text, url: link})}`,
};

/** Mail programs read a plus as a plus, so blanks are written out. @param {Record<string, string>} values */
function query(values) {
  return new URLSearchParams(values).toString().replaceAll('+', '%20');
}

/** @param {import('./Tabs.jsx').Inside} inside */
export function Friends({parts}) {
  return (
    <Asked part={parts.part('/invitation')} again={() => parts.again('/invitation')}>
      {(/** @type {import('../../shared/api').Invitation} */ invitation) => (
        <s-section heading={t('friends.title')}>
          <s-stack gap="base">
            <s-paragraph>{invitation.text}</s-paragraph>
            <Copied id="invitation-link" label={t('friends.link')} text={invitation.link} />
            {invitation.code && <Copied id="invitation-code" label={t('friends.code')} text={invitation.code} />}
            <s-text color="subdued">{t('friends.share_title')}</s-text>
            <Shares invitation={invitation} />
            <s-text color="subdued">{t('friends.count', {count: invitation.friends})}</s-text>
            <s-details>
              <s-summary>{t('friends.scan')}</s-summary>
              <s-qr-code content={invitation.link} accessibilityLabel={t('friends.link')} />
            </s-details>
          </s-stack>
        </s-section>
      )}
    </Asked>
  );
}

/** @param {{id: string, label: string, text: string}} shown */
function Copied({id, label, text}) {
  return (
    <s-stack gap="small-200">
      <s-text color="subdued">{label}</s-text>
      <s-text type="strong" dir="ltr">{text}</s-text>
      <CopyButton id={id} text={text} label={t('copy.named', {name: label})} />
    </s-stack>
  );
}

/** @param {{invitation: import('../../shared/api').Invitation}} shared */
function Shares({invitation}) {
  return (
    <s-stack direction="inline" gap="small-200">
      {Object.entries(SHARES).map(([name, address]) => (
        <s-button key={name} variant="secondary" href={address(invitation.message, invitation.link)} target="_blank">
          {t(`friends.share.${name}`)}
        </s-button>
      ))}
    </s-stack>
  );
}
