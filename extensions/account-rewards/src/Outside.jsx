// The page of somebody who is no member: what the programme offers, and how to come in.
import {Asked} from '../../shared/account/Asked.jsx';
import {Terms} from './Reward.jsx';
import {Said} from '../../shared/account/Said.jsx';
import {useActing} from '../../shared/surface/acting.js';
import {t} from '../../shared/surface/words.js';

/** @param {import('../../shared/surface/parts.js').Told & {me: import('../../shared/api').Me}} outside */
export function Outside({me, talk, parts}) {
  const acting = useActing({talk, parts});
  return (
    <s-stack gap="large">
      <Said acting={acting} />
      <s-section heading={me.state === 'left' ? t('outside.left') : t('outside.title', {shop: me.programme.shop_name})}>
        <s-stack gap="base">
          <s-paragraph>{me.state === 'left' ? t('outside.left_about') : me.programme.headline}</s-paragraph>
          {me.state === 'guest' ? <s-text>{t('outside.guest')}</s-text> : (
            <s-button variant="primary" loading={acting.busy.value === 'join'} onClick={() => void acting.act('join', '/join', {}, ['/me'])}>
              {t(me.state === 'left' ? 'outside.rejoin' : 'outside.join')}
            </s-button>
          )}
        </s-stack>
      </s-section>
      <Asked part={parts.part('/programme')} again={() => parts.again('/programme')}>
        {(/** @type {import('../../shared/api').ProgrammePage} */ programme) => <Programme programme={programme} />}
      </Asked>
    </s-stack>
  );
}

/** @param {{programme: import('../../shared/api').ProgrammePage}} shown */
function Programme({programme}) {
  return (
    <s-stack gap="large">
      <Lines heading={t('earn.orders')} lines={programme.earn} />
      <Lines heading={t('points.now')} lines={programme.programme.more} />
      <Lines heading={t('tab.earn')} lines={programme.activities.map(({name, gives, text}) => [name, gives, text].filter(Boolean).join(' · '))} />
      {programme.rewards.length > 0 && (
        <s-section heading={t('rewards.title')}>
          <s-stack gap="base">
            {programme.rewards.map((reward) => (
              <s-stack key={reward.title} gap="small-200">
                <s-stack direction="inline" gap="small-200" alignItems="center">
                  <s-text type="strong" dir="auto">{reward.title}</s-text>
                  <s-badge tone="neutral">{reward.price.text}</s-badge>
                </s-stack>
                <s-text>{reward.brings}</s-text>
                <Terms terms={reward.terms} />
              </s-stack>
            ))}
          </s-stack>
        </s-section>
      )}
      {programme.tiers.map((tier) => <Lines key={tier.name} heading={tier.name} lines={[tier.needs, ...tier.benefits]} />)}
      {programme.referral && <Lines heading={t('friends.title')} lines={[programme.referral]} />}
    </s-stack>
  );
}

/** @param {{heading: string, lines: string[]}} shown */
function Lines({heading, lines}) {
  if (lines.length === 0) return null;
  return (
    <s-section heading={heading}>
      <s-unordered-list>
        {lines.map((line) => <s-list-item key={line}>{line}</s-list-item>)}
      </s-unordered-list>
    </s-section>
  );
}
