// Every way to earn, and what can be done right here.
import {Asked} from '../../shared/account/Asked.jsx';
import {Said} from '../../shared/account/Said.jsx';
import {Questions} from './Questions.jsx';
import {CHANGED_BY_EARNING} from './waiting.js';
import {useActing} from '../../shared/surface/acting.js';
import {t} from '../../shared/surface/words.js';

/** @param {import('./Tabs.jsx').Inside & {go: (tab: import('./Tabs.jsx').Tab) => void}} inside */
export function Earn({talk, parts, go}) {
  const acting = useActing({talk, parts});
  return (
    <Asked part={parts.part('/activities')} again={() => parts.again('/activities')}>
      {(/** @type {import('../../shared/api').Activities} */ answer) => (
        <s-stack gap="large">
          <Said acting={acting} />
          {answer.orders.length > 0 && (
            <s-section heading={t('earn.orders')}>
              <s-unordered-list>
                {answer.orders.map((line) => <s-list-item key={line}>{line}</s-list-item>)}
              </s-unordered-list>
            </s-section>
          )}
          {answer.activities.map((activity) => <Way key={activity.id} activity={activity} acting={acting} go={go} />)}
          {answer.orders.length + answer.activities.length === 0 && <s-text>{t('earn.none')}</s-text>}
        </s-stack>
      )}
    </Asked>
  );
}

/**
 * @param {{activity: import('../../shared/api').Activity, acting: import('../../shared/surface/acting.js').Acting,
 *     go: (tab: import('./Tabs.jsx').Tab) => void}} way
 */
function Way({activity, acting, go}) {
  const {questions = []} = activity;
  return (
    <s-section heading={activity.name}>
      <s-stack gap="small-200">
        <s-text type="strong">{activity.gives}</s-text>
        {activity.text && <s-text color="subdued">{activity.text}</s-text>}
        <s-stack direction="inline" gap="base">
          {activity.link && activity.state !== 'asks' && (
            <s-button variant="secondary" href={activity.link} target="_blank" accessibilityLabel={t('earn.open_named', {name: activity.name})}>
              {t('earn.open')}
            </s-button>
          )}
          {activity.asks_birthday && <s-button variant="secondary" onClick={() => go('you')}>{t('earn.details')}</s-button>}
          {activity.state === 'open' && <Collect activity={activity} acting={acting} />}
        </s-stack>
        {questions.length > 0 && <Questions activity={activity} acting={acting} />}
      </s-stack>
    </s-section>
  );
}

/** @param {{activity: import('../../shared/api').Activity, acting: import('../../shared/surface/acting.js').Acting}} collect */
function Collect({activity, acting}) {
  const path = `/activities/${encodeURIComponent(activity.id)}`;
  return (
    <s-button
      variant="primary"
      loading={acting.busy.value === activity.id}
      accessibilityLabel={t('earn.collect_named', {name: activity.name})}
      onClick={() => void acting.act(activity.id, path, {}, CHANGED_BY_EARNING)}
    >
      {t('earn.collect')}
    </s-button>
  );
}
