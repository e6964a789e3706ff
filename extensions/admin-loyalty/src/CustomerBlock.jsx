// On the customer's page: the member, their newest entries, and what staff can do for them.
import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {useMemo} from 'preact/hooks';
import {Told} from '../../shared/admin/Told.jsx';
import {inApp, selected, talkInAdmin} from '../../shared/admin/staff.js';
import {useActing} from '../../shared/surface/acting.js';
import {createParts} from '../../shared/surface/parts.js';
import {t} from '../../shared/surface/words.js';
import {Codes} from './Codes.jsx';
import {Redeem} from './Redeem.jsx';
import {Said} from './Said.jsx';

const ENTRIES_SHOWN = 3;

export default async () => {
  render(<CustomerBlock />, document.body);
};

/**
 * @typedef {object} InAdmin
 * @property {string} path of the customer
 * @property {import('../../shared/api').StaffView} view
 * @property {import('../../shared/talk.js').Talk} talk
 * @property {import('../../shared/surface/parts.js').Parts} parts
 * @property {import('../../shared/surface/acting.js').Acting} acting
 */

function CustomerBlock() {
  const path = `/customers/${selected()}`;
  const {talk, parts} = useMemo(() => {
    const talk = talkInAdmin(path);
    return {talk, parts: createParts(talk)};
  }, [path]);
  const acting = useActing({talk, parts});
  const part = parts.part(path);
  const known = /** @type {import('../../shared/api').StaffView | null} */ (part.value.answer);
  return (
    <s-admin-block heading={t('blocks.heading')} collapsedSummary={known?.member?.available.text ?? ''}>
      <Told part={part} again={() => parts.again(path)}>
        {(/** @type {import('../../shared/api').StaffView} */ view) => {
          const all = {path, view, talk, parts, acting};
          return (
            <s-stack gap="base">
              <Said acting={acting} />
              {view.member ? <Member {...all} member={view.member} /> : <Stranger {...all} />}
            </s-stack>
          );
        }}
      </Told>
    </s-admin-block>
  );
}

/** @param {InAdmin & {member: import('../../shared/api').MemberNow}} shown */
function Member({member, ...all}) {
  const {view} = all;
  return (
    <s-stack gap="base">
      <s-stack direction="inline" gap="base" alignItems="center">
        <s-heading>{member.available.text}</s-heading>
        {member.tier?.name && <s-badge>{member.tier.name}</s-badge>}
      </s-stack>
      {member.pending.points > 0 && <s-text>{t('customer.pending', {points: member.pending.text})}</s-text>}
      {member.on_hold.points > 0 && <s-text>{t('customer.on_hold', {points: member.on_hold.text})}</s-text>}
      {member.expiring && <s-text>{t('customer.expiring', {points: member.expiring.points.text, day: member.expiring.on.text})}</s-text>}
      {member.next_reward && <s-text>{member.next_reward.text}</s-text>}
      {view.last_survey && <s-text>{view.last_survey}</s-text>}
      <Newest entries={view.entries.slice(0, ENTRIES_SHOWN)} />
      <Codes {...all} />
      <Redeem {...all} />
      <s-stack direction="inline" gap="base" alignItems="center">
        {view.may_adjust && (
          <s-button onClick={() => shopify.navigation.navigate('extension://admin-loyalty-adjust')}>{t('customer.adjust')}</s-button>
        )}
        <s-link href={inApp(view.path)}>{t('blocks.open')}</s-link>
      </s-stack>
    </s-stack>
  );
}

/** @param {{entries: import('../../shared/api').Entry[]}} shown */
function Newest({entries}) {
  if (entries.length === 0) return null;
  return (
    <s-unordered-list>
      {entries.map((entry) => (
        <s-list-item key={entry.id}>{t('customer.entry', {headline: entry.headline, points: entry.points.text, day: entry.on.text})}</s-list-item>
      ))}
    </s-unordered-list>
  );
}

/** Whoever is no member: only somebody new can be taken in here. @param {InAdmin} stranger */
function Stranger({path, view, acting}) {
  return (
    <s-stack gap="base">
      <s-text>{t(`customer.state.${view.state}`)}</s-text>
      {view.state === 'unknown' && view.may_join && (
        <s-button loading={acting.busy.value === 'join'} onClick={() => void acting.act('join', `${path}/join`, {}, [path])}>{t('customer.join')}</s-button>
      )}
    </s-stack>
  );
}
