// On the profile: the balance, what it is near to, and the way to the rewards page.
import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {Asked, isNotLaunched} from '../../shared/account/Asked.jsx';
import {Meter} from '../../shared/account/Meter.jsx';
import {createParts} from '../../shared/surface/parts.js';
import {REWARDS_PAGE} from '../../shared/account/place.js';
import {talkOfPage} from '../../shared/account/talk.js';
import {t} from '../../shared/surface/words.js';

export default async () => {
  render(<Profile parts={createParts(talkOfPage())} />, document.body);
};

/** @param {{parts: import('../../shared/surface/parts.js').Parts}} told */
function Profile({parts}) {
  const me = parts.part('/me');
  if (isNotLaunched(me.value) || me.value.answer?.state === 'guest') return null;
  return (
    <s-section heading={t('page.title')}>
      <Asked part={me} again={() => parts.again('/me')}>
        {(/** @type {import('../../shared/api').Me} */ answer) => answer.member ? <Member member={answer.member} /> : <Outside me={answer} />}
      </Asked>
    </s-section>
  );
}

/** @param {{member: import('../../shared/api').MemberNow}} shown */
function Member({member}) {
  return (
    <s-stack gap="base">
      <s-stack direction="inline" gap="small-200" alignItems="center">
        <s-heading>{member.available.text}</s-heading>
        {member.tier?.name && <s-badge tone="neutral">{member.tier.name}</s-badge>}
      </s-stack>
      {member.pending.points > 0 && <s-text color="subdued">{t('points.pending', {points: member.pending.text})}</s-text>}
      {member.expiring && (
        <s-text tone="warning">
          {t('points.expiring', {points: member.expiring.points.text, day: member.expiring.on.text})}
        </s-text>
      )}
      {member.next_reward && <Meter aim={member.next_reward} label={t('points.to', {name: member.next_reward.name})} />}
      <s-button variant="secondary" href={REWARDS_PAGE}>{t('blocks.open')}</s-button>
    </s-stack>
  );
}

/** @param {{me: import('../../shared/api').Me}} shown */
function Outside({me}) {
  return (
    <s-stack gap="base">
      <s-text>{me.state === 'left' ? t('outside.left') : me.programme.headline}</s-text>
      <s-button variant="secondary" href={REWARDS_PAGE}>{t(me.state === 'left' ? 'outside.rejoin' : 'outside.join')}</s-button>
    </s-stack>
  );
}
