import {afterEach, describe, expect, it, vi} from 'vitest';
import {applyCode, codeLink, readCart, removeCode} from '../src/cart.js';
import {answering, cartTaking} from './stage.js';

afterEach(() => {
  vi.unstubAllGlobals();
  delete window.Shopify;
});

describe('a code in the cart', () => {
  it('goes in beside the others, once, whatever its case', async () => {
    const cart = cartTaking(['A', 'B'], ['A', 'b']);
    expect(await applyCode('B')).toBe(true);
    expect(cart.codes).toEqual(['A', 'B']);
  });

  it('is taken out again where the cart refuses it, and the others stay as they stood', async () => {
    const cart = cartTaking(['A'], ['A']);
    expect(await applyCode('B')).toBe(false);
    expect(cart.codes).toEqual(['A']);
  });

  it('goes in by the cart\'s own address where the theme has no actions', async () => {
    window.Shopify = {routes: {root: '/fr/'}};
    const sent = answering({
      'GET /fr/cart.js': {discount_codes: [{code: 'A', applicable: true}]},
      'POST /fr/cart/update.js': {discount_codes: [{code: 'A', applicable: true}, {code: 'B', applicable: true}]},
    });
    expect(await applyCode('B')).toBe(true);
    expect(sent).toEqual([['GET /fr/cart.js'], ['POST /fr/cart/update.js', {discount: 'A,B'}]]);
  });

  it('is removed alone', async () => {
    const cart = cartTaking(['A', 'B'], ['A', 'B']);
    await removeCode('a');
    expect(cart.codes).toEqual(['B']);
  });

  it('has a link that needs no script', () => {
    expect(codeLink('A&B/ñ')).toBe('/discount/A%26B%2F%C3%B1?redirect=%2Fcart');
  });
});

describe('the cart as the app is told of it', () => {
  const item = {product_id: 1, variant_id: 2, quantity: 3, gift_card: false};
  const cart = (more) => ({item_count: 3, currency: 'USD', total_price: 0, discount_codes: [], items: [{...item, final_price: 0}], ...more});

  it.each([[150000, '1500'], [1999, '19.99'], [123.4, '1.234'], [0, '0'], [10, '0.1']])('says %s hundredths as %s', async (price, told) => {
    answering({'GET /cart.js': cart({total_price: price, items: [{...item, final_price: price}]})});
    const read = await readCart();
    expect([read.subtotal, read.lines[0].price]).toEqual([told, told]);
  });

  it('is cut at 500 lines', async () => {
    answering({'GET /cart.js': cart({items: Array.from({length: 501}, () => ({...item, final_price: 1}))})});
    expect((await readCart()).lines).toHaveLength(500);
  });

  it('is nothing where it is empty, or cannot be read', async () => {
    answering({'GET /cart.js': {item_count: 0}});
    expect(await readCart()).toBeNull();
    answering({});
    expect(await readCart()).toBeNull();
  });
});
