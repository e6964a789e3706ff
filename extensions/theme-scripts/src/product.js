import {Asker} from './ask.js';
import {decimal} from './cart.js';
import {filled} from './dom.js';

/**
 * What Liquid worked out for each variant: the number follows the variant that is chosen in the product's form. Where the
 * programme has more than the page can hold (rules for hundreds of products), the app is asked, once a variant.
 */
export class SukiProduct extends HTMLElement {
  asker = new Asker('', '');
  shown = '';
  words = /** @type {Map<string, string>} */ (new Map());
  follow = () => requestAnimationFrame(() => this.show(chosen(this)));

  connectedCallback() {
    if (this.dataset.ask) {
      this.asker = new Asker(this.dataset.proxy ?? '/apps/suki', this.dataset.locale ?? '');
      this.ask(this.dataset.ask);
    }
    document.addEventListener('change', this.follow);
    window.addEventListener('popstate', this.follow);
  }

  disconnectedCallback() {
    document.removeEventListener('change', this.follow);
    window.removeEventListener('popstate', this.follow);
  }

  /** @param {string} variant Its id. One of another product changes nothing. */
  show(variant) {
    const text = [...this.querySelectorAll('template')].find((one) => one.dataset.variant === variant);
    const line = this.querySelector('[data-shown]');
    if (this.dataset.ask && text) return this.ask(variant);
    const words = text?.content.textContent?.trim();
    if (words !== undefined && line && line.textContent !== words) line.textContent = words;
  }

  /** The app's own number for one of a variant; nothing where it brings none, or nobody answers. @param {string} variant */
  async ask(variant) {
    const of = [...this.querySelectorAll('template')].find((one) => one.dataset.variant === variant);
    if (!of || this.shown === variant) return;
    this.shown = variant;
    const words = this.words.get(variant) ?? await this.earns(variant, of.dataset.price ?? '').catch(() => undefined);
    if (words !== undefined) this.words.set(variant, words);
    if (this.shown !== variant) return; // another one was chosen meanwhile
    if (words === undefined) this.shown = '';
    const line = this.querySelector('[data-shown]');
    if (line) line.textContent = words ?? '';
  }

  /** @param {string} variant @param {string} hundredths */
  async earns(variant, hundredths) {
    const {product, vendor, currency, text = '', about = ''} = this.dataset;
    const {estimate} = await this.asker.ask('cart', {currency, lines: [{
      product_id: Number(product), variant_id: Number(variant), quantity: 1, price: decimal(Number(hundredths)),
      gift_card: this.hasAttribute('data-gift-card'), ...(vendor && {vendor}),
    }]});
    return estimate?.points.points > 0 ? filled(estimate.about ? about : text, {points: estimate.points.text}) : '';
  }
}

/**
 * Themes change the form's field, the address, or both; the field that lies nearest to the block counts first.
 *
 * @param {Element} block
 * @returns {string}
 */
function chosen(block) {
  const near = block.closest('section, [id^="shopify-section"], main') ?? document;
  const field = /** @type {HTMLInputElement | null} */ (
    near.querySelector('form[action*="/cart/add"] [name="id"]:not([type=radio]), form[action*="/cart/add"] [name="id"]:checked')
  );
  return field?.value || new URLSearchParams(location.search).get('variant') || '';
}
