// Each target of the till in every state: one test for each pair, so that a list of tests reads as a grid.
import {join} from 'node:path';
import {waitFor} from '@testing-library/preact';
import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {held, member, points, reward} from '../../shared/account/answers.js';
import {control, press, said, words} from '../../shared/account/reading.js';
import {answering, close, open, problem} from '../../shared/testing.js';
import {cart, judged, sale, stranger, view} from './answers.js';

const FOLDER = join(import.meta.dirname, '..');
const TARGETS = /** @type {const} */ ({
  tile: 'pos.home.tile.render',
  home: 'pos.home.modal.render',
  block: 'pos.customer-details.block.render',
  action: 'pos.customer-details.action.render',
  sale: 'pos.purchase.post.block.render',
});
/** @typedef {keyof typeof TARGETS} Name */
const extensions = Object.fromEntries(
  Object.entries(TARGETS).map(([name, target]) => [name, getExtension(/** @type {any} */ (target), {configSearchDir: import.meta.dirname})]));
/** @type {any} */
let extension;

/** @param {Name} name @param {Record<string, unknown>} [table] @param {{cart?: object, offline?: boolean, token?: string, language?: string}} [at] */
async function shown(name, table = {}, at = {}) {
  extension = extensions[name];
  open(extension, FOLDER, {language: at.language});
  const {shopify} = extension;
  if ('cart' in shopify) shopify.cart.current.value = cart(at.cart);
  if (name === 'block' || name === 'action') shopify.customer.id = 9;
  if (name === 'sale') Object.assign(shopify.order, {id: 1, customerId: 9});
  if (at.offline) shopify.connectivity.current.value = {internetConnected: 'Disconnected'};
  if ('token' in at) shopify.session.getSessionToken = async () => at.token;
  if (at.language) shopify.locale.current.value = at.language;
  const asked = answering(extension, {
    'GET /customers/9': view(), 'POST /customers/9/cart': judged(), 'GET /orders/1': sale(), 'GET /members': {members: [], more: false}, ...table,
  });
  await extension.render();
  return asked;
}

afterEach(() => {
  close(extension);
  vi.useRealTimers();
});

const ALL = /** @type {[Name, string, string][]} */ ([
  ['tile', 'GET /customers/9', '640 points'],
  ['home', 'GET /customers/9', '640 points'],
  ['block', 'GET /customers/9', '640 points'],
  ['action', 'GET /customers/9', '640 points'],
  ['sale', 'GET /orders/1', '42 points'],
]).map(([name, call, text]) => ({name, call, text, target: TARGETS[name]}));

describe.each(ALL)('$target', ({name, call, text}) => {
  const tile = () => document.querySelector('s-tile')?.getAttribute('subheading');
  const reads = (/** @type {string} */ wanted) => name === 'tile' ? waitFor(() => expect(tile()).toBe(wanted)) : said(wanted);

  test('member', async () => {
    const asked = await shown(name);
    await reads(text);
    expect([asked[0].headers.Authorization, asked[0].query.get('locale')]).toEqual(['Bearer mock-session-token', 'en-US']);
  });

  test('offline: said plainly, and nothing is asked or guessed', async () => {
    const asked = await shown(name, {}, {offline: true});
    await (name === 'tile' ? reads('Needs an internet connection') : said('This till is offline.'));
    expect(asked).toEqual([]);
    expect(words()).not.toContain('points |');
  });

  test('back online: asked by itself', async () => {
    const asked = await shown(name, {}, {offline: true});
    extension.shopify.connectivity.current.value = {internetConnected: 'Connected'};
    await reads(text);
    expect(asked.length).toBeGreaterThan(0);
  });

  test('slow: no number before there is one', async () => {
    await shown(name, {[call]: () => new Promise(() => {})});
    await (name === 'tile' ? reads("See this customer's points") : said('Loading'));
  });

  test('expired token: a new one is asked for once', async () => {
    let turn = 0;
    await shown(name, {[call]: () => ++turn === 1 ? problem('unauthorized', 401) : name === 'sale' ? sale() : view()});
    await reads(text);
    expect(turn).toBe(2);
  });

  test.each([['long names', 'Pinakamahabang pangalan '.repeat(9).trim()], ['zero decimals', '¥500'], ['three decimals', 'KD 1.250'], ['right to left', '٦٤٠ نقطة']])(
    'texts of the app with %s are shown as they are', async (_name, own) => {
      await shown(name, {'GET /customers/9': view({member: member({available: points(640, own)})}), 'GET /orders/1': sale({points: points(42, own)})});
      await reads(own);
    });

  test('Filipino: asks the app for it', async () => {
    const asked = await shown(name, {}, {language: 'fil'});
    await reads(text);
    expect(asked[0].query.get('locale')).toBe('fil');
  });

  test('not launched: nothing of the programme', async () => {
    await shown(name, {[call]: () => problem('not_launched', 403)});
    if (name === 'home' || name === 'action') await said("The programme hasn't launched yet.");
    else await waitFor(() => expect(document.body.innerHTML).toBe(''));
    expect(words()).not.toContain('640');
  });
});

describe.each(ALL.filter(({name}) => name !== 'tile'))('$target', ({name, call, text}) => {
  test('staff without access: said plainly', async () => {
    const asked = await shown(name, {}, {token: undefined});
    await said("Your staff account can't use this app. Ask an admin to give you access.");
    expect(asked).toEqual([]);
  });

  test.each([['forbidden', 403], ['too_many_calls', 429], ['not_found', 404]])('refused (%s): the words of the app', async (code, status) => {
    await shown(name, {[call]: () => problem(code, status, `Words for ${code}`)});
    await said(`Words for ${code}`);
    expect(words()).not.toContain(text);
  });
});

describe.each(ALL.filter(({name}) => name === 'home' || name === 'action'))('$target', ({name}) => {
  test('unknown: can be added after asking', async () => {
    let now = stranger('unknown');
    await shown(name, {'GET /customers/9': () => now, 'POST /customers/9/join': () => { now = view(); return {key: 'k', text: 'Ana is a member now.', points: null, available: null}; }});
    await said('Not a member yet. Ask before you add them.');
    press('Add to the programme');
    await said('Ana is a member now.');
    await said('640 points');
  });

  test.each([['left', 'Left the programme.'], ['guest', 'Earns as a guest.']])('%s: said, and not taken in by staff', async (state, text) => {
    await shown(name, {'GET /customers/9': stranger(/** @type {'left'} */ (state))});
    await said(text);
    expect(control('Add to the programme')).toBeUndefined();
  });

  test('empty: no points and no rewards', async () => {
    await shown(name, {'GET /customers/9': view({member: member({available: points(0)})}), 'POST /customers/9/cart': judged({rewards: [], estimate: null})});
    await said('0 points');
    await said('There are no rewards right now.');
  });

  test('a reward that this sale cannot use says why', async () => {
    await shown(name, {'POST /customers/9/cart': judged({rewards: [reward({usable: false, why: {code: 'cart_too_small', text: 'Add ₱80 more.'}})]})});
    await said('Add ₱80 more.');
    expect(control('Redeem ₱50 off')).toBeUndefined();
  });
});

test(`${TARGETS.tile}: nobody on the sale`, async () => {
  const asked = await shown('tile', {}, {cart: {customer: undefined}});
  expect(document.querySelector('s-tile')?.getAttribute('subheading')).toBe('Add a customer to see their points');
  expect(asked).toEqual([]);
  const presented = vi.spyOn(extension.shopify.action, 'presentModal');
  /** @type {HTMLElement} */ (document.querySelector('s-tile')).click();
  expect(presented).toHaveBeenCalledOnce();
});

test.each([['another customer', {id: 8}], ['nobody', undefined]])(`${TARGETS.action}: with %s on the sale, their codes and rewards wait`, async (_name, customer) => {
  const asked = await shown('action', {'GET /customers/9': view({held: [held()]})}, {cart: {customer}});
  await said('Add this customer to the sale to use their codes and rewards.');
  expect(words()).not.toContain('SUKI-7K3M');
  expect(asked.some(({path}) => path.endsWith('/cart'))).toBe(false);
  extension.shopify.cart.setCustomer = async (/** @type {{id: number}} */ one) => { extension.shopify.cart.current.value = cart({customer: one}); };
  press('Add Ana Reyes to the sale');
  await said('SUKI-7K3M');
  await said('This sale earns 42 points.');
});

test(`${TARGETS.block}: opens its page`, async () => {
  await shown('block');
  await said('640 points');
  const presented = vi.spyOn(extension.shopify.action, 'presentModal');
  press('Open rewards');
  expect(presented).toHaveBeenCalledOnce();
});

test(`${TARGETS.sale}: a sale that the app has not heard of is looked for`, async () => {
  vi.useFakeTimers({shouldAdvanceTime: true});
  let state = /** @type {'waiting' | 'known'} */ ('waiting');
  const asked = await shown('sale', {'GET /orders/1': () => sale(state === 'waiting' ? {state, points: null, text: 'The points will come.', reasons: [], available_on: null} : {})});
  await said('The points will come.');
  state = 'known';
  await vi.advanceTimersByTimeAsync(1600);
  await said('42 points');
  await said('1 point for every ₱10 of ₱420');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked.length).toBe(2);
});
