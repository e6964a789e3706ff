// What the member has, what is coming, and where they stand.
import {useActing} from '../../shared/surface/acting.js';
import {Said} from '../../shared/account/Said.jsx';
import {Survey} from '../../shared/account/Survey.jsx';
import {Birthday} from './Birthday.jsx';
import {Meter} from '../../shared/account/Meter.jsx';
import {Tier} from './Tier.jsx';
import {t} from '../../shared/surface/words.js';

/** @param {import('./Tabs.jsx').Inside & {go: (tab: import('./Tabs.jsx').Tab) => void}} inside */
export function Overview({member, me, talk, parts, go}) {
  const acting = useActing({talk, parts});
  return (
    <s-stack gap="large">
      <Points member={member} headline={me.programme.headline} go={go} />
      {me.programme.more.length > 0 && <Now more={me.programme.more} />}
      {member.tier && (me.programme.has_tiers || member.tier.name) && <Tier tier={member.tier} />}
      <Said acting={acting} />
      {member.birthday_asked && member.birthday_open && !member.birthday && <Birthday member={member} acting={acting} />}
      {me.survey && (
        <s-section heading={t('survey.title')}>
          <Survey asked={me.survey} acting={acting} about={{}} changes={['/me', '/entries', '/activities']} />
        </s-section>
      )}
    </s-stack>
  );
}

/** @param {{member: import('../../shared/api').MemberNow, headline: string, go: (tab: import('./Tabs.jsx').Tab) => void}} shown */
function Points({member, headline, go}) {
  return (
    <s-section heading={t('points.title')}>
      <s-stack gap="base">
        <s-heading>{member.available.text}</s-heading>
        {member.owed && <s-banner tone="info" heading={t('points.owed', {points: member.owed.text})} />}
        {member.pending.points > 0 && <Pending member={member} />}
        {member.on_hold.points > 0 && <s-text color="subdued">{t('points.on_hold', {points: member.on_hold.text})}</s-text>}
        {member.expiring && (
          <s-text tone="warning">
            {t('points.expiring', {points: member.expiring.points.text, day: member.expiring.on.text})}
          </s-text>
        )}
        {member.next_reward && <Meter aim={member.next_reward} label={t('points.to', {name: member.next_reward.name})} />}
        {member.available.points === 0 && <s-paragraph>{headline}</s-paragraph>}
        <s-stack direction="inline" gap="base">
          <s-button variant="primary" onClick={() => go('rewards')}>{t('points.use')}</s-button>
          <s-button variant="secondary" onClick={() => go('earn')}>{t('points.earn')}</s-button>
        </s-stack>
      </s-stack>
    </s-section>
  );
}

/** @param {{member: import('../../shared/api').MemberNow}} shown */
function Pending({member}) {
  return (
    <s-stack gap="small-200">
      <s-text>{t('points.pending', {points: member.pending.text})}</s-text>
      {member.coming.length > 0 && (
        <s-unordered-list>
          {member.coming.map(({points, on}, place) => (
            <s-list-item key={place}>{t('points.coming', {points: points.text, day: on.text})}</s-list-item>
          ))}
        </s-unordered-list>
      )}
    </s-stack>
  );
}

/** What earns more than usual. @param {{more: string[]}} shown */
function Now({more}) {
  return (
    <s-section heading={t('points.now')}>
      <s-unordered-list>
        {more.map((line) => <s-list-item key={line}>{line}</s-list-item>)}
      </s-unordered-list>
    </s-section>
  );
}
