// The page in every state: one test for each, so that a list of tests reads as a grid.
import {join} from 'node:path';
import {waitFor} from '@testing-library/preact';
import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {answering, close, open, problem} from '../../shared/testing.js';
import {day, me, member, outside, points, reward, table} from '../../shared/account/answers.js';
import {control, press, said, words} from '../../shared/account/reading.js';

const FOLDER = join(import.meta.dirname, '..');
const TARGET = 'customer-account.page.render';
const extension = getExtension(TARGET, {configSearchDir: import.meta.dirname});

/** @param {Record<string, unknown>} [more] @param {object} [options] */
async function shown(more = {}, options = {}) {
  open(extension, FOLDER, options);
  const asked = answering(extension, table(more));
  await extension.render();
  return asked;
}

afterEach(() => {
  close(extension);
  vi.useRealTimers();
});

describe(TARGET, () => {
  test('guest: reads the programme and how to sign in, and cannot join', async () => {
    const asked = await shown({'GET /me': outside('guest')});
    await said('Spend ₱10,000 in a year');
    expect(words()).toContain('Sign in to see your own points and rewards.');
    expect(control('Join')).toBeUndefined();
    expect(asked.map(({path}) => path)).toEqual(['/me', '/programme']);
  });

  test('unknown: reads the programme and can join', async () => {
    await shown({'GET /me': outside('unknown')});
    await said('Sari Store rewards');
    await said('Your friend gets ₱50 off.');
    expect(control('Join')).toBeDefined();
  });

  test('left: reads that they left, and can come back', async () => {
    await shown({'GET /me': outside('left')});
    await said("You've left the programme.");
    expect(control('Rejoin')).toBeDefined();
    expect(control('Join')).toBeUndefined();
  });

  test('member: balance, what is coming and ending, tier with reach and keep, next reward', async () => {
    const tier = {
      name: 'Silver', benefits: ['1.5× points'], reach: {name: 'Gold', missing: '₱500', share: 40, text: 'Spend ₱500 more for Gold'},
      keep: {name: 'Silver', missing: '₱100', share: 90, text: 'Spend ₱100 more to keep Silver'}, until: null, news: [],
    };
    await shown({'GET /me': me({member: member({
      tier, pending: points(42), on_hold: points(500, '500 points'), coming: [{points: points(42), on: day('18 May 2031')}],
      expiring: {points: points(90), on: day('1 June 2031')}, next_reward: {name: '₱80 off', missing: '160', share: 80, text: '160 points more for ₱80 off'},
    })})});
    await said('640 points');
    for (const text of ['42 points pending', '42 points on 18 May 2031', "500 points reserved for codes you haven't used yet",
      '90 points expire at the end of 1 June 2031', '160 points more for ₱80 off', 'Silver', '1.5× points', 'Spend ₱500 more for Gold',
      'Spend ₱100 more to keep Silver']) expect(words()).toContain(text);
    for (const {text} of [tier.reach, tier.keep]) expect(words().split(text)).toHaveLength(2);
    expect([...document.querySelectorAll('s-progress')].map((bar) => bar.getAttribute('value'))).toEqual(['80', '90', '40']);
  });

  test('member: until when a tier is theirs that nothing keeps stands once', async () => {
    const news = ['Silver is yours until the end of 31 December 2031.'];
    const tier = {name: 'Silver', benefits: [], reach: null, keep: null, until: day('31 December 2031'), news};
    await shown({'GET /me': me({member: member({tier})})});
    await said(news[0]);
    expect(words().split('31 December 2031')).toHaveLength(2);
  });

  test('empty: no points and no rewards are said, with how to begin', async () => {
    await shown({
      'GET /me': me({member: member({available: points(0)})}), 'GET /rewards': {key: 'k', rewards: []},
      'GET /held': {key: 'k', held: [], before: null}, 'GET /entries': {entries: [], before: null},
      'GET /activities': {key: 'k', orders: [], activities: []},
    });
    await said('You earn 1 point for every ₱10.');
    press('Rewards');
    await said('There are no rewards right now.');
    press('History');
    await said('Nothing here yet. Your next order gets you started.');
    press('Ways to earn');
    await said('There are no ways to earn right now.');
  });

  test.each([
    ['no_member', 403], ['expired_page', 409], ['too_many', 429], ['not_available', 404], ['bad_input', 400],
  ])('refused (%s): the words of the app, and another try', async (code, status) => {
    let answer = problem(code, status, `Words for ${code}`);
    await shown({'GET /me': () => answer});
    await said(`Words for ${code}`);
    answer = /** @type {any} */ (me());
    press('Try again');
    await said('640 points');
    expect(words()).not.toContain(`Words for ${code}`);
  });

  test('unavailable: our own words, for the app has none that are the reader\'s', async () => {
    await shown({'GET /me': () => problem('unavailable', 503, 'upstream connect error')});
    await said('Something went wrong on our side. Please try again in a moment.');
    expect(words()).not.toContain('upstream');
  });

  test('offline: said plainly, and each part of the page fails by itself', async () => {
    let online = false;
    await shown({'GET /me': () => online ? me() : new TypeError('Failed to fetch'), 'GET /rewards': () => new TypeError('Failed to fetch')});
    await said("We couldn't connect. Check your internet connection and try again.");
    online = true;
    press('Try again');
    await said('640 points');
    press('Rewards');
    await said("We couldn't connect.");
    await said('SUKI-7K3M');
  });

  test('slow: a skeleton, which gives way to a word after eight seconds', async () => {
    vi.useFakeTimers();
    open(extension, FOLDER);
    extension.fetch = vi.fn((_url, {signal}) => new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))));
    await extension.render();
    await vi.advanceTimersByTimeAsync(7900);
    expect(document.querySelectorAll('s-skeleton-paragraph').length).toBe(2);
    expect(control('Try again')).toBeUndefined();
    await vi.advanceTimersByTimeAsync(200);
    expect(document.querySelector('s-skeleton-paragraph')).toBeNull();
    expect(control('Try again')).toBeDefined();
  });

  test('expired token: a new one is asked for once, and used', async () => {
    const tokens = ['old', 'new'];
    open(extension, FOLDER);
    extension.shopify.sessionToken.get = async () => tokens.shift() ?? 'none';
    const asked = answering(extension, table({
      'GET /me': (/** @type {any} */ {headers}) => headers.Authorization === 'Bearer new' ? me() : problem('unauthorized', 401),
    }));
    await extension.render();
    await said('640 points');
    expect(asked.map(({headers}) => headers.Authorization)).toEqual(['Bearer old', 'Bearer new']);
  });

  test('refused token: a second refusal is not tried again', async () => {
    const asked = await shown({'GET /me': () => problem('unauthorized', 401, 'Sign in again.')});
    await said('Sign in again.');
    expect(asked.length).toBe(2);
  });

  test('editor: a sample without any request, and nothing can be done with it', async () => {
    const asked = await shown({}, {editor: true});
    await said('640 points');
    press('Ways to earn');
    press('History');
    await said('Order #1001');
    press('Prepare CSV');
    await said('This is a preview. Nothing was changed.');
    expect(asked).toEqual([]);
  });

  test('long names: they are shown whole, in their own direction', async () => {
    const title = 'Isang napakahabang pangalan ng reward '.repeat(8).trim();
    await shown({'GET /rewards': {key: 'k', rewards: [reward({title})]}});
    await said('640 points');
    press('Rewards');
    await said(title);
    const names = [...document.querySelectorAll('s-text[dir=auto]')].map((element) => element.textContent);
    expect(names).toContain(title);
  });

  test.each([['zero decimals', '¥500 off'], ['three decimals', 'KD 1.250 off']])(
    'currency with %s: money is shown as the app writes it', async (_name, title) => {
      await shown({'GET /rewards': {key: 'k', rewards: [reward({title, brings: `A code for ${title}`})]}});
      await said('640 points');
      press('Rewards');
      await said(`A code for ${title}`);
    });

  test('right to left: what is the shop\'s has its own direction, codes and links stay left to right', async () => {
    await shown({'GET /me': me({right_to_left: true, member: member({available: points(640, '٦٤٠ نقطة')})})});
    await said('٦٤٠ نقطة');
    press('Rewards');
    await said('SUKI-7K3M');
    expect([...document.querySelectorAll('s-text[dir=ltr]')].map((element) => element.textContent)).toEqual(['SUKI-7K3M']);
  });

  test('Filipino: the page speaks it, and asks the app for it', async () => {
    open(extension, FOLDER, {language: 'fil'});
    extension.shopify.localization.extensionLanguage.value = {isoCode: 'fil'};
    const asked = answering(extension, table());
    await extension.render();
    await said('Ang balance mo');
    expect(asked[0].query.get('locale')).toBe('fil');
  });

  test('not launched: nothing', async () => {
    await shown({'GET /me': () => problem('not_launched', 403)});
    await waitFor(() => expect(document.body.innerHTML).toBe(''));
  });
});
