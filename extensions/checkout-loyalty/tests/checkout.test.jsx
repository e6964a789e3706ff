import {join} from 'node:path';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {fireEvent, waitFor} from '@testing-library/preact';
import {getExtension} from '@shopify/ui-extensions-tester';
import {createShippingOption} from '@shopify/ui-extensions-tester/checkout';
import {answering, close, i18nOf, json, open, problem} from '../../shared/testing.js';
import {sampleCart, sampleHeld, sampleMe, sampleReward} from '../../shared/samples.js';
import {checkout} from './till.js';

const FOLDER = join(import.meta.dirname, '..');
const extension = getExtension('purchase.checkout.block.render', {configSearchDir: import.meta.dirname});
const en = i18nOf(FOLDER, 'en');
const text = () => document.body.textContent;
const button = (label) => [...document.querySelectorAll('s-button')].find((each) => each.textContent.replace(/\u00a0/g, ' ') === label);
const banner = () => document.querySelector('s-banner');
const told = () => `${banner()?.getAttribute('heading')}|${banner()?.getAttribute('tone')}|${banner()?.textContent}`;
const acts = (asked) => asked.filter(({method, path}) => method === 'POST' && path !== '/cart').map(({path, body}) => [path, body]);

/** What goes with a click on the sample reward: what it was shown to cost and to bring. */
const FIVE = {reward: 'sample-500', price: 500, offer: 'sample'};

/** Which checkout this is. */
const TOKEN = 'checkout-1';

const member = () => ({...sampleMe(en), key: 'k1'});
const nobody = (state) => ({...member(), state, member: null});
const judged = (own = {}) => ({...sampleCart(en, 'USD'), key: 'k1', ...own});
const held = (own) => sampleHeld(en, 'USD', {code: 'SUKI-7', ...own});
const redeemed = (own) => ({key: 'k2', held: held(own), available: {points: 140, text: '140 points'}, text: ''});
const returned = {...redeemed({state: 'returning', code: null}), key: 'k3', text: 'We returned your 500 points.'};

/** Shows the block to someone, by what the app answers. */
async function show({me = member(), cart = judged(), more = {}, language = 'en', till = {}, before = () => {}} = {}) {
  open(extension, FOLDER, {language});
  extension.shopify.checkoutToken.value = TOKEN;
  const change = checkout(extension, till);
  before(extension.shopify);
  const asked = answering(extension, {'GET /me': me, 'POST /cart': cart, ...more});
  await extension.render();
  await waitFor(() => expect(document.querySelector('s-skeleton-paragraph')).toBeNull());
  return {asked, change};
}

afterEach(() => close(extension));

describe('states', () => {
  test('member: balance, estimate, a button for each reward that the cart can use, the reasons of the others folded', async () => {
    const {asked, change} = await show();
    expect(document.querySelector('s-section').getAttribute('heading')).toBe('Rewards');
    expect(text()).toContain('You have 640 points.This order earns 42 points.');
    expect([...document.querySelectorAll('s-button')].map((each) => each.textContent)).toEqual(['Use 500 points', 'Take $6.00 off']);
    expect(document.querySelector('s-details').textContent).toBe('1 reward that doesn\'t fit this order$10.00 offYour cart needs to reach $80.00.');
    expect(change).not.toHaveBeenCalled();
    expect(acts(asked)).toEqual([]);
    expect(asked.map(({method, path}) => `${method} ${path}`).sort()).toEqual(['GET /me', 'POST /cart']);
  });

  test('the app hears of the cart, the language and the currency, and of nobody by number', async () => {
    const {asked} = await show();
    const {query, body, headers} = asked.find(({path}) => path === '/cart');
    expect(body).toEqual({
      currency: 'USD', subtotal: '60', codes: [],
      lines: [{product_id: 1, variant_id: 1, quantity: 3, price: '20', vendor: 'Mock Vendor', subscription: false}],
    });
    expect(Object.fromEntries(query)).toEqual({locale: 'en', currency: 'USD'});
    expect(headers.Authorization).toBe('Bearer mock-session-token');
  });

  test('guest: what the cart earns and how to get it, and nothing to fill in', async () => {
    await show({me: nobody('guest')});
    expect(text()).toBe('This order earns 42 points.After you order, you can claim them on the next page or from our email.');
    expect(document.querySelectorAll('s-button, s-text-field, s-email-field')).toHaveLength(0);
  });

  test('guest without an estimate: nothing', async () => {
    await show({me: nobody('guest'), cart: judged({estimate: null})});
    expect(document.body.innerHTML).toBe('');
  });

  test('unknown customer: can join with a click', async () => {
    const me = vi.fn().mockReturnValueOnce(nobody('unknown')).mockReturnValue(member());
    const {asked} = await show({me, more: {'POST /join': {key: 'k2', text: 'Welcome', points: null, available: null}}});
    expect(text()).toContain('Join our programme to collect points with this order.');
    fireEvent.click(button('Join'));
    await waitFor(() => expect(text()).toContain('You have 640 points.'));
    expect(acts(asked)).toEqual([['/join', {key: 'k1'}]]);
  });

  test('unknown customer who can\'t join reads why', async () => {
    await show({me: nobody('unknown'), more: {'POST /join': () => problem('closed', 403, 'The programme is closed.')}});
    fireEvent.click(button('Join'));
    await waitFor(() => expect(told()).toBe('You haven\'t joined yet|critical|The programme is closed.'));
  });

  test('one who left: nothing', async () => {
    await show({me: nobody('left')});
    expect(document.body.innerHTML).toBe('');
  });

  test('empty: no rewards and nothing to earn leave the balance alone', async () => {
    await show({cart: judged({estimate: null, rewards: [], held: []})});
    expect(text()).toBe('You have 640 points.');
  });

  test('nothing to use yet: what is missing to the next reward', async () => {
    const next = {name: '$5.00 off', missing: '60 points', share: 88, text: 'You need 60 more points for $5.00 off.'};
    await show({cart: judged({rewards: [], next_reward: next})});
    expect(text()).toContain('You need 60 more points for $5.00 off.');
  });

  test('a cart that earns nothing says why', async () => {
    await show({cart: judged({estimate: null, rewards: [], why: {code: 'earning_paused', text: 'Orders earn nothing at the moment.'}})});
    expect(text()).toBe('You have 640 points.Orders earn nothing at the moment.');
  });

  test('rewards that no order uses are not offered here', async () => {
    await show({cart: judged({rewards: [sampleReward(en, 'USD', {for_order: false})]})});
    expect(document.querySelectorAll('s-button')).toHaveLength(0);
  });

  test.each([
    ['not launched', () => problem('not_launched', 403)],
    ['down', () => problem('unavailable', 503)],
    ['out of reach', new TypeError('Failed to fetch')],
    ['no app at all', () => new Response('<html>', {status: 200})],
  ])('app %s: nothing is shown', async (_, answer) => {
    await show({me: answer, cart: answer});
    expect(document.body.innerHTML).toBe('');
  });

  test('an app that fails later leaves what is shown', async () => {
    const cart = vi.fn().mockReturnValueOnce(judged()).mockReturnValue(new TypeError('Failed to fetch'));
    await show({cart});
    extension.shopify.cost.subtotalAmount.value = {amount: 80, currencyCode: 'USD'};
    await waitFor(() => expect(cart).toHaveBeenCalledTimes(2));
    expect(text()).toContain('You have 640 points.');
  });

  test('a cart that changes is judged anew', async () => {
    const cart = vi.fn().mockReturnValueOnce(judged()).mockReturnValue(judged({estimate: null, rewards: []}));
    const {asked} = await show({cart});
    extension.shopify.cost.subtotalAmount.value = {amount: 80, currencyCode: 'USD'};
    await waitFor(() => expect(text()).toBe('You have 640 points.'));
    expect(asked.at(-1).body.subtotal).toBe('80');
  });

  test('500 lines and more: the app hears of 500', async () => {
    const {asked} = await show({before: (shopify) => {
      shopify.lines.value = Array.from({length: 600}, () => shopify.lines.value[0]);
    }});
    expect(asked.find(({path}) => path === '/cart').body.lines).toHaveLength(500);
  });

  test.each([['en', 'You have 640 points.'], ['fil', 'Mayroon kang 640 points.']])('editor in %s: an example, nothing asked, nothing done by its buttons', async (language, said) => {
    open(extension, FOLDER, {language, editor: true});
    const asked = answering(extension, {});
    await extension.render();
    expect(text()).toContain(said);
    for (const each of document.querySelectorAll('s-button')) fireEvent.click(each);
    expect(asked).toEqual([]);
  });

  test('settings: a heading of the merchant\'s own, and parts hidden', async () => {
    await show({before: ({settings}) => (settings.value = {heading: 'Suki Club', hide_estimate: true, hide_rewards: true, hide_from_guests: undefined})});
    expect(document.querySelector('s-section').getAttribute('heading')).toBe('Suki Club');
    expect(text()).toBe('You have 640 points.');
  });

  test('settings: nothing for guests', async () => {
    await show({me: nobody('guest'), before: ({settings}) => (settings.value = {...settings.value, hide_from_guests: true})});
    expect(document.body.innerHTML).toBe('');
  });

  test('long names stand as they are', async () => {
    const title = 'Napakahabang pangalan ng gantimpala '.repeat(8).trim();
    await show({cart: judged({rewards: [sampleReward(en, 'USD', {title})]})});
    expect(text()).toContain(title);
    expect(button('Use 500 points').getAttribute('accessibilitylabel') ?? button('Use 500 points').accessibilityLabel).toContain(title);
  });

  test.each([
    ['JPY', 100, 'Take ¥600 off'],
    ['KWD', 0.125, 'Take KWD 0.750 off'],
    ['USD', 0.1, 'Take $0.60 off'],
  ])('%s: what a slider takes off is in its decimals', async (currency, amount, label) => {
    const worth = {amount: String(amount), currency, text: ''};
    await show({till: {currency}, cart: judged({rewards: [sampleReward(en, currency, {slider: {least: 100, most: 600, step: 100, worth}})]})});
    expect(button(label)).toBeDefined();
  });

  test('right to left: what the app says is shown as it came', async () => {
    const estimate = {points: {points: 42, text: '٤٢ نقطة'}, about: true, text: 'يمنحك هذا الطلب ٤٢ نقطة'};
    await show({cart: judged({estimate, rewards: []})});
    expect(text()).toContain('يمنحك هذا الطلب ٤٢ نقطة');
  });

  test('points have the shop\'s own name everywhere', async () => {
    const me = member();
    await show({me: {...me, programme: {...me.programme, points_name: 'stars'}}, cart: judged({rewards: [judged().rewards[1]]})});
    expect(document.querySelector('s-number-field').getAttribute('label')).toBe('How many stars?');
  });
});

describe('a click', () => {
  test('redeems, enters the code, and says so once the discount stands', async () => {
    const {asked, change} = await show({till: {works: {'SUKI-7': 5}}, more: {'POST /redeem': redeemed()}});
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(told()).toBe('$5.00 off is in use|success|'));
    expect(acts(asked)).toEqual([['/redeem', {key: 'k1', ...FIVE}]]);
    expect(change.mock.calls).toEqual([[{type: 'addDiscountCode', code: 'SUKI-7'}]]);
    expect(await extension.shopify.storage.read('redeeming')).toBeNull();
    expect(await extension.shopify.storage.read('entered')).toEqual({checkout: TOKEN, codes: ['SUKI-7']});
  });

  test.each([
    ['a discount on a line', {onLines: {'SUKI-7': 5}}, {}],
    ['a discount that is counted later', {works: {'SUKI-7': 5}, late: 250}, {}],
    ['free shipping, before there is any', {idle: ['SUKI-7']}, {kind: 'free_shipping'}],
  ])('%s stands as well', async (_, till, own) => {
    const {change} = await show({till, more: {'POST /redeem': redeemed(own)}});
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(told()).toContain('$5.00 off is in use'), {timeout: 3000});
    expect(change).toHaveBeenCalledTimes(1);
  });

  const shipping = (cost, costAfterDiscounts) => ({deliveryGroups}) => (deliveryGroups.value = [{
    id: 'g', targetedCartLines: [], groupType: 'oneTimePurchase', isDeliveryRequired: true, selectedDeliveryOption: {handle: 'post'},
    deliveryOptions: [['post', cost, costAfterDiscounts], ['fast', 20, 0]].map(([handle, before, after]) => createShippingOption({
      handle, cost: {amount: before, currencyCode: 'USD'}, costAfterDiscounts: {amount: after, currencyCode: 'USD'},
    })),
  }]);

  test('free shipping stands where shipping costs less by it', async () => {
    const {asked} = await show({till: {idle: ['SUKI-7']}, more: {'POST /redeem': redeemed({kind: 'free_shipping'})}, before: shipping(5, 0)});
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(told()).toContain('is in use'));
    expect(acts(asked)).toHaveLength(1);
  });

  test('free shipping that takes nothing off the chosen way to ship is given back', async () => {
    vi.useFakeTimers({shouldAdvanceTime: true});
    const {asked} = await show({
      till: {idle: ['SUKI-7']}, more: {'POST /redeem': redeemed({kind: 'free_shipping'}), 'POST /held/7/release': returned}, before: shipping(5, 5),
    });
    fireEvent.click(button('Use 500 points'));
    await vi.advanceTimersByTimeAsync(4000);
    await waitFor(() => expect(told()).toContain('This order can\'t use'));
    expect(acts(asked).map(([path]) => path)).toEqual(['/redeem', '/held/7/release']);
  });

  test('twice as fast as anything can answer is one act', async () => {
    const {asked} = await show({till: {works: {'SUKI-7': 5}}, more: {'POST /redeem': redeemed()}});
    const once = button('Use 500 points');
    fireEvent.click(once);
    fireEvent.click(once);
    fireEvent.click(button('Take $6.00 off'));
    await waitFor(() => expect(banner()).not.toBeNull());
    expect(acts(asked)).toHaveLength(1);
  });

  test('waits for a reward that is still being prepared', async () => {
    const {asked} = await show({
      till: {works: {'SUKI-7': 5}}, more: {'POST /redeem': redeemed({state: 'preparing', code: null}), 'GET /held/7': held()},
    });
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(told()).toContain('is in use'), {timeout: 3000});
    expect(asked.filter(({path}) => path === '/held/7')).toHaveLength(1);
  });

  test('a reward that takes longer can be looked for again, with nothing lost', async () => {
    vi.useFakeTimers({shouldAdvanceTime: true});
    const preparing = held({state: 'preparing', code: null});
    const now = vi.fn(() => preparing);
    const {change} = await show({till: {works: {'SUKI-7': 5}}, more: {'POST /redeem': {...redeemed(), held: preparing}, 'GET /held/7': () => now()}});
    fireEvent.click(button('Use 500 points'));
    await vi.advanceTimersByTimeAsync(6000);
    await waitFor(() => expect(told()).toBe('We\'re still preparing $5.00 off|info|Check again'));
    expect(now).toHaveBeenCalledTimes(5);
    expect(change).not.toHaveBeenCalled();
    now.mockReturnValue(held());
    fireEvent.click(button('Check again'));
    await waitFor(() => expect(told()).toContain('is in use'));
  });

  test.each([
    ['refused by the checkout', {}, 1, 'k2'],
    ['taken by the checkout, and takes nothing off', {idle: ['SUKI-7']}, 2, 'k9'],
  ])('a code %s is given back at once, and it is said why', async (_, till, changes, key) => {
    vi.useFakeTimers({shouldAdvanceTime: true});
    const {asked, change} = await show({
      till, cart: vi.fn().mockReturnValueOnce(judged()).mockReturnValue(judged({key: 'k9'})),
      more: {'POST /redeem': redeemed({terms: ['Orders of $80.00 or more']}), 'POST /held/7/release': returned},
    });
    fireEvent.click(button('Use 500 points'));
    await vi.advanceTimersByTimeAsync(4000);
    await waitFor(() => expect(told()).toBe(
      'This order can\'t use $5.00 off|warning|Another discount may be in its way, or the order doesn\'t meet its terms.'
      + 'Orders of $80.00 or moreWe returned your 500 points.'));
    expect(acts(asked)).toEqual([['/redeem', {key: 'k1', ...FIVE}], ['/held/7/release', {key, why: 'not_taken'}]]);
    expect(change).toHaveBeenCalledTimes(changes);
    expect(extension.shopify.discountCodes.value).toEqual([]);
    expect(await extension.shopify.storage.read('redeeming')).toBeNull();
  });

  test('a code that Apple Pay refuses is given back, and that is the reason', async () => {
    await show({
      more: {'POST /redeem': redeemed(), 'POST /held/7/release': returned},
      before: ({selectedPaymentOptions}) => (selectedPaymentOptions.value = [{handle: 'apple-pay', type: 'wallet'}]),
    });
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(told()).toContain('Discounts can\'t change while you pay this way.'));
  });

  test('a checkout that fails instead of answering is a refusal', async () => {
    const {asked} = await show({more: {'POST /redeem': redeemed(), 'POST /held/7/release': returned}, before: (shopify) => {
      shopify.applyDiscountCodeChange = async () => { throw new Error('host'); };
    }});
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(told()).toContain('This order can\'t use'));
    expect(acts(asked).map(([path]) => path)).toEqual(['/redeem', '/held/7/release']);
  });

  test('points that can\'t be given back now are said to be still there', async () => {
    await show({more: {'POST /redeem': redeemed(), 'POST /held/7/release': new TypeError('Failed to fetch')}});
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(told()).toContain('The code stays yours. You can use it on another order, or return the points below.'));
  });

  test.each([
    ['a reward withdrawn while shown', problem('gone', 409, 'This reward is sold out.'), 'This reward is sold out.'],
    ['a page that is too old', problem('expired_page', 409, 'This page has expired. Try again.'), 'This page has expired. Try again.'],
    ['a price that changed while shown', problem('price_changed', 409, 'This reward has changed.'), 'This reward has changed.'],
    ['too many clicks', problem('too_many', 429, 'Try again in a minute.'), 'Try again in a minute.'],
  ])('%s: nothing is done and the app says why', async (_, refusal, said) => {
    const {asked, change} = await show({more: {'POST /redeem': () => refusal}});
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(told()).toBe(`We couldn't redeem $5.00 off|critical|${said}`));
    expect(change).not.toHaveBeenCalled();
    expect(await extension.shopify.storage.read('redeeming')).toBeNull();
    await waitFor(() => expect(asked.filter(({path}) => path === '/cart')).toHaveLength(2));
  });

  test('a reward that could not be made is said', async () => {
    await show({more: {'POST /redeem': redeemed({state: 'failed', code: null, text: 'Your points are back.'})}});
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(told()).toBe('We couldn\'t redeem $5.00 off|critical|Your points are back.'));
  });

  test('without an answer nobody knows: trying again is the same act', async () => {
    const redeem = vi.fn().mockReturnValueOnce(new TypeError('Failed to fetch')).mockReturnValue(redeemed());
    const {asked} = await show({till: {works: {'SUKI-7': 5}}, more: {'POST /redeem': redeem}, cart: vi.fn().mockReturnValueOnce(judged()).mockReturnValue(judged({key: 'k9'}))});
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(told()).toBe('We couldn\'t reach our rewards|critical|No points are lost.Try again'));
    await waitFor(() => expect(asked.filter(({path}) => path === '/cart')).toHaveLength(2));
    fireEvent.click(button('Try again'));
    await waitFor(() => expect(told()).toContain('is in use'));
    expect(acts(asked)).toEqual([['/redeem', {key: 'k1', ...FIVE}], ['/redeem', {key: 'k1', ...FIVE}]]);
  });

  test('a slider takes any whole step, up to what the cart allows', async () => {
    const {asked} = await show({till: {works: {'SUKI-7': 3}}, more: {'POST /redeem': redeemed({title: '$3.00 off'})}});
    const field = document.querySelector('s-number-field');
    expect(['min', 'max', 'step', 'value'].map((name) => field.getAttribute(name))).toEqual(['100', '600', '100', '600']);
    for (const typed of ['650', '50', '250', 'x', '']) {
      field.value = typed;
      fireEvent.input(field);
      await waitFor(() => expect(button('Use points')).toBeDefined());
      fireEvent.click(button('Use points'));
      await waitFor(() => expect(field.getAttribute('error')).toBe('Enter a number from 100 to 600, in steps of 100.'));
    }
    expect(acts(asked)).toEqual([]);
    field.value = '300';
    fireEvent.input(field);
    await waitFor(() => expect(button('Take $3.00 off')).toBeDefined());
    fireEvent.click(button('Take $3.00 off'));
    await waitFor(() => expect(told()).toContain('is in use'));
    expect(acts(asked)).toEqual([['/redeem', {key: 'k1', reward: 'sample-slider', price: 300, offer: 'sample', points: 300}]]);
  });
});

test('a slider with one amount only is a button', async () => {
  const slider = {least: 100, most: 150, step: 100, worth: {amount: '1', currency: 'USD', text: '$1.00'}};
  const {asked} = await show({cart: judged({rewards: [sampleReward(en, 'USD', {slider})]}), till: {works: {'SUKI-7': 1}}, more: {'POST /redeem': redeemed()}});
  expect(document.querySelector('s-number-field')).toBeNull();
  fireEvent.click(button('Take $1.00 off'));
  await waitFor(() => expect(told()).toContain('is in use'));
  expect(acts(asked)).toEqual([['/redeem', {key: 'k1', reward: 'sample-500', price: 100, offer: 'sample', points: 100}]]);
});

describe('own codes', () => {
  const kept = judged({rewards: [], held: [held()]});

  test('one that the cart can use is entered by a click, and is no new redemption', async () => {
    const {asked, change} = await show({cart: kept, till: {works: {'SUKI-7': 5}}});
    expect(text()).toContain('Your codes$5.00 offSUKI-7Until Mar 5, 2030UseReturn points');
    fireEvent.click(button('Use'));
    await waitFor(() => expect(told()).toContain('is in use'));
    expect(document.querySelector('s-badge').textContent).toBe('In use');
    expect(change).toHaveBeenCalledTimes(1);
    expect(acts(asked)).toEqual([]);
  });

  test('codes of the same reward are told apart', async () => {
    await show({cart: judged({rewards: [], held: [held(), held({id: 8, code: 'SUKI-8'})]})});
    expect(text()).toContain('$5.00 offSUKI-7');
    expect(text()).toContain('$5.00 offSUKI-8');
  });

  test('one that does not work here stays the member\'s', async () => {
    const {asked} = await show({cart: kept});
    fireEvent.click(button('Use'));
    await waitFor(() => expect(told()).toContain('This order can\'t use $5.00 off|warning'));
    expect(acts(asked)).toEqual([]);
    expect(button('Return points')).toBeDefined();
  });

  test('one that was taken out again is offered to be returned', async () => {
    const {asked} = await show({cart: kept, till: {kept: {entered: {checkout: TOKEN, codes: ['SUKI-7']}}}, more: {'POST /held/7/release': returned}});
    await waitFor(() => expect(text()).toContain('You took it out of this order.'));
    fireEvent.click(button('Return points'));
    await waitFor(() => expect(told()).toBe('We took back $5.00 off|success|We returned your 500 points.'));
    expect(acts(asked)).toEqual([['/held/7/release', {key: 'k1', why: 'unwanted'}]]);
  });

  test('taken out while the block is there: it says so without a reload', async () => {
    await show({cart: kept, till: {works: {'SUKI-7': 5}}});
    fireEvent.click(button('Use'));
    await waitFor(() => expect(document.querySelector('s-badge')).not.toBeNull());
    await extension.shopify.applyDiscountCodeChange({type: 'removeDiscountCode', code: 'SUKI-7'});
    await waitFor(() => expect(text()).toContain('You took it out of this order.'));
    expect(document.querySelector('s-badge')).toBeNull();
  });

  test('one that stands in the checkout and takes nothing off says so, and is taken out before it is returned', async () => {
    const {change} = await show({cart: kept, more: {'POST /held/7/release': returned}, before: ({discountCodes}) => (discountCodes.value = [{code: 'suki-7'}])});
    expect(text()).toContain('It takes nothing off this order.');
    expect(button('Use')).toBeUndefined();
    fireEvent.click(button('Return points'));
    await waitFor(() => expect(told()).toContain('We took back'));
    expect(change.mock.calls).toEqual([[{type: 'removeDiscountCode', code: 'SUKI-7'}]]);
  });

  test('one that can\'t be returned says the app\'s reason', async () => {
    await show({cart: kept, more: {'POST /held/7/release': () => problem('used', 409, 'This code was used.')}});
    fireEvent.click(button('Return points'));
    await waitFor(() => expect(told()).toContain('|critical|This code was used.'));
  });

  test('one that this cart can\'t use says why, and has no button but the way back', async () => {
    await show({cart: judged({rewards: [], held: [held({usable: false, why: {code: 'minimum', text: 'For orders of $80.00 or more.'}})]})});
    expect(text()).toContain('For orders of $80.00 or more.');
    expect(button('Use')).toBeUndefined();
    expect(button('Return points')).toBeDefined();
  });

  test('used, returned and hidden ones are not shown', async () => {
    await show({cart: judged({rewards: [], held: [held({state: 'used'}), held({state: 'returned'}), held({hidden: true, code: null})]})});
    expect(text()).not.toContain('Your codes');
  });

  test('one that is being prepared since an earlier visit is told of', async () => {
    await show({cart: judged({rewards: [], held: [held({state: 'preparing', code: null, text: 'Being prepared.'})]})});
    expect(text()).toContain('Being prepared.');
    expect(document.querySelectorAll('s-button')).toHaveLength(0);
  });
});

describe('where discounts can\'t change', () => {
  const locked = (shopify) => (shopify.instructions.value = {...shopify.instructions.value, discounts: {canUpdateDiscountCodes: false}});

  test('it is said, with what to do instead, and there is no button', async () => {
    const {asked, change} = await show({before: locked});
    expect(text()).toContain('You can\'t change discounts in this checkout. Your points stay yours');
    expect(document.querySelectorAll('s-button')).toHaveLength(0);
    expect(acts(asked)).toEqual([]);
    expect(change).not.toHaveBeenCalled();
  });

  test('own codes can still be returned, unless they are entered', async () => {
    const cart = judged({rewards: [], held: [held(), held({id: 8, code: 'SUKI-8'})]});
    await show({cart, before: (shopify) => {
      locked(shopify);
      shopify.discountCodes.value = [{code: 'SUKI-8'}];
    }});
    expect([...document.querySelectorAll('s-button')].map((each) => each.textContent)).toEqual(['Return points']);
  });
});

describe('a reload', () => {
  const pending = (own) => ({redeeming: {key: 'k0', checkout: TOKEN, ...FIVE, kind: 'amount_off', title: '$5.00 off', at: Date.now(), ...own}});

  test('goes on with a click whose answer never came, as the same act', async () => {
    const {asked} = await show({till: {works: {'SUKI-7': 5}, kept: pending()}, more: {'POST /redeem': redeemed()}});
    await waitFor(() => expect(told()).toContain('is in use'));
    expect(acts(asked)).toEqual([['/redeem', {key: 'k0', ...FIVE}]]);
  });

  test('goes on with a reward that was being prepared', async () => {
    const {asked} = await show({till: {works: {'SUKI-7': 5}, kept: pending({held: 7})}, more: {'GET /held/7': held()}});
    await waitFor(() => expect(told()).toContain('is in use'));
    expect(acts(asked)).toEqual([]);
  });

  test('long after the click changes nothing by itself', async () => {
    const {asked, change} = await show({till: {works: {'SUKI-7': 5}, kept: pending({at: Date.now() - 121_000})}, cart: judged({held: [held()]})});
    await waitFor(() => expect(button('Use')).toBeDefined());
    expect(acts(asked)).toEqual([]);
    expect(change).not.toHaveBeenCalled();
  });

  test('a second tab goes on with the first one\'s click instead of spending twice', async () => {
    const {asked} = await show({till: {works: {'SUKI-7': 5}}, more: {'GET /held/7': held()}});
    await extension.shopify.storage.write('redeeming', pending({held: 7}).redeeming);
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(told()).toContain('$5.00 off is in use'));
    expect(acts(asked)).toEqual([]);
  });

  test.each([['was being prepared', {held: 7}], ['had no answer', {}]])(
    'a click on another reward is for that one, when the one before %s', async (_, own) => {
      const other = {...redeemed({id: 8, code: 'SUKI-8', title: '$6.00 off'}), key: 'k2'};
      const {asked, change} = await show({till: {works: {'SUKI-7': 5, 'SUKI-8': 6}}, more: {'GET /held/7': held(), 'POST /redeem': other}});
      await extension.shopify.storage.write('redeeming', pending(own).redeeming);
      fireEvent.click(button('Take $6.00 off'));
      await waitFor(() => expect(told()).toContain('$6.00 off is in use'));
      expect(acts(asked)).toEqual([['/redeem', {key: 'k1', reward: 'sample-slider', price: 600, offer: 'sample', points: 600}]]);
      expect(change.mock.calls).toEqual([[{type: 'addDiscountCode', code: 'SUKI-8'}]]);
      expect(asked.filter(({path}) => path === '/held/7')).toEqual([]);
    });

  test('another amount of the same slider is another act', async () => {
    const {asked} = await show({till: {works: {'SUKI-7': 5}}, more: {'POST /redeem': redeemed()}});
    const before = {reward: 'sample-slider', price: 300, points: 300};
    await extension.shopify.storage.write('redeeming', pending(before).redeeming);
    fireEvent.click(button('Take $6.00 off'));
    await waitFor(() => expect(told()).toContain('is in use'));
    expect(acts(asked).map(([, body]) => body.points)).toEqual([600]);
  });

  test('what is left of another checkout is not carried on, and its codes were not entered in this one', async () => {
    const kept = {...pending({checkout: 'checkout-0'}), entered: {checkout: 'checkout-0', codes: ['SUKI-7']}};
    const {asked, change} = await show({till: {works: {'SUKI-7': 5}, kept}, cart: judged({held: [held()]})});
    await waitFor(() => expect(button('Use')).toBeDefined());
    expect(text()).not.toContain('You took it out of this order.');
    expect(acts(asked)).toEqual([]);
    expect(change).not.toHaveBeenCalled();
  });

  test('a storage that fails costs nothing', async () => {
    const broken = async () => { throw new Error('quota'); };
    const {asked} = await show({
      till: {works: {'SUKI-7': 5}}, more: {'POST /redeem': redeemed()},
      before: (shopify) => (shopify.storage = {read: broken, write: broken, delete: broken}),
    });
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(told()).toContain('is in use'));
    expect(acts(asked)).toHaveLength(1);
  });

  test('who leaves while it is under way is asked for no more, and finds it again', async () => {
    let answer;
    const {change} = await show({till: {works: {'SUKI-7': 5}}, more: {'POST /redeem': () => new Promise((resolve) => (answer = resolve))}});
    fireEvent.click(button('Use 500 points'));
    await waitFor(() => expect(answer).toBeDefined());
    const {storage} = extension.shopify;
    close(extension);
    answer(json(redeemed()));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(change).not.toHaveBeenCalled();
    expect(await storage.read('redeeming')).toMatchObject({key: 'k1', ...FIVE});
    open(extension, FOLDER);
  });
});
