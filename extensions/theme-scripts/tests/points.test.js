import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import '../src/points.js';
import {answering, settled} from './stage.js';

const CART = {item_count: 1, currency: 'JPY', total_price: 150000, discount_codes: [], items: [{product_id: 1, variant_id: 2, quantity: 1, final_price: 150000}]};

beforeEach(() => vi.stubGlobal('requestAnimationFrame', (then) => then()));
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

describe('points on a product', () => {
  const show = (field) => {
    document.body.innerHTML = `<section><suki-product><template data-variant="1">Earn 19 points</template>
      <template data-variant="2">Earn <b>50</b> points</template><template data-variant="3"></template>
      <span data-shown>Earn 19 points</span></suki-product><form action="/cart/add">${field}</form></section>`;
    return document.querySelector('[data-shown]');
  };

  it('follow the variant that is chosen', () => {
    const shown = show('<select name="id"><option value="1">S</option><option value="2">M</option><option value="3">L</option></select>');
    const field = document.querySelector('select');
    for (const [variant, words] of [['2', 'Earn 50 points'], ['3', ''], ['1', 'Earn 19 points']]) {
      field.value = variant;
      field.dispatchEvent(new Event('change', {bubbles: true}));
      expect(shown.textContent).toBe(words);
    }
  });

  it('follow buttons of a choice as well, and stay for a variant of another product', () => {
    const shown = show('<input type="radio" name="id" value="2"><input type="radio" name="id" value="9">');
    const [mine, other] = document.querySelectorAll('input');
    mine.checked = true;
    mine.dispatchEvent(new Event('change', {bubbles: true}));
    expect(shown.textContent).toBe('Earn 50 points');
    other.checked = true;
    other.dispatchEvent(new Event('change', {bubbles: true}));
    expect(shown.textContent).toBe('Earn 50 points');
  });
});

describe('points on a product of a programme that the page cannot hold', () => {
  const show = (more = '') => {
    document.body.innerHTML = `<section><suki-product data-ask="1" data-product="7" data-vendor="Kape" data-currency="USD" data-proxy="/apps/suki"
      data-locale="en" data-text="Earn {points}" data-about="Earn about {points}" ${more}>
      <template data-variant="1" data-price="1999"></template><template data-variant="2" data-price="5000"></template>
      <span data-shown>&nbsp;</span></suki-product>
      <form action="/cart/add"><select name="id"><option value="1">S</option><option value="2">M</option><option value="9">?</option></select></form></section>`;
    return document.querySelector('[data-shown]');
  };
  const choose = async (variant) => {
    const field = document.querySelector('select');
    field.value = variant;
    field.dispatchEvent(new Event('change', {bubbles: true}));
    for (let turn = 0; turn < 5; turn += 1) await settled();
  };
  const earns = (count, about = false) => ({estimate: {points: {points: count, text: `${count} points`}, about, text: ''}});

  it('are asked for, once a variant, and none are shown before', async () => {
    const sent = answering({'POST cart': (body) => earns(body.lines[0].variant_id * 19)});
    const shown = show();
    expect(shown.textContent.trim()).toBe('');
    for (const [variant, words] of [['1', 'Earn 19 points'], ['2', 'Earn 38 points'], ['9', 'Earn 38 points'], ['1', 'Earn 19 points']]) {
      await choose(variant);
      expect(shown.textContent).toBe(words);
    }
    const line = {product_id: 7, quantity: 1, gift_card: false, vendor: 'Kape'};
    expect(sent).toEqual([
      ['POST cart', {currency: 'USD', lines: [{...line, variant_id: 1, price: '19.99'}]}],
      ['POST cart', {currency: 'USD', lines: [{...line, variant_id: 2, price: '50'}]}],
    ]);
  });

  it('say about where the app is not sure, and nothing where it brings none', async () => {
    answering({'POST cart': (body) => (body.lines[0].variant_id === 1 ? earns(19, true) : earns(0))});
    const shown = show('data-gift-card');
    await choose('1');
    expect(shown.textContent).toBe('Earn about 19 points');
    await choose('2');
    expect(shown.textContent).toBe('');
  });

  it('are not shown while nobody answers, and asked for again', async () => {
    const answers = {'POST cart': {status: 503, code: 'unavailable'}};
    answering(answers);
    const shown = show();
    await choose('1');
    expect(shown.textContent).toBe('');
    answers['POST cart'] = earns(19);
    await choose('1');
    expect(shown.textContent).toBe('Earn 19 points');
  });
});

describe('points in the cart', () => {
  const show = (more = '') => {
    document.body.innerHTML = `<suki-cart data-proxy="/apps/suki" data-locale="en" ${more}><span data-earns>Earns 1 point</span><div data-next></div></suki-cart>`;
    return document.querySelector('suki-cart');
  };
  const changed = async () => {
    document.dispatchEvent(Object.assign(new CustomEvent('shopify:cart:lines-update'), {promise: Promise.resolve({})}));
    for (let turn = 0; turn < 5; turn += 1) await settled();
  };

  it('ask nobody while nothing changes', async () => {
    const sent = answering({});
    show();
    await settled();
    expect(sent).toEqual([]);
  });

  it('are asked for when a script changes the cart', async () => {
    const sent = answering({'GET /cart.js': CART, 'POST cart': {
      key: 'k', estimate: {text: 'About 15 points'}, rewards: [], held: [], next_reward: {text: '5 more for <i>Mug</i>', share: 120},
    }});
    const cart = show();
    await changed();
    expect(sent[1][1].lines[0].price).toBe('1500');
    expect(cart.querySelector('[data-earns]').textContent).toBe('About 15 points');
    expect(cart.querySelector('[data-next]').textContent).toBe('5 more for <i>Mug</i>');
  });

  it('say what the panel says once it has asked, and ask nobody for it', async () => {
    const sent = answering({});
    const cart = show();
    document.dispatchEvent(new CustomEvent('suki:judged', {detail: {estimate: {text: 'About 14 points'}, next_reward: null}}));
    expect(cart.querySelector('[data-earns]').textContent).toBe('About 14 points');
    cart.remove();
    document.dispatchEvent(new CustomEvent('suki:judged', {detail: {estimate: {text: 'About 9 points'}, next_reward: null}}));
    expect(cart.querySelector('[data-earns]').textContent).toBe('About 14 points');
    expect(sent).toEqual([]);
  });

  it('say nothing rather than what is no longer true', async () => {
    answering({'GET /cart.js': CART, 'POST cart': {status: 503, code: 'unavailable', detail: ''}});
    const cart = show();
    await changed();
    expect(cart.textContent).toBe('');
  });

  it('are asked for at once where the page cannot work them out', async () => {
    const sent = answering({'GET /cart.js': CART, 'POST cart': {key: 'k', estimate: null, rewards: [], held: [], next_reward: null}});
    show('data-ask');
    for (let turn = 0; turn < 5; turn += 1) await settled();
    expect(sent.map(([name]) => name)).toEqual(['GET /cart.js', 'POST cart']);
  });
});
