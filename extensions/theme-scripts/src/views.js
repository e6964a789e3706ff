import {agreedTo} from '../../shared/agreed.js';
import {codeLink} from './cart.js';
import {filled, make, webAddress} from './dom.js';

/** @typedef {import('./panel.js').Panel} Panel */

const POLLS_MS = [500, 1000, 2000, 3000, 5000];

/** @param {number} share 0 to 100 @param {string} [label] where no text beside it says the same */
const progress = (share, label) =>
  make('div', {class: 'suki-bar', ...(label ? {role: 'img', 'aria-label': label} : {'aria-hidden': 'true'})}, make('span', {style: `inline-size:${Math.min(100, Math.max(0, Number(share) || 0))}%`}));

/** @param {string} text @param {() => unknown} [then] @param {object} [more] */
const button = (text, then, more) => make('button', {type: 'button', class: 'suki-button', onclick: then, ...more}, text);

/** @param {...any} parts */
const card = (...parts) => make('div', {class: 'suki-card'}, ...parts);

/** @param {string | null | undefined} text */
const soft = (text) => text && make('p', {class: 'suki-soft'}, text);

/** @param {string[]} lines */
const list = (lines) => lines?.length > 0 && make('ul', {class: 'suki-lines'}, ...lines.map((one) => make('li', null, one)));

/** @param {string} text @param {any} one points that come or go on a day */
const dated = (text, one) => filled(text, {points: one.points.text, day: one.on.text});

/** @param {Panel} panel */
export function home(panel) {
  const {say, me, held, program} = panel;
  const {member} = me;
  const codes = held.filter((/** @type {any} */ one) => one.state === 'ready' && (one.code || one.hidden));
  const next = panel.judged?.next_reward ?? member.next_reward;
  return [
    list([
      ...member.coming.map((/** @type {any} */ one) => dated(say.coming, one)),
      ...(member.expiring ? [dated(say.expiring, member.expiring)] : []),
    ]),
    panel.judged?.estimate && make('p', {class: 'suki-note'}, panel.judged.estimate.text),
    codes.length > 0 && card(make('h3', null, say.codes), ...codes.slice(0, 2).map((/** @type {any} */ one) => code(panel, one))),
    next && card(make('h3', null, say.next), make('p', null, next.text), progress(next.share)),
    member.tier && tier(member.tier, say),
    make('ul', {class: 'suki-menu'}, ...[
      ['rewards', say.rewards, 'gift', true], ['earn', say.earn, 'star', true],
      ['codes', say.codes, 'tag', held.length > 0], ['invite', say.invite, 'users', member.invites],
      ['birthday', say.birthday, 'cake', member.birthday_asked && (member.birthday_open || member.birthday)],
      ['history', say.history, 'clock', true],
    ].filter(([name, , , there]) => there && program[/** @type {string} */ (name)] !== false).map(([name, text, icon]) =>
      make('li', null, make('button', {type: 'button', onclick: () => panel.go(name)}, panel.icon(icon), make('span', null, text))))),
  ];
}

/** Where the member stands, each sentence once. @param {import('../../shared/api').TierNow} found @param {any} say */
const tier = ({name, reach, keep, news}, say) => card(
  make('h3', null, name || say.tier), reach && [make('p', null, reach.text), progress(reach.share)],
  soft(keep?.text), ...news.map(soft),
);

/** @param {Panel} panel */
export async function rewards(panel) {
  const {rewards: found} = panel.judged ?? (await panel.ask('rewards'));
  if (!found.length) return [soft(panel.say.no_rewards)];
  return found.map((/** @type {any} */ one) => card(
    make('div', {class: 'suki-split'}, make('h3', null, one.title), make('span', {class: 'suki-price'}, one.price.text)),
    soft(one.brings !== one.title && one.brings),
    one.usable
      ? button(panel.say.choose, () => panel.go('reward', one), {'aria-label': `${panel.say.choose}: ${one.title}`})
      : [soft(one.why?.text), one.share < 100 && progress(one.share, `${one.title}: ${one.share} %`)],
  ));
}

/** @param {Panel} panel @param {any} one */
export function reward(panel, one) {
  const {say} = panel;
  let points = one.slider?.most;
  const use = panel.judged && one.for_order;
  const shown = make('output', {class: 'suki-price'}, one.price.text);
  const slide = one.slider && make('label', {class: 'suki-slider'}, say.points, shown, make('input', {
    type: 'range', min: one.slider.least, max: one.slider.most, step: one.slider.step, value: points,
    oninput: (/** @type {any} */ event) => {
      points = Number(event.target.value);
      shown.textContent = String(points);
    },
  }));
  if (slide) shown.textContent = String(points);
  return [
    make('h3', null, one.title),
    make('p', null, one.brings),
    slide || make('p', {class: 'suki-price'}, one.price.text),
    list(one.terms),
    soft(one.happens),
    button(use ? say.redeem_use : say.redeem, () => panel.busy(() => redeem(panel, one, points, use)), {class: 'suki-button suki-button--main'}),
  ];
}

/**
 * Points are spent, the code is made, and goes into the cart. What the cart does not take gives the points back at once.
 *
 * @param {Panel} panel @param {any} one @param {number | undefined} points @param {boolean} use
 */
async function redeem(panel, one, points, use) {
  const {say} = panel;
  const done = await panel.act('redeem', agreedTo(one, points)).catch(async (problem) => {
    // Refused: what is shown was out of date.
    if (problem.text) await panel.fresh('rewards');
    throw problem;
  });
  let {held} = done;
  panel.balance(done.available);
  for (const wait of POLLS_MS) {
    if (held.state !== 'preparing') break;
    panel.said(say.preparing);
    await new Promise((then) => setTimeout(then, wait));
    held = await panel.ask(`held/${held.id}`);
  }
  if (use && held.code && !(await panel.put(held.code))) return back(panel, held, say.refused);
  await panel.fresh('codes');
  panel.said(held.state === 'preparing' ? say.later : use && held.code ? say.applied : done.text);
}

/** @param {Panel} panel @param {any} held @param {string} [why] */
async function back(panel, held, why) {
  if (held.code) await panel.take(held.code);
  const done = await panel.act(`held/${held.id}/release`);
  panel.balance(done.available);
  await panel.fresh('codes');
  panel.said(why ?? done.text);
}

/** @param {Panel} panel @param {any} one */
function code(panel, one) {
  const {say} = panel;
  const inCart = panel.codes.some((each) => each.toLowerCase() === one.code?.toLowerCase());
  return make('div', {class: 'suki-code'},
    make('div', {class: 'suki-split'}, make('strong', null, one.title), soft(one.ends && filled(say.until, {day: one.ends.text}))),
    one.code && make('code', null, one.code),
    one.hidden && soft(say.hidden),
    soft(one.why?.text),
    make('div', {class: 'suki-acts'},
      one.hidden && make('a', {class: 'suki-button', href: `${panel.base}/redemptions/${one.id}`}, say.show),
      one.code && inCart && make('span', {class: 'suki-tag'}, say.in_cart),
      one.code && !inCart && make('a', {
        class: 'suki-button', href: codeLink(one.code),
        onclick: (/** @type {Event} */ event) => {
          event.preventDefault();
          panel.busy(async () => {
            const taken = await panel.put(one.code);
            await panel.fresh();
            panel.said(taken ? say.applied : say.not_taken);
          });
        },
      }, say.apply),
      one.code && copying(panel, one.code),
      one.releasable && button(say.release, () => panel.busy(() => back(panel, one)), {'aria-label': `${say.release}: ${one.title}`}),
    ),
  );
}

/** @param {Panel} panel @param {string} text */
const copying = (panel, text) => button(panel.say.copy, async () => {
  await navigator.clipboard?.writeText(text);
  panel.said(panel.say.copied);
});

/** @param {Panel} panel */
export function codes(panel) {
  if (!panel.held.length) return [soft(panel.say.no_codes)];
  return panel.held.map((/** @type {any} */ one) => one.state === 'ready'
    ? card(code(panel, one))
    : make('div', {class: 'suki-row'}, make('span', null, one.title), soft(one.text || one.on.text)));
}

/** @param {Panel} panel */
export async function earn(panel) {
  const {orders, activities} = await panel.ask('activities');
  return [
    ...orders.map((/** @type {string} */ line) => make('div', {class: 'suki-row'}, make('span', null, line))),
    ...activities.map((/** @type {any} */ one) => {
      const link = one.link && webAddress(one.link);
      const open = one.state === 'open';
      const collect = () => panel.act(`activities/${encodeURIComponent(one.id)}`).then(async (done) => {
        if (done.available) panel.balance(done.available);
        await panel.fresh('earn');
        panel.said(done.text);
      });
      return make('div', {class: 'suki-row'},
        make('span', null, make('strong', null, one.name), soft(one.text)),
        make('span', {class: 'suki-acts'}, make('span', {class: 'suki-price'}, one.gives),
          one.state === 'asks' && link && make('a', {class: 'suki-button', href: link}, panel.say.open),
          open && link && make('a', {class: 'suki-button', href: link, target: '_blank', rel: 'noopener', onclick: () => panel.busy(collect)}, panel.say.open),
          open && !link && button(panel.say.collect, () => panel.busy(collect))));
    }),
  ];
}

/** @param {Panel} panel */
export async function invite(panel) {
  const {say} = panel;
  const found = await panel.ask('invitation');
  const link = encodeURIComponent(found.link);
  const text = encodeURIComponent(`${found.message} ${found.link}`.trim());
  const share = [
    ['WhatsApp', `https://wa.me/?text=${text}`], ['Facebook', `https://www.facebook.com/sharer/sharer.php?u=${link}`],
    ['X', `https://x.com/intent/post?text=${text}`], [say.email, `mailto:?body=${text}`],
  ];
  return [
    make('p', null, found.text),
    make('div', {class: 'suki-code'}, make('code', null, found.link), make('div', {class: 'suki-acts'}, copying(panel, found.link))),
    found.code && make('div', {class: 'suki-code'}, make('code', null, found.code)),
    make('h3', null, say.share),
    make('div', {class: 'suki-acts'}, ...share.map(([name, href]) =>
      make('a', {class: 'suki-button', href, target: '_blank', rel: 'noopener'}, name))),
  ];
}

/** @param {Panel} panel */
export function birthday(panel) {
  const {say, me: {member, locale}} = panel;
  if (!member.birthday_open) return [make('p', null, member.birthday?.text ?? '')];
  const months = Array.from({length: 12}, (_, place) => new Date(2024, place, 1).toLocaleString(locale, {month: 'long'}));
  const month = /** @type {HTMLSelectElement} */ (make('select', {name: 'month', required: true}, ...months.map((name, place) =>
    make('option', {value: place + 1, selected: member.birthday?.month === place + 1}, name))));
  const day = /** @type {HTMLInputElement} */ (make('input', {name: 'day', type: 'number', min: 1, max: 31, required: true, inputmode: 'numeric', value: member.birthday?.day}));
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    panel.busy(async () => {
      const done = await panel.act('profile', {birthday: {month: Number(month.value), day: Number(day.value)}});
      await panel.fresh('');
      panel.said(done.text);
    });
  };
  return [make('form', {class: 'suki-form', onsubmit: save},
    make('label', null, say.month, month), make('label', null, say.day, day),
    make('button', {class: 'suki-button suki-button--main'}, say.save))];
}

/** @param {Panel} panel */
export async function history(panel) {
  const rows = make('div');
  const more = button(panel.say.more, () => panel.busy(() => page(before)));
  /** @type {number | null} */ let before = null;
  const page = async (/** @type {number | null} */ from) => {
    const found = await panel.ask(`entries${from ? `?before=${from}` : ''}`);
    rows.append(...found.entries.map((/** @type {any} */ one) => make('div', {class: 'suki-row'},
      make('span', null, one.headline, soft(one.on.text), list(one.reasons)),
      make('span', {class: `suki-price${one.points.points < 0 ? ' suki-price--less' : ''}`}, one.points.text))));
    before = found.before;
    more.hidden = !before;
  };
  await page(null);
  return [rows.childElementCount ? rows : soft(panel.say.no_history), more];
}

/** What a guest reads of the programme, and whoever is no member yet. @param {Panel} panel */
export async function guest(panel) {
  const {say, me} = panel;
  const page = await panel.ask('programme');
  const welcome = page.welcome ? [`${say.joining} · ${page.welcome}`] : [];
  const lines = [...page.earn, ...welcome, ...page.activities.map((/** @type {any} */ one) => [one.name, one.gives, one.text].filter(Boolean).join(' · '))];
  const customer = me.state !== 'guest';
  return [
    customer && button(say.join, () => panel.busy(async () => {
      const done = await panel.act('join');
      await panel.fresh('');
      panel.said(done.text);
    }), {class: 'suki-button suki-button--main'}),
    lines.length > 0 && card(make('h3', null, say.earn), list(lines)),
    page.rewards.length > 0 && card(make('h3', null, say.rewards), ...page.rewards.slice(0, 6).map((/** @type {any} */ one) =>
      make('div', {class: 'suki-row'}, make('span', null, one.title), make('span', {class: 'suki-price'}, one.price.text)))),
    page.referral && card(make('h3', null, say.invite), make('p', null, page.referral)),
  ];
}
