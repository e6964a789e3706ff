// The blocks in every state: one test for each pair, so that a list of tests reads as a grid.
import {join} from 'node:path';
import {waitFor} from '@testing-library/preact';
import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {day, me, member, order, outside, points, programme} from '../../shared/account/answers.js';
import {control, press, said, words} from '../../shared/account/reading.js';
import {answering, close, open, problem} from '../../shared/testing.js';

const FOLDER = join(import.meta.dirname, '..');
const BLOCKS = /** @type {const} */ ({
  profile: 'customer-account.profile.block.render',
  status: 'customer-account.order-status.block.render',
  list: 'customer-account.order-index.block.render',
});
const extensions = Object.fromEntries(
  Object.entries(BLOCKS).map(([name, target]) => [name, getExtension(/** @type {any} */ (target), {configSearchDir: import.meta.dirname})]));
/** @type {any} */
let extension;

/** @param {keyof typeof BLOCKS} block @param {Record<string, unknown>} [table] @param {object} [options] */
async function shown(block, table = {}, options = {}) {
  extension = extensions[block];
  open(extension, FOLDER, options);
  const asked = answering(extension, {'GET /me': me(), 'GET /orders/1': order(), ...table});
  await extension.render();
  return asked;
}

const nothing = () => waitFor(() => expect(document.body.innerHTML).toBe(''));

afterEach(() => {
  close(extension);
  vi.useRealTimers();
});

/** What differs from block to block: where it asks, and what a member reads there. */
const MEMBER = [
  ['profile', '/me', '640 points'],
  ['status', '/orders/1', '42 points'],
  ['list', '/me', 'You have 640 points.'],
].map(([block, path, text]) => ({block: /** @type {keyof typeof BLOCKS} */ (block), target: BLOCKS[/** @type {'profile'} */ (block)], path, text}));

describe.each(MEMBER)('$target', ({block, path, text}) => {
  test('member', async () => {
    const asked = await shown(block);
    await said(text);
    expect(asked.map((call) => call.path)).toEqual([path]);
    expect(asked[0].headers.Authorization).toBe('Bearer mock-session-token');
    expect(control('Open your rewards')?.getAttribute('href')).toBe('extension:account-rewards/');
  });

  test('expired token: a new one is asked for once', async () => {
    let turn = 0;
    const asked = await shown(block, {[`GET ${path}`]: () => ++turn === 1 ? problem('unauthorized', 401) : path === '/me' ? me() : order()});
    await said(text);
    expect(asked.length).toBe(2);
  });

  test('slow: a skeleton', async () => {
    await shown(block, {[`GET ${path}`]: () => new Promise(() => {})});
    expect(document.querySelector('s-skeleton-paragraph')).not.toBeNull();
  });

  test('editor: a sample without any request', async () => {
    const asked = await shown(block, {}, {editor: true});
    await said(text);
    expect(asked).toEqual([]);
  });

  test('not launched: nothing', async () => {
    await shown(block, {[`GET ${path}`]: () => problem('not_launched', 403)});
    await nothing();
  });

  test('Filipino: asks the app for it', async () => {
    extension = extensions[block];
    open(extension, FOLDER, {language: 'fil'});
    extension.shopify.localization.extensionLanguage.value = {isoCode: 'fil'};
    const asked = answering(extension, {'GET /me': me(), 'GET /orders/1': order()});
    await extension.render();
    await said('Buksan ang rewards mo');
    expect(asked[0].query.get('locale')).toBe('fil');
  });

  test.each([['zero decimals', '¥500'], ['three decimals', 'KD 1.250'], ['right to left', '٦٤٠ نقطة'], ['long names', 'Pinakamahabang pangalan '.repeat(9).trim()]])(
    'texts of the app with %s are shown as they are', async (_name, own) => {
      await shown(block, {
        'GET /me': me({member: member({available: points(640, own)}), programme: programme({points_name: own})}),
        'GET /orders/1': order({points: points(42, own)}),
      });
      await said(own);
    });
});

describe.each(MEMBER.filter(({block}) => block !== 'list'))('$target', ({block, path, text}) => {
  test.each([['no_member', 403], ['too_many', 429], ['not_available', 404]])('refused (%s): the words of the app, and another try', async (code, status) => {
    let refused = true;
    await shown(block, {[`GET ${path}`]: () => refused ? problem(code, status, `Words for ${code}`) : path === '/me' ? me() : order()});
    await said(`Words for ${code}`);
    refused = false;
    press('Try again');
    await said(text);
  });

  test('offline: said plainly', async () => {
    await shown(block, {[`GET ${path}`]: () => new TypeError('Failed to fetch')});
    await said("We couldn't connect. Check your internet connection and try again.");
  });
});

describe(BLOCKS.profile, () => {
  test('member: pending, expiring, next reward and tier', async () => {
    await shown('profile', {'GET /me': me({member: member({
      pending: points(42), expiring: {points: points(90), on: day('1 June 2031')},
      tier: {name: 'Silver', benefits: [], reach: null, keep: null, until: null, news: []},
      next_reward: {name: '₱80 off', missing: '160', share: 80, text: '160 points more for ₱80 off'},
    })})});
    await said('Silver');
    for (const text of ['42 points pending', '90 points expire at the end of 1 June 2031', '160 points more for ₱80 off']) expect(words()).toContain(text);
  });

  test('empty: no points are said as they are', async () => {
    await shown('profile', {'GET /me': me({member: member({available: points(0)})})});
    await said('0 points');
  });

  test.each([['unknown', 'You earn 1 point for every ₱10.', 'Join'], ['left', "You've left the programme.", 'Rejoin']])(
    '%s: a way in', async (state, text, button) => {
      await shown('profile', {'GET /me': outside(/** @type {'unknown' | 'left'} */ (state))});
      await said(text);
      expect(control(button)?.getAttribute('href')).toBe('extension:account-rewards/');
    });

  test('guest: nothing', async () => {
    await shown('profile', {'GET /me': outside('guest')});
    await nothing();
  });
});

describe(BLOCKS.list, () => {
  test.each(['guest', 'unknown', 'left'])('%s: nothing', async (state) => {
    await shown('list', {'GET /me': outside(/** @type {'guest'} */ (state))});
    await nothing();
  });

  test.each([['refused', () => problem('too_many', 429, 'Wait')], ['offline', () => new TypeError('Failed to fetch')]])(
    '%s: nothing, for a line is not worth a trouble', async (_name, answer) => {
      await shown('list', {'GET /me': answer});
      await nothing();
    });
});
