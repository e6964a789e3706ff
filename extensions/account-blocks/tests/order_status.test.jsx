// One order's page: what it brought, who is told more, and the question.
import {join} from 'node:path';
import {fireEvent, waitFor} from '@testing-library/preact';
import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, expect, test, vi} from 'vitest';
import {day, me, order, points, survey} from '../../shared/account/answers.js';
import {control, press, put, said, words} from '../../shared/account/reading.js';
import {answering, close, open, problem} from '../../shared/testing.js';

const FOLDER = join(import.meta.dirname, '..');
const extension = getExtension('customer-account.order-status.block.render', {configSearchDir: import.meta.dirname});

const EVERYTHING = order({
  code: {code: 'NEXT-1A2B', brings: '₱50 off your next order', until: day('4 June 2031')}, code_by_email: true,
  tier: {name: 'Silver', benefits: [], reach: {name: 'Gold', missing: '₱500', share: 40, text: 'Spend ₱500 more for Gold'}, keep: null, until: null, news: []},
  invitation: {link: 'https://sari.example/a/1', code: null, text: 'You both get ₱50 off.', friends: 0, message: ''},
  survey: survey(),
});
/** What is the member's and not the order's. */
const OF_THE_MEMBER = ['NEXT-1A2B', '₱50 off your next order', 'Spend ₱500 more for Gold', 'You both get ₱50 off.', 'in your email', 'Open your rewards'];

/** @param {Record<string, unknown>} table @param {(shopify: any) => void} [change] */
async function shown(table, change = () => undefined) {
  open(extension, FOLDER);
  change(extension.shopify);
  const asked = answering(extension, {'GET /me': me(), ...table});
  await extension.render();
  return asked;
}

/** @param {any} shopify */
const fromMail = (shopify) => (shopify.authenticationState.value = 'pre_authenticated');

afterEach(() => {
  close(extension);
  vi.useRealTimers();
});

test('the member reads what the order brought and why, and what follows from it', async () => {
  await shown({'GET /orders/1': EVERYTHING});
  await said('42 points');
  for (const text of ['Available from 18 May 2031', '1 point for every ₱10 of ₱420', ...OF_THE_MEMBER]) expect(words()).toContain(text);
  expect(document.getElementById('order-code')?.getAttribute('text')).toBe('NEXT-1A2B');
  expect(control('Sign in to see more')).toBeUndefined();
});

test('pre-authenticated: the points of this order and the survey, and nothing of the member, whatever the app says', async () => {
  await shown({'GET /orders/1': EVERYTHING}, fromMail);
  await said('42 points');
  expect(words()).toContain('Would you recommend us?');
  for (const text of OF_THE_MEMBER) expect(words()).not.toContain(text);
  expect(document.querySelector('s-clipboard-item')).toBeNull();
});

test('pre-authenticated: whoever signs in is told more, after asking the app anew', async () => {
  let signedIn = false;
  const asked = await shown({'GET /orders/1': () => signedIn ? EVERYTHING : order()}, fromMail);
  await said('42 points');
  extension.shopify.requireLogin = async () => {
    signedIn = true;
    /** @type {any} */ (extension.shopify.authenticationState).value = 'fully_authenticated';
  };
  press('Sign in to see more');
  await said('NEXT-1A2B');
  expect(asked.filter(({path}) => path === '/orders/1').length).toBe(2);
});

test('pre-authenticated: a login that is dismissed changes nothing', async () => {
  const asked = await shown({'GET /orders/1': order()}, fromMail);
  await said('42 points');
  press('Sign in to see more');
  await Promise.resolve();
  expect(control('Sign in to see more')).toBeDefined();
  expect(asked.length).toBe(1);
});

test.each(['gid://shopify/Order/4711', 'gid://shopify/OrderIdentity/4711'])('the order of %s is asked for with its checkout', async (id) => {
  const asked = await shown({'GET /orders/4711': order()}, (shopify) => {
    shopify.order.value = {id, name: '#1001'};
    shopify.checkoutToken.value = 'c/1 2';
  });
  await said('42 points');
  expect([asked[0].path, asked[0].query.get('checkout_token'), asked[0].query.get('locale')]).toEqual(['/orders/4711', 'c/1 2', 'en']);
});

test('without an order there is nothing, and nothing is asked', async () => {
  const asked = await shown({}, (shopify) => (shopify.order.value = undefined));
  expect(document.body.innerHTML).toBe('');
  expect(asked).toEqual([]);
});

test('an order that the app has not heard of is looked for, and its points are about', async () => {
  vi.useFakeTimers({shouldAdvanceTime: true});
  let state = /** @type {'waiting' | 'known'} */ ('waiting');
  const asked = await shown({'GET /orders/1': () => order({state, about: state === 'waiting', points: points(state === 'waiting' ? 40 : 42)})});
  await said('About 40 points');
  state = 'known';
  await vi.advanceTimersByTimeAsync(1600);
  await waitFor(() => expect(words()).toContain('42 points'));
  expect(words()).not.toContain('About');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked.length).toBe(2);
});

test('looking for an order ends: after a few tries, and when the page is left', async () => {
  vi.useFakeTimers({shouldAdvanceTime: true});
  const asked = await shown({'GET /orders/1': () => order({state: 'waiting', points: null, text: 'Your points will show in your account.'})});
  await said('Your points will show in your account.');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.length).toBe(5);
});

test('a guest of the order reads how to get its points', async () => {
  await shown({'GET /orders/1': order({claim: 'Join with the email of this order to get them.'})}, fromMail);
  await said('Join with the email of this order to get them.');
});

test('the survey is answered once for this order, by its checkout, and its thanks stay', async () => {
  let open = true;
  const asked = await shown({
    'GET /orders/1': () => order({survey: open ? survey() : null}),
    'POST /survey': () => { open = false; return {key: 'k2', text: 'Thank you. You earned 10 points.', points: points(10), available: null}; },
  }, (shopify) => {
    fromMail(shopify);
    shopify.checkoutToken.value = 'c1';
  });
  await said('Would you recommend us?');
  expect(words()).toContain('You get 10 points for answering, with any score.');
  expect([...document.querySelectorAll('s-choice')].map((choice) => choice.textContent))
    .toEqual(['0: Not at all', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10: Gladly']);
  put('s-choice-list', 'change', {values: ['9']});
  put('s-text-area', 'input', {value: 'Mabilis'});
  fireEvent.submit(/** @type {Element} */ (document.querySelector('s-form')));
  await said('Thank you. You earned 10 points.');
  await waitFor(() => expect(document.querySelector('s-form')).toBeNull());
  const sent = asked.filter(({method}) => method === 'POST');
  expect(sent.map(({path, body}) => [path, body])).toEqual([
    ['/survey', {survey: 'nps', score: 9, comment: 'Mabilis', order: 1, checkout_token: 'c1', key: 'key-order'}],
  ]);
});

test('a survey without a score is not sent', async () => {
  const asked = await shown({'GET /orders/1': order({survey: survey()})});
  await said('Would you recommend us?');
  fireEvent.submit(/** @type {Element} */ (document.querySelector('s-form')));
  await waitFor(() => expect(document.querySelector('s-choice-list')?.getAttribute('error')).toBe('Select a score.'));
  expect(asked.some(({method}) => method === 'POST')).toBe(false);
});

test('a survey that was answered elsewhere says so', async () => {
  await shown({'GET /orders/1': order({survey: survey()}), 'POST /survey': () => problem('answered', 409, "You've answered already.")});
  await said('Would you recommend us?');
  put('s-choice-list', 'change', {values: ['0']});
  fireEvent.submit(/** @type {Element} */ (document.querySelector('s-form')));
  await said("You've answered already.");
});
