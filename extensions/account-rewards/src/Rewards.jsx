// What the points buy, and what they have bought.
import {Asked} from '../../shared/account/Asked.jsx';
import {Over, ToUse} from './HeldList.jsx';
import {Reward} from './Reward.jsx';
import {Said} from '../../shared/account/Said.jsx';
import {useActing} from '../../shared/surface/acting.js';
import {t} from '../../shared/surface/words.js';

/** @param {import('./Tabs.jsx').Inside} inside */
export function Rewards({member, talk, parts}) {
  const acting = useActing({talk, parts});
  return (
    <s-stack gap="large">
      <Said acting={acting} />
      <ToUse talk={talk} parts={parts} acting={acting} />
      <s-section heading={t('rewards.title')}>
        <s-stack gap="large">
          <s-text>{t('rewards.have', {points: member.available.text})}</s-text>
          <Asked part={parts.part('/rewards')} again={() => parts.again('/rewards')}>
            {(/** @type {import('../../shared/api').Rewards} */ {rewards}) =>
              rewards.length === 0
                ? <s-text>{t('rewards.none')}</s-text>
                : rewards.map((reward) => (
                  <Reward key={reward.id} reward={reward} available={member.available.text} talk={talk} parts={parts} acting={acting} />
                ))}
          </Asked>
        </s-stack>
      </s-section>
      <Over talk={talk} parts={parts} acting={acting} />
    </s-stack>
  );
}
