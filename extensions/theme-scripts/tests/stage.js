import {vi} from 'vitest';
import {Panel} from '../src/panel.js';

export const points = (count) => ({points: count, text: `${count} points`});
export const on = {date: '2027-01-31', text: '31 January 2027'};

export const MEMBER = {
  first_name: 'Ana', available: points(365), pending: points(0), on_hold: points(0), owed: null, coming: [], expiring: null,
  tier: null, next_reward: {name: 'Mug', missing: '5 points', share: 90, text: '5 points more for Mug.'},
  birthday: null, birthday_open: true, birthday_asked: true, invites: true, emails: true, joined: on,
};
export const me = (more = {}) => ({
  state: 'member', key: 'k1', locale: 'en', right_to_left: false, programme: {}, member: MEMBER, ...more,
});
export const code = (more = {}) => ({
  id: 7, title: '$5 off', state: 'ready', text: 'Ready to use', code: 'SUKI-7', points: points(100), on, ends: on, terms: [],
  releasable: true, hidden: false, usable: true, why: null, ...more,
});
export const reward = (more = {}) => ({
  id: 'r1', kind: 'amount_off', title: '$5 off', price: points(100), offer: 'of-r1', brings: '$5.00 off.', terms: ['Valid for 60 days.'],
  happens: 'You get a code.', share: 100, usable: true, why: null, slider: null, left: null, for_order: true, ...more,
});

/** A shop that answers: paths of the app begin with `/apps/suki/v1/`, all else is Shopify's. Keeps what was sent. */
export function answering(answers) {
  const sent = [];
  vi.stubGlobal('fetch', async (address, given = {}) => {
    const path = String(address).replace('/apps/suki/v1/', '').replace(/[?&]locale=.*$/, '');
    const name = `${given.method ?? 'GET'} ${path}`;
    const body = given.body && JSON.parse(given.body);
    sent.push(body ? [name, body] : [name]);
    let said = answers[name];
    if (typeof said === 'function') said = await said(body);
    if (said === undefined) throw new TypeError(`nobody answers ${name}`);
    const status = said.status ?? 200;
    return {ok: status < 400, status, json: async () => said};
  });
  return sent;
}

/** A cart with codes, that takes some of them and knows the actions of Shopify's storefronts. */
export function cartTaking(taken, codes = []) {
  const state = {codes: [...codes]};
  const read = () => ({discountCodes: state.codes.map((one) => ({code: one, applicable: taken.includes(one)}))});
  window.Shopify = {
    routes: {root: '/'},
    actions: {
      getCart: async () => ({cart: read()}),
      updateCart: async ({discountCodes}) => {
        state.codes = discountCodes;
        return {cart: read(), userErrors: []};
      },
    },
  };
  return state;
}

const TEXTS = [
  'rewards', 'earn', 'codes', 'invite', 'birthday', 'history', 'tier', 'next', 'points', 'choose', 'redeem', 'redeem_use',
  'preparing', 'later', 'apply', 'applied', 'refused', 'not_taken', 'in_cart', 'release', 'copy', 'copied', 'hidden', 'show',
  'more', 'no_rewards', 'no_codes', 'no_history', 'open', 'collect', 'share', 'email', 'month', 'day', 'save', 'joining', 'join', 'failed',
];

export function page(shows = {}) {
  if (!customElements.get('suki-launcher')) customElements.define('suki-launcher', Panel);
  const texts = Object.fromEntries(TEXTS.map((name) => [name, `[${name}]`]));
  document.body.innerHTML = `<a id="out" href="/apps/suki/friends" data-suki-open="invite">link</a>
    <suki-launcher data-proxy="/apps/suki" data-locale="en">
    <button type="button" popovertarget="suki-panel"><span data-balance>365 points</span></button>
    <div id="suki-panel" popover role="dialog"><button data-back hidden></button>
    <h2 tabindex="-1" data-title="Hello Ana">Hello Ana</h2><p data-balance></p><p role="status"></p>
    <div data-body><a href="/login">Sign in</a></div></div>
    <script type="application/json" data-shows>${JSON.stringify(shows)}</script>
    <script type="application/json" data-texts>${JSON.stringify({...texts, until: 'Until {day}', coming: '{points} from {day}', expiring: '{points} until {day}'})}</script></suki-launcher>`;
  const panel = document.querySelector('suki-launcher');
  const dialog = panel.querySelector('[role=dialog]');
  dialog.showPopover = () => dialog.dispatchEvent(Object.assign(new Event('toggle'), {newState: 'open'}));
  return panel;
}

export const settled = () => new Promise((then) => setTimeout(then, 0));
export async function quiet(panel) {
  for (let turn = 0; turn < 200; turn += 1) {
    await settled();
    if (!panel.hasAttribute('aria-busy')) return;
  }
  throw new Error('still busy');
}
export async function opened(panel) {
  panel.querySelector('[role=dialog]').showPopover();
  await quiet(panel);
  return panel.querySelector('[data-body]');
}
export async function press(panel, words) {
  const found = [...panel.querySelectorAll('button, a')].find((one) => one.textContent === words || one.getAttribute('aria-label') === words);
  if (!found) throw new Error(`no button ${words} in ${panel.querySelector('[data-body]').textContent}`);
  found.click();
  await quiet(panel);
}
export const said = (panel) => panel.querySelector('[role=status]').textContent;
