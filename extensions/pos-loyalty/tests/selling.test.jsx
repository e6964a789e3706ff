// What staff do at the till: find somebody, use a code, redeem, give back, and give a birthday gift.
import {join} from 'node:path';
import {waitFor} from '@testing-library/preact';
import {getExtension} from '@shopify/ui-extensions-tester';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {held, member, points, reward} from '../../shared/account/answers.js';
import {control, press, put, said, words} from '../../shared/account/reading.js';
import {answering, close, open, problem} from '../../shared/testing.js';
import {cartIn} from '../src/cart.js';
import {cart, judged, view} from './answers.js';

const FOLDER = join(import.meta.dirname, '..');
const extension = getExtension('pos.home.modal.render', {configSearchDir: import.meta.dirname});
/** @type {any} */
let shopify;

/** @param {Record<string, unknown>} table @param {object} [more] of the cart */
async function shown(table, more = {}) {
  open(extension, FOLDER);
  ({shopify} = extension);
  shopify.cart.current.value = cart(more);
  const asked = answering(extension, {'GET /customers/9': view(), 'POST /customers/9/cart': judged(), ...table});
  await extension.render();
  return asked;
}

/** A till that takes a code off the sale. */
const taking = () => vi.fn(async (/** @type {string} */ code) => {
  const now = shopify.cart.current.value;
  shopify.cart.current.value = {...now, grandTotal: '370.00', cartDiscounts: [{amount: 50, type: 'Code', discountDescription: code, currency: 'PHP'}]};
});

/** @param {any[]} asked */
const acts = (asked) => asked.filter(({method, path}) => method === 'POST' && !path.endsWith('/cart')).map(({path, body}) => [path, body]);

const redeemed = (more = {}) => ({key: 'k2', held: held(more), available: points(140), text: '₱50 off is theirs.'});

beforeEach(() => vi.useFakeTimers({shouldAdvanceTime: true}));
afterEach(() => {
  close(extension);
  vi.useRealTimers();
});

test('a member is found by name after a pause, and goes on the sale', async () => {
  const asked = await shown({'GET /members': {members: [
    {customer_id: 9, name: 'Ana Reyes', email: 'ana@example.com', available: points(640), tier: 'Gold'},
    {customer_id: null, name: '', email: 'guest@example.com', available: points(5), tier: ''},
  ], more: true}}, {customer: undefined});
  shopify.cart.setCustomer = vi.fn(async (/** @type {{id: number}} */ customer) => {
    shopify.cart.current.value = cart({customer});
  });
  for (const value of ['a', 'an', 'ana']) put('s-search-field', 'input', {value});
  await vi.advanceTimersByTimeAsync(350);
  await said('ana@example.com · 640 points · Gold');
  expect(asked.map(({path, query}) => [path, query.get('search')])).toEqual([['/members', 'ana']]);
  expect(words()).toContain("Has no account at the store yet, so can't be added to the sale.");
  expect(words()).toContain('There are more. Type a longer name or an email.');
  press('Add Ana Reyes to the sale');
  await said('This sale earns 42 points.');
  expect(shopify.cart.setCustomer).toHaveBeenCalledExactlyOnceWith({id: 9});
});

test('what is scanned is looked for', async () => {
  const asked = await shown({'GET /members': {members: [], more: false}}, {customer: undefined});
  shopify.scanner.scannerData.current.value = {data: ' ANA-77 ', source: 'camera'};
  await vi.advanceTimersByTimeAsync(400);
  await said('No member found.');
  expect(asked[0].query.get('search')).toBe('ANA-77');
});

test('the sale is judged as it lies at the till', async () => {
  const asked = await shown({}, {lineItems: [
    {uuid: 'u', price: 19.99, quantity: 2, title: 'Mug', variantId: 5, productId: 4, discounts: [], taxable: true, taxLines: [], properties: {}, isGiftCard: false, sellingPlan: undefined, vendor: 'Sari'},
  ]});
  await said('This sale earns 42 points.');
  expect(asked.find(({path}) => path.endsWith('/cart'))?.body).toEqual({
    currency: 'USD', subtotal: '420.00', codes: [],
    lines: [{product_id: 4, variant_id: 5, quantity: 2, price: '19.990000', gift_card: false, subscription: false, vendor: 'Sari'}],
  });
});

/** Presses what the question offers, once it stands long enough. @param {string} name */
async function confirm(name) {
  expect(control(name)?.hasAttribute('disabled')).toBe(true);
  await vi.advanceTimersByTimeAsync(500);
  press(name);
}

test.each(['Redeem and add to the sale', 'Cancel'])('the second click of a double click does not land on %s', async (name) => {
  const asked = await shown({'POST /customers/9/redeem': () => redeemed()});
  await said('This sale earns 42 points.');
  press('Redeem ₱50 off');
  await said('This spends 500 points.');
  press(name);
  await vi.advanceTimersByTimeAsync(400);
  press(name);
  await vi.advanceTimersByTimeAsync(0);
  expect(words()).toContain('This spends 500 points.');
  expect(acts(asked)).toEqual([]);
});

const NOTHING = {may_adjust: false, may_redeem: false, may_return: false, may_give_birthday: false, may_join: false};

test('a role that may only look is offered nothing that would be refused, and reads why', async () => {
  const asked = await shown({'GET /customers/9': () => view({...NOTHING, held: [held()], birthday_gift: {code: 'open', text: ''}})});
  await said("Your role can't redeem for members.");
  await said('₱50 off');
  await said('SUKI-7K3M');
  const offered = [...document.querySelectorAll('s-button')].map((button) => button.textContent);
  expect(offered).toEqual(['Use ₱50 off on this sale']);
  expect(acts(asked)).toEqual([]);
});

test('redeeming asks first, then spends, and puts the code on the sale', async () => {
  const asked = await shown({'POST /customers/9/redeem': () => redeemed()});
  shopify.cart.addCartCodeDiscount = taking();
  await said('This sale earns 42 points.');
  press('Redeem ₱50 off');
  await said('Ana Reyes has 640 points.');
  expect(words()).toContain('This spends 500 points.');
  expect(acts(asked)).toEqual([]);
  await confirm('Redeem and add to the sale');
  await said('₱50 off is on the sale.');
  expect(shopify.cart.addCartCodeDiscount).toHaveBeenCalledExactlyOnceWith('SUKI-7K3M');
  expect(acts(asked)).toEqual([['/customers/9/redeem', {reward: 'r1', price: 500, offer: 'of-r1', key: expect.stringMatching(/^key-/)}]]);
});

test('a question that is left spends nothing', async () => {
  const asked = await shown({});
  await said('This sale earns 42 points.');
  press('Redeem ₱50 off');
  await said('Ana Reyes has 640 points.');
  await confirm('Cancel');
  await said('This sale earns 42 points.');
  expect(acts(asked)).toEqual([]);
});

test.each([
  ['throws', async () => { throw new Error('invalid code'); }],
  ['takes nothing off', async () => undefined],
])('a till that %s: the points are returned at once, with the reason', async (_name, call) => {
  const asked = await shown({'POST /customers/9/redeem': () => redeemed(), 'POST /customers/9/held/7/release': () => redeemed({state: 'returned'})});
  shopify.cart.addCartCodeDiscount = vi.fn(call);
  await said('This sale earns 42 points.');
  press('Redeem ₱50 off');
  await said('This spends 500 points.');
  await confirm('Redeem and add to the sale');
  await vi.advanceTimersByTimeAsync(3000);
  await said("The till didn't accept ₱50 off, so the points were returned.");
  expect(acts(asked).map(([path, body]) => [path, body.why])).toEqual([['/customers/9/redeem', undefined], ['/customers/9/held/7/release', 'not_taken']]);
});

test('a code that is still being made is waited for', async () => {
  let state = /** @type {'preparing' | 'ready'} */ ('preparing');
  await shown({
    'GET /customers/9': () => view({held: state === 'ready' ? [held({code: 'SUKI-LATE'})] : []}),
    'POST /customers/9/redeem': () => redeemed({state: 'preparing', code: null}),
  });
  shopify.cart.addCartCodeDiscount = taking();
  await said('This sale earns 42 points.');
  press('Redeem ₱50 off');
  await said('This spends 500 points.');
  await confirm('Redeem and add to the sale');
  await vi.advanceTimersByTimeAsync(600);
  state = 'ready';
  await vi.advanceTimersByTimeAsync(600);
  await waitFor(() => expect(shopify.cart.addCartCodeDiscount).toHaveBeenCalledExactlyOnceWith('SUKI-LATE'));
});

test('a reward that no order uses puts nothing on the sale', async () => {
  await shown({'POST /customers/9/cart': judged({rewards: [reward({for_order: false, title: 'Gift card'})]}), 'POST /customers/9/redeem': () => redeemed({hidden: true, code: null})});
  shopify.cart.addCartCodeDiscount = vi.fn();
  await said('This sale earns 42 points.');
  press('Redeem Gift card');
  await said('This spends 500 points.');
  await confirm('Redeem and add to the sale');
  await said('₱50 off is theirs.');
  expect(shopify.cart.addCartCodeDiscount).not.toHaveBeenCalled();
});

test('a redemption that is refused says why, and puts nothing on the sale', async () => {
  await shown({'POST /customers/9/redeem': () => problem('forbidden', 403, 'Your role cannot redeem for members.')});
  shopify.cart.addCartCodeDiscount = vi.fn();
  await said('This sale earns 42 points.');
  press('Redeem ₱50 off');
  await said('This spends 500 points.');
  await confirm('Redeem and add to the sale');
  await said('Your role cannot redeem for members.');
  expect(shopify.cart.addCartCodeDiscount).not.toHaveBeenCalled();
});

test('what changed while it was shown spends nothing, and is asked for anew', async () => {
  let price = 500;
  const asked = await shown({
    'POST /customers/9/cart': () => judged({rewards: [reward({price: {points: price, text: `${price} points`}, offer: `at-${price}`})]}),
    'POST /customers/9/redeem': () => { price = 900; return problem('price_changed', 409, 'The reward has changed.'); },
  });
  await said('500 points');
  press('Redeem ₱50 off');
  await said('This spends 500 points.');
  await confirm('Redeem and add to the sale');
  await said('The reward has changed.');
  await said('900 points');
  expect(acts(asked)).toHaveLength(1);
});

test('the slider spends what was chosen', async () => {
  const slider = {least: 100, most: 600, step: 100, worth: {amount: '10', currency: 'PHP', text: '₱10.00'}};
  const asked = await shown({'POST /customers/9/cart': judged({rewards: [reward({slider})]}), 'POST /customers/9/redeem': () => redeemed()});
  shopify.cart.addCartCodeDiscount = taking();
  await said('This sale earns 42 points.');
  press('Redeem ₱50 off');
  await said('Brings 1 × ₱10.00');
  put('s-number-field', 'input', {value: '250'});
  await waitFor(() => expect(control('Redeem and add to the sale')?.hasAttribute('disabled')).toBe(true));
  put('s-number-field', 'input', {value: '200'});
  await said('Brings 2 × ₱10.00');
  await confirm('Redeem and add to the sale');
  await said('₱50 off is on the sale.');
  expect(acts(asked)[0][1]).toEqual({reward: 'r1', price: 200, offer: 'of-r1', points: 200, key: expect.any(String)});
});

test('a code from before goes on the sale, and can be returned while it is not on it', async () => {
  const asked = await shown({'GET /customers/9': () => view({held: [held()]}), 'POST /customers/9/held/7/release': () => redeemed({state: 'returned'})});
  shopify.cart.addCartCodeDiscount = taking();
  await said('SUKI-7K3M');
  press('Use ₱50 off on this sale');
  await said('On this sale');
  await said('₱50 off is on the sale.');
  expect(control('Return ₱50 off for 500 points')).toBeUndefined();
  shopify.cart.current.value = cart();
  await waitFor(() => press('Return ₱50 off for 500 points'));
  await waitFor(() => expect(acts(asked)).toEqual([['/customers/9/held/7/release', {key: expect.any(String)}]]));
});

test('a code from before that the till refuses stays the member\'s', async () => {
  const asked = await shown({'GET /customers/9': () => view({held: [held()]})});
  shopify.cart.addCartCodeDiscount = vi.fn(async () => { throw new Error('no'); });
  await said('SUKI-7K3M');
  press('Use ₱50 off on this sale');
  await said("The till didn't accept ₱50 off.");
  expect(acts(asked)).toEqual([]);
});

test('the birthday gift is given once it is open, else it says why not', async () => {
  let gift = {code: 'open', text: ''};
  const asked = await shown({
    'GET /customers/9': () => view({birthday_gift: gift}),
    'POST /customers/9/birthday': () => { gift = {code: 'given', text: 'Given on 4 May 2031.'}; return {key: 'k', text: 'Ana gets 100 points.', points: points(100), available: points(740)}; },
  });
  await said('Give the birthday gift');
  press('Give the birthday gift');
  await said('Ana gets 100 points.');
  await said('Given on 4 May 2031.');
  expect(control('Give the birthday gift')).toBeUndefined();
  expect(acts(asked).length).toBe(1);
});

test('another customer on the sale is another member, with nothing left of the one before', async () => {
  const asked = await shown({'GET /customers/10': view({customer_id: 10, name: 'Ben Cruz', member: member({available: points(7)})}), 'POST /customers/10/cart': judged({estimate: null})});
  await said('Ana Reyes');
  shopify.cart.current.value = cart({customer: {id: 10}});
  await said('7 points');
  expect(words()).not.toContain('Ana Reyes');
  expect(asked.filter(({path}) => path === '/customers/10').length).toBe(1);
});

test.each([['420.00', '420.00'], ['1,420.00', null], ['', null]])('a subtotal of %s is sent as %s', (subtotal, sent) => {
  expect(cartIn({...cart(), subtotal}, 'PHP').subtotal).toBe(sent);
});
