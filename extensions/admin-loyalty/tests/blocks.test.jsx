// The admin's blocks in every state: one test for each pair, so that a list of tests reads as a grid.
import {join} from 'node:path';
import {waitFor} from '@testing-library/preact';
import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {day, entry, held, member, points, reward} from '../../shared/account/answers.js';
import {control, press, put, said, words} from '../../shared/account/reading.js';
import {answering, close, open, problem} from '../../shared/testing.js';
import {sale as order, stranger, view} from '../../pos-loyalty/tests/answers.js';

const FOLDER = join(import.meta.dirname, '..');
const TARGETS = /** @type {const} */ ({customer: 'admin.customer-details.block.render', order: 'admin.order-details.block.render'});
const extensions = Object.fromEntries(
  Object.entries(TARGETS).map(([name, target]) => [name, getExtension(/** @type {any} */ (target), {configSearchDir: import.meta.dirname})]));
/** @type {any} */
let extension;

/** @param {keyof typeof TARGETS} name @param {Record<string, unknown>} [table] @param {{token?: string | null, language?: string}} [at] */
async function shown(name, table = {}, at = {}) {
  extension = extensions[name];
  open(extension, FOLDER, {language: at.language});
  extension.shopify.data.selected = [{id: name === 'customer' ? 'gid://shopify/Customer/9' : 'gid://shopify/Order/1'}];
  extension.shopify.auth.idToken = async () => at.token === undefined ? 'id-token' : at.token;
  const asked = answering(extension, {'GET /customers/9': view(), 'GET /orders/1': order(), ...table});
  await extension.render();
  return asked;
}

/** @param {any[]} asked */
const acts = (asked) => asked.filter(({method}) => method === 'POST').map(({path, body}) => [path, body]);

afterEach(() => close(extension));

const BOTH = /** @type {['customer' | 'order', string, string][]} */ ([
  ['customer', 'GET /customers/9', '640 points'], ['order', 'GET /orders/1', '42 points'],
]).map(([name, call, text]) => ({name, call, text, target: TARGETS[name]}));

describe.each(BOTH)('$target', ({name, call, text}) => {
  test('member', async () => {
    const asked = await shown(name);
    await said(text);
    expect(asked.map(({headers}) => headers.Authorization)).toEqual(['Bearer id-token']);
    expect(document.querySelector('s-admin-block')?.getAttribute('collapsedsummary')).toBe(text);
    expect(control('Open in the app')?.getAttribute('href')).toMatch(/^app:\/app\//);
  });

  test('slow: a spinner', async () => {
    await shown(name, {[call]: () => new Promise(() => {})});
    expect(document.querySelector('s-spinner')?.getAttribute('accessibilitylabel')).toBe('Loading');
  });

  test.each([['forbidden', 403], ['too_many_calls', 429], ['not_found', 404]])('refused (%s): the words of the app, and another try', async (code, status) => {
    let refused = true;
    await shown(name, {[call]: () => refused ? problem(code, status, `Words for ${code}`) : name === 'customer' ? view() : order()});
    await said(`Words for ${code}`);
    refused = false;
    press('Try again');
    await said(text);
  });

  test('staff without access: said plainly', async () => {
    const asked = await shown(name, {}, {token: null});
    await said("Your staff account can't use this app. Ask an admin to give you access.");
    expect(asked).toEqual([]);
  });

  test('expired token: a new one is asked for once', async () => {
    let turn = 0;
    await shown(name, {[call]: () => ++turn === 1 ? problem('unauthorized', 401) : name === 'customer' ? view() : order()});
    await said(text);
    expect(turn).toBe(2);
  });

  test('offline: said plainly', async () => {
    await shown(name, {[call]: () => new TypeError('Failed to fetch')});
    await said("We couldn't connect. Check your internet connection and try again.");
  });

  test('Filipino', async () => {
    await shown(name, {}, {language: 'fil'});
    await said('Buksan sa app');
  });

  test.each([['long names', 'Pinakamahabang pangalan '.repeat(9).trim()], ['zero decimals', '¥500'], ['three decimals', 'KD 1.250'], ['right to left', '٦٤٠ نقطة']])(
    'texts of the app with %s are shown as they are', async (_name, own) => {
      await shown(name, {'GET /customers/9': view({member: member({available: points(640, own)})}), 'GET /orders/1': order({points: points(42, own)})});
      await said(own);
    });
});

describe(TARGETS.customer, () => {
  test('everything that staff know of a member', async () => {
    await shown('customer', {'GET /customers/9': view({
      member: member({
        pending: points(42), on_hold: points(500), expiring: {points: points(90), on: day('1 June 2031')},
        tier: {name: 'Silver', benefits: [], reach: null, keep: null, until: null, news: []},
        next_reward: {name: '₱80 off', missing: '160', share: 80, text: '160 points more for ₱80 off'},
      }),
      last_survey: 'Recommends you: 9 of 10', entries: [1, 2, 3, 4].map((id) => entry({id, headline: `Order #${id}`})),
    })});
    await said('Silver');
    for (const text of ['42 points pending', '500 points reserved for unused codes', '90 points expire at the end of 1 June 2031',
      '160 points more for ₱80 off', 'Recommends you: 9 of 10', 'Order #1: +42 points, 4 May 2031']) expect(words()).toContain(text);
    expect(words()).not.toContain('Order #4');
  });

  test('giving and taking points opens its own action, where the role may', async () => {
    await shown('customer');
    await said('640 points');
    const navigate = vi.spyOn(extension.shopify.navigation, 'navigate');
    press('Give or take points');
    expect(navigate).toHaveBeenCalledExactlyOnceWith('extension://admin-loyalty-adjust');
  });

  test('a role that may not give points has no such button', async () => {
    await shown('customer', {'GET /customers/9': view({may_adjust: false})});
    await said('640 points');
    expect(control('Give or take points')).toBeUndefined();
  });

  test('a role that may only look is offered nothing that would be refused', async () => {
    const nothing = {may_adjust: false, may_redeem: false, may_return: false, may_give_birthday: false, may_join: false};
    const rewards = [reward()];
    await shown('customer', {'GET /customers/9': view({...nothing, rewards, held: [held()]})});
    await said('SUKI-7K3M');
    expect([...document.querySelectorAll('s-button, s-select')]).toEqual([]);
    close(extension);
    await shown('customer', {'GET /customers/9': view({...nothing, state: 'unknown', member: null})});
    await said('Not a member yet.');
    expect([...document.querySelectorAll('s-button')]).toEqual([]);
  });

  test('redeeming for the customer says what happens, spends once, and shows the code', async () => {
    let codes = /** @type {import('../../shared/api').Held[]} */ ([]);
    const asked = await shown('customer', {
      'GET /customers/9': () => view({rewards: [reward(), reward({id: 'r2', title: '₱500 off', usable: false})], held: codes}),
      'POST /customers/9/redeem': () => { codes = [held()]; return {key: 'k', held: held(), available: points(140), text: '₱50 off is theirs.'}; },
    });
    await said('₱50 off, 500 points');
    expect(words()).not.toContain('₱500 off');
    put('s-select', 'change', {value: 'r1'});
    await said("You'll get your own code for one order.");
    expect(acts(asked)).toEqual([]);
    press('Redeem ₱50 off');
    await said('₱50 off is theirs.');
    await said('₱50 off: SUKI-7K3M');
    expect(acts(asked)).toEqual([['/customers/9/redeem', {reward: 'r1', price: 500, offer: 'of-r1', key: 'key-view'}]]);
  });

  test('a slider takes what fits', async () => {
    const slider = {least: 100, most: 600, step: 100, worth: {amount: '10', currency: 'PHP', text: '₱10.00'}};
    const asked = await shown('customer', {
      'GET /customers/9': view({rewards: [reward({slider})]}),
      'POST /customers/9/redeem': {key: 'k', held: held(), available: points(140), text: 'Done.'},
    });
    await said('₱50 off, 500 points');
    put('s-select', 'change', {value: 'r1'});
    await said('From 100 to 600, in steps of 100');
    put('s-number-field', 'input', {value: '150'});
    await waitFor(() => expect(control('Redeem ₱50 off')?.hasAttribute('disabled')).toBe(true));
    put('s-number-field', 'input', {value: '200'});
    await waitFor(() => expect(control('Redeem ₱50 off')?.hasAttribute('disabled')).toBe(false));
    press('Redeem ₱50 off');
    await said('Done.');
    expect(acts(asked)[0][1]).toEqual({reward: 'r1', price: 200, offer: 'of-r1', points: 200, key: 'key-view'});
  });

  test('a code is taken back', async () => {
    const asked = await shown('customer', {
      'GET /customers/9': view({held: [held()]}),
      'POST /customers/9/held/7/release': {key: 'k', held: held({state: 'returned'}), available: points(1140), text: 'Returned.'},
    });
    await said('₱50 off: SUKI-7K3M');
    press('Return ₱50 off');
    await said('Returned.');
    expect(acts(asked)).toEqual([['/customers/9/held/7/release', {key: 'key-view'}]]);
  });

  test('unknown: can be added', async () => {
    let now = stranger('unknown');
    await shown('customer', {'GET /customers/9': () => now, 'POST /customers/9/join': () => { now = view(); return {key: 'k', text: 'Joined.', points: null, available: null}; }});
    await said('Not a member yet.');
    press('Add to the programme');
    await said('640 points');
  });

  test.each([['left', 'Left the programme.'], ['guest', 'Earns as a guest.']])('%s: said', async (state, text) => {
    await shown('customer', {'GET /customers/9': stranger(/** @type {'left'} */ (state))});
    await said(text);
    expect(control('Add to the programme')).toBeUndefined();
  });
});

describe(TARGETS.order, () => {
  test('the points of this order are explained sentence by sentence', async () => {
    await shown('order');
    for (const text of ['42 points', 'Pending until the return period is over.', 'Member: Ana Reyes', 'Available from 18 May 2031', '1 point for every ₱10 of ₱420']) await said(text);
  });

  test('an order that the app has not heard of can be asked for again', async () => {
    let now = order({state: 'waiting', points: null, text: 'Not here yet.', reasons: [], available_on: null, member: '', path: null});
    await shown('order', {'GET /orders/1': () => now});
    await said('Not here yet.');
    expect(control('Open in the app')).toBeUndefined();
    now = order();
    press('Check again');
    await said('42 points');
  });
});
