import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {MEMBER, answering, cartTaking, code, me, on, opened, page, points, press, quiet, reward, said} from './stage.js';

const EMPTY = {item_count: 0, items: []};
const CART = {
  item_count: 2, currency: 'USD', total_price: 3990, discount_codes: [{code: 'OTHER', applicable: true}],
  items: [{product_id: 1, variant_id: 2, quantity: 2, final_price: 1995, gift_card: false}],
};
const ASKED = {
  currency: 'USD', subtotal: '39.9', codes: ['OTHER'],
  lines: [{product_id: 1, variant_id: 2, quantity: 2, price: '19.95', gift_card: false, subscription: false}],
};
const HELD = {'GET cart.js': EMPTY, 'GET /cart.js': EMPTY, 'GET me': me(), 'GET held': {key: 'k2', held: [], before: null}};
const judged = (more = {}) => ({key: 'k3', estimate: {text: 'This order earns 39 points.'}, rewards: [reward()], held: [], next_reward: null, ...more});

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (then) => then());
  cartTaking([]);
});
afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

describe('where the member stands', () => {
  const reach = {name: 'Gold', missing: '₱100', share: 76, text: '₱100 more to reach Gold.'};
  const keep = {name: 'Silver', missing: '₱50', share: 10, text: '₱50 more to keep Silver.'};
  const until = 'Gold is yours until the end of 31 January 2027.';

  it.each([
    [{name: '', reach, keep: null, news: []}, '[tier]₱100 more to reach Gold.'],
    [{name: 'Silver', reach, keep, news: []}, 'Silver₱100 more to reach Gold.₱50 more to keep Silver.'],
    [{name: 'Gold', reach: null, keep: null, news: [until]}, `Gold${until}`],
  ])('stands once, to be read and to be heard: %j', async (tier, read) => {
    answering({...HELD, 'GET me': me({member: {...MEMBER, next_reward: null, tier: {benefits: [], until: null, ...tier}}})});
    const body = await opened(page());
    expect([...body.querySelectorAll('.suki-card')].map((card) => card.textContent)).toEqual([read]);
    expect(body.querySelectorAll('[aria-label]')).toHaveLength(0);
  });
});

describe('nobody who is signed in', () => {
  const programme = {earn: ['1 point for every $1.00'], welcome: '+25 points', activities: [], tiers: [], rewards: [{title: '<b>Mug</b>', price: points(5)}], referral: null};

  it('asks for nothing until it is opened', async () => {
    const sent = answering({});
    page();
    expect(sent).toEqual([]);
  });

  it('reads the programme below the way to sign in', async () => {
    answering({...HELD, 'GET me': me({state: 'guest', member: null}), 'GET programme': programme});
    const body = await opened(page());
    expect(body.querySelector('a').getAttribute('href')).toBe('/login');
    expect(body.textContent).toContain('1 point for every $1.00');
    expect(body.textContent).toContain('[joining] · +25 points');
    expect(body.querySelector('b')).toBeNull();
    expect(body.textContent).toContain('<b>Mug</b>');
  });

  it('is a customer who may join', async () => {
    const states = ['unknown', 'member', 'member'];
    const sent = answering({
      ...HELD, 'GET programme': programme, 'GET me': () => me({state: states[0], member: states.shift() === 'member' ? MEMBER : null}),
      'POST join': {key: 'k2', text: 'Welcome.', points: null, available: null},
    });
    const panel = page();
    await opened(panel);
    await press(panel, '[join]');
    expect(sent).toContainEqual(['POST join', {key: 'k1'}]);
    expect(said(panel)).toBe('Welcome.');
    expect(panel.querySelector('.suki-menu')).not.toBeNull();
  });

  it('finds the launcher gone where the programme is not launched', async () => {
    answering({...HELD, 'GET me': {status: 403, code: 'not_launched', detail: ''}});
    const panel = page();
    await opened(panel);
    expect(panel.isConnected).toBe(false);
  });
});

describe('a script that comes early', () => {
  it('waits until the page has been read to its end', async () => {
    answering({...HELD});
    const state = vi.spyOn(document, 'readyState', 'get').mockReturnValue('loading');
    const panel = page();
    const inside = [...panel.childNodes];
    panel.replaceChildren();
    document.body.append(panel);
    panel.append(...inside);
    state.mockRestore();
    document.dispatchEvent(new Event('DOMContentLoaded'));
    await opened(panel);
    expect(panel.querySelector('.suki-menu')).not.toBeNull();
  });
});

describe('in the theme editor', () => {
  it('opens when the merchant chooses it, and not for another block', async () => {
    answering({...HELD});
    const panel = page();
    document.querySelector('#out').dispatchEvent(new CustomEvent('shopify:block:select', {bubbles: true}));
    await quiet(panel);
    expect(panel.querySelector('.suki-menu')).toBeNull();
    panel.dispatchEvent(new CustomEvent('shopify:block:select', {bubbles: true}));
    await quiet(panel);
    expect(panel.querySelector('.suki-menu')).not.toBeNull();
  });
});

describe('a member', () => {
  it('sees what there is, and only the parts that the merchant shows', async () => {
    answering({...HELD, 'GET held': {key: 'k2', held: [code()], before: null}});
    const panel = page({birthday: false, history: true});
    const body = await opened(panel);
    const menu = [...body.querySelectorAll('.suki-menu button')].map((one) => one.textContent);
    expect(menu).toEqual(['[rewards]', '[earn]', '[codes]', '[invite]', '[history]']);
    expect(body.textContent).toContain('SUKI-7');
    expect(body.textContent).toContain('Until 31 January 2027');
    expect(panel.querySelector('.suki-bar span').style.inlineSize || panel.querySelector('.suki-bar span').getAttribute('style')).toContain('90%');
  });

  it('reads which points come and which go, and when', async () => {
    const dated = {coming: [{points: points(24), on}], expiring: {points: points(40), on}};
    answering({...HELD, 'GET me': me({member: {...MEMBER, ...dated}})});
    const body = await opened(page());
    expect([...body.querySelectorAll('.suki-lines li')].map((one) => one.textContent)).toEqual(
      ['24 points from 31 January 2027', '40 points until 31 January 2027']);
  });

  it('redeems for the cart, and the code stands beside that of somebody else', async () => {
    const cart = cartTaking(['SUKI-7', 'OTHER'], ['OTHER']);
    const sent = answering({
      ...HELD, 'GET /cart.js': CART, 'POST cart': judged(),
      'POST redeem': {key: 'k4', held: code(), available: points(265), text: 'Yours.'},
    });
    const panel = page();
    await opened(panel);
    expect(sent).toContainEqual(['POST cart', ASKED]);
    await press(panel, '[rewards]');
    await press(panel, '[choose]: $5 off');
    await press(panel, '[redeem_use]');
    expect(sent).toContainEqual(['POST redeem', {reward: 'r1', price: 100, offer: 'of-r1', key: 'k3'}]);
    expect(cart.codes).toEqual(['OTHER', 'SUKI-7']);
    expect(said(panel)).toBe('[applied]');
  });

  it('spends nothing on what has changed while it was shown, and shows it as it is now', async () => {
    const shown = [reward(), reward({price: points(200), offer: 'another'})];
    const sent = answering({
      ...HELD, 'GET rewards': () => ({key: 'k3', rewards: [shown.length > 1 ? shown.shift() : shown[0]]}),
      'POST redeem': {status: 409, code: 'price_changed', detail: 'This reward has changed.'},
    });
    const panel = page();
    await opened(panel);
    await press(panel, '[rewards]');
    await press(panel, '[choose]: $5 off');
    await press(panel, '[redeem]');
    expect(sent.filter(([name]) => name === 'POST redeem')).toHaveLength(1);
    expect(said(panel)).toBe('This reward has changed.');
    expect(panel.querySelector('[data-body] .suki-price').textContent).toBe(points(200).text);
  });

  it('has the points back at once where the cart does not take the code', async () => {
    const cart = cartTaking(['OTHER'], ['OTHER']);
    const sent = answering({
      ...HELD, 'GET /cart.js': CART, 'POST cart': judged(),
      'POST redeem': {key: 'k4', held: code(), available: points(265), text: 'Yours.'},
      'POST held/7/release': {key: 'k5', held: code({state: 'returning', code: null}), available: points(365), text: 'Back.'},
    });
    const panel = page();
    await opened(panel);
    await press(panel, '[rewards]');
    await press(panel, '[choose]: $5 off');
    await press(panel, '[redeem_use]');
    expect(sent.filter(([name]) => name.startsWith('POST held'))).toEqual([['POST held/7/release', {key: 'k4'}]]);
    expect(cart.codes).toEqual(['OTHER']);
    expect(said(panel)).toBe('[refused]');
  });

  it('waits for a code that is not made yet, and says so when it takes too long', async () => {
    vi.useFakeTimers({toFake: ['setTimeout']});
    const preparing = code({state: 'preparing', code: null});
    const sent = answering({
      ...HELD, 'GET rewards': {key: 'k3', rewards: [reward()]}, 'GET held/7': preparing,
      'POST redeem': {key: 'k4', held: preparing, available: points(265), text: 'Yours.'},
    });
    const panel = page();
    panel.querySelector('[role=dialog]').showPopover();
    await vi.advanceTimersByTimeAsync(10);
    for (const words of ['[rewards]', '[choose]: $5 off', '[redeem]']) {
      [...panel.querySelectorAll('button')].find((one) => [one.textContent, one.getAttribute('aria-label')].includes(words)).click();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(said(panel)).toBe('[preparing]');
    await vi.advanceTimersByTimeAsync(11_500);
    expect(sent.filter(([name]) => name === 'GET held/7')).toHaveLength(5);
    expect(said(panel)).toBe('[later]');
    vi.useRealTimers();
  });

  it('chooses how many points', async () => {
    const slider = {least: 50, most: 300, step: 10, worth: {text: '$1.00'}};
    const sent = answering({
      ...HELD, 'GET rewards': {key: 'k3', rewards: [reward({slider})]},
      'POST redeem': {key: 'k4', held: code(), available: points(245), text: 'Yours.'},
    });
    const panel = page();
    await opened(panel);
    await press(panel, '[rewards]');
    await press(panel, '[choose]: $5 off');
    const range = panel.querySelector('input[type=range]');
    expect([range.min, range.max, range.step, range.value]).toEqual(['50', '300', '10', '300']);
    range.value = '120';
    range.dispatchEvent(new Event('input', {bubbles: true}));
    expect(panel.querySelector('output').textContent).toBe('120');
    await press(panel, '[redeem]');
    expect(sent).toContainEqual(['POST redeem', {reward: 'r1', price: 120, offer: 'of-r1', points: 120, key: 'k3'}]);
    expect(said(panel)).toBe('Yours.');
  });

  it('reads why a reward cannot be had, and how near it is', async () => {
    answering({...HELD, 'GET rewards': {key: 'k', rewards: [reward({usable: false, share: 40, why: {code: 'x', text: 'You need 60 more.'}})]}});
    const panel = page();
    await opened(panel);
    await press(panel, '[rewards]');
    expect(panel.querySelector('[data-body]').textContent).toContain('You need 60 more.');
    expect(panel.querySelector('[data-body] button')).toBeNull();
    expect(panel.querySelector('.suki-bar').getAttribute('aria-label')).toBe('$5 off: 40 %');
  });

  it('gets a hidden code by the second step only', async () => {
    answering({...HELD, 'GET held': {key: 'k2', held: [code({code: null, hidden: true, releasable: false})], before: null}});
    const body = await opened(page());
    expect(body.textContent).toContain('[hidden]');
    expect(body.querySelector('.suki-code a').getAttribute('href')).toBe('/apps/suki/redemptions/7');
  });

  it('opens a view by a link of the page, which leads elsewhere without a script', async () => {
    answering({...HELD, 'GET invitation': {link: 'https://nena.example/r/x', code: null, text: 'Both get 10%.', friends: 0, message: 'Hi:'}});
    const panel = page();
    const click = new MouseEvent('click', {bubbles: true, cancelable: true});
    document.querySelector('#out').dispatchEvent(click);
    expect(click.defaultPrevented).toBe(true);
    await quiet(panel);
    expect(panel.querySelector('h2').textContent).toBe('[invite]');
    const links = [...panel.querySelectorAll('[data-body] a')].map((one) => one.getAttribute('href'));
    expect(links[0]).toBe('https://wa.me/?text=Hi%3A%20https%3A%2F%2Fnena.example%2Fr%2Fx');
    await press(panel, '');
    expect(panel.querySelector('h2').textContent).toBe('Hello Ana');
  });

  it('saves a birthday, and reads the history page by page', async () => {
    const entry = (id) => ({id, kind: 'earn', points: points(10), on, at: '', headline: `Order ${id}`, reasons: ['Because.']});
    const sent = answering({
      ...HELD, 'POST profile': {key: 'k9', text: 'Saved.', points: null, available: null},
      'GET entries': {entries: [entry(2)], before: 2}, 'GET entries?before=2': {entries: [entry(1)], before: null},
    });
    const panel = page();
    await opened(panel);
    await press(panel, '[birthday]');
    panel.querySelector('[name=month]').value = '5';
    panel.querySelector('[name=day]').value = '4';
    panel.querySelector('form').dispatchEvent(new Event('submit', {cancelable: true}));
    await quiet(panel);
    expect(sent).toContainEqual(['POST profile', {birthday: {month: 5, day: 4}, key: 'k2'}]);
    await press(panel, '[history]');
    await press(panel, '[more]');
    expect([...panel.querySelectorAll('.suki-row')].map((one) => one.textContent)).toHaveLength(2);
    expect(panel.querySelector('[data-body] > button').hidden).toBe(true);
  });

  it('reads what went wrong, and nothing is lost', async () => {
    answering({...HELD, 'GET rewards': {status: 429, code: 'too_many', detail: 'Too often. Try again in an hour.'}});
    const panel = page();
    await opened(panel);
    await press(panel, '[rewards]');
    expect(said(panel)).toBe('Too often. Try again in an hour.');
    expect(panel.querySelector('.suki-menu')).not.toBeNull();
  });

  it('reads that it failed where nobody answers', async () => {
    answering({'GET /cart.js': EMPTY});
    const panel = page();
    await opened(panel);
    expect(said(panel)).toBe('[failed]');
    expect(panel.querySelector('[data-body] a').textContent).toBe('Sign in');
  });
});
