import {Asker} from './ask.js';
import {JUDGED, readCart} from './cart.js';
import {make} from './dom.js';

const EVENTS = ['shopify:cart:lines-update', 'shopify:cart:discount-update'];

/**
 * What Liquid says of the cart; when a script changes the cart, the app is asked what it earns now. Once the panel has
 * asked, this says the same: Liquid knows the most of it only, where prices include a tax.
 */
export class SukiCart extends HTMLElement {
  heard = (/** @type {any} */ event) => this.say(event.detail);
  asker = new Asker('', '');
  changed = (/** @type {any} */ event) => Promise.resolve(event.promise).then(() => this.renew(), () => undefined);

  connectedCallback() {
    this.asker = new Asker(this.dataset.proxy ?? '/apps/suki', this.dataset.locale ?? '');
    for (const name of EVENTS) document.addEventListener(name, this.changed);
    document.addEventListener(JUDGED, this.heard);
    if (this.hasAttribute('data-ask')) this.renew();
  }

  disconnectedCallback() {
    for (const name of EVENTS) document.removeEventListener(name, this.changed);
    document.removeEventListener(JUDGED, this.heard);
  }

  /** Asks anew; without an answer, what stood there is no longer true and goes. */
  async renew() {
    const cart = await readCart();
    this.say(cart && (await this.asker.ask('cart', cart).catch(() => null)));
  }

  /** @param {any} judged the app's answer, or nothing */
  say(judged) {
    const earns = this.querySelector('[data-earns]');
    const next = this.querySelector('[data-next]');
    if (earns) earns.textContent = judged?.estimate?.text ?? judged?.why?.text ?? '';
    next?.replaceChildren(...(judged?.next_reward ? [
      make('p', {class: 'suki-soft'}, judged.next_reward.text),
      make('div', {class: 'suki-bar', 'aria-hidden': 'true'}, make('span', {style: `inline-size: ${Number(judged.next_reward.share) || 0}%`})),
    ] : []));
  }
}
