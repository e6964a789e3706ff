// What an order leads to, for its own member only: a code for the next one, a tier, friends to invite.
import {CopyButton} from '../../shared/account/CopyButton.jsx';
import {Meter} from '../../shared/account/Meter.jsx';
import {REWARDS_PAGE} from '../../shared/account/place.js';
import {t} from '../../shared/surface/words.js';

/** @param {{answer: import('../../shared/api').OrderNow}} shown */
export function Following({answer}) {
  const {code, tier, invitation} = answer;
  return (
    <s-stack gap="base">
      {code && <Code code={code} />}
      {answer.code_by_email && <s-text>{t('order.code_by_email')}</s-text>}
      {tier?.reach && <Meter aim={tier.reach} label={t('tier.reach', {name: tier.reach.name})} />}
      {invitation && (
        <s-stack gap="small-200">
          <s-text>{invitation.text}</s-text>
          <CopyButton id="order-invitation" text={invitation.link} label={t('friends.copy_link')} says={t('friends.copy_link')} />
        </s-stack>
      )}
      <s-link href={REWARDS_PAGE}>{t('blocks.open')}</s-link>
    </s-stack>
  );
}

/** @param {{code: import('../../shared/api').OwnCode}} shown */
function Code({code}) {
  return (
    <s-stack gap="small-200">
      <s-text>{code.brings}</s-text>
      <s-stack direction="inline" gap="base" alignItems="center">
        <s-text type="strong" dir="ltr">{code.code}</s-text>
        <CopyButton id="order-code" text={code.code} label={t('held.copy_named', {name: code.brings})} />
      </s-stack>
      {code.until && <s-text color="subdued">{t('held.ends', {day: code.until.text})}</s-text>}
    </s-stack>
  );
}
