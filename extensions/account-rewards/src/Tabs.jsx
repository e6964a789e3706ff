// The parts of the page, one at a time, so that a phone shows one thing.
import {useSignal} from '@preact/signals';
import {Earn} from './Earn.jsx';
import {Friends} from './Friends.jsx';
import {History} from './History.jsx';
import {Overview} from './Overview.jsx';
import {Rewards} from './Rewards.jsx';
import {You} from './You.jsx';
import {fieldOf} from '../../shared/surface/field.js';
import {t} from '../../shared/surface/words.js';

/** @typedef {import('../../shared/surface/parts.js').Told & {me: import('../../shared/api').Me, member: import('../../shared/api').MemberNow}} Inside */

const TABS = {overview: Overview, rewards: Rewards, earn: Earn, friends: Friends, history: History, you: You};

/** @typedef {keyof typeof TABS} Tab */

/** @param {Inside} inside */
export function Tabs(inside) {
  const open = useSignal(/** @type {Tab} */ (askedFor()));
  const tabs = /** @type {Tab[]} */ (Object.keys(TABS)).filter((tab) => tab !== 'friends' || inside.member.invites);
  const Content = TABS[tabs.includes(open.value) ? open.value : 'overview'];
  return (
    <s-stack gap="large">
      <s-stack direction="inline" gap="small-200" accessibilityRole="navigation" accessibilityLabel={t('page.parts')}>
        {tabs.map((tab) => <TabButton key={tab} tab={tab} open={open} />)}
      </s-stack>
      <Content {...inside} go={(tab) => (open.value = tab)} />
    </s-stack>
  );
}

/** @param {{tab: Tab, open: import('@preact/signals').Signal<Tab>}} button */
function TabButton({tab, open}) {
  return (
    <s-press-button
      pressed={open.value === tab}
      onClick={(event) => {
        // The element would release itself when its own tab is pressed again.
        fieldOf(event).pressed = true;
        open.value = tab;
      }}
    >
      {t(`tab.${tab}`)}
    </s-press-button>
  );
}

/** The part that the address ends with, as links from elsewhere in the account may ask for. @returns {Tab} */
function askedFor() {
  const last = (navigation.currentEntry?.url ?? '').split(/[?#]/)[0].split('/').filter(Boolean).pop() ?? '';
  return last in TABS ? /** @type {Tab} */ (last) : 'overview';
}
