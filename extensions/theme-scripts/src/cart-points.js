import {Asker} from './ask.js';
import {readCart} from './cart.js';
import {make} from './dom.js';

const EVENTS = ['shopify:cart:lines-update', 'shopify:cart:discount-update'];

/**
 * What Liquid says of the cart. The app is asked what it earns where Liquid knows the most of it only, so that the panel
 * says the same, and when a script changes the cart.
 */
export class SukiCart extends HTMLElement {
  asker = new Asker('', '');
  changed = (/** @type {any} */ event) => Promise.resolve(event.promise).then(() => this.renew(), () => undefined);

  connectedCallback() {
    this.asker = new Asker(this.dataset.proxy ?? '/apps/suki', this.dataset.locale ?? '');
    for (const name of EVENTS) document.addEventListener(name, this.changed);
    if (this.hasAttribute('data-ask')) this.renew(true);
  }

  disconnectedCallback() {
    for (const name of EVENTS) document.removeEventListener(name, this.changed);
  }

  /**
   * Asks anew; without an answer, what stood there is no longer true and goes, unless the cart is the one that it is of.
   * @param {boolean} [same]
   */
  async renew(same = false) {
    const earns = this.querySelector('[data-earns]');
    const next = this.querySelector('[data-next]');
    const cart = await readCart();
    const judged = cart && (await this.asker.ask('cart', cart).catch(() => null));
    if (same && !judged) return;
    if (earns) earns.textContent = judged?.estimate?.text ?? judged?.why?.text ?? '';
    next?.replaceChildren(...(judged?.next_reward ? [
      make('p', {class: 'suki-soft'}, judged.next_reward.text),
      make('div', {class: 'suki-bar', 'aria-hidden': 'true'}, make('span', {style: `inline-size: ${Number(judged.next_reward.share) || 0}%`})),
    ] : []));
  }
}
