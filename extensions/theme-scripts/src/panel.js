import {Asker} from './ask.js';
import {JUDGED, applyCode, readCart, removeCode} from './cart.js';
import {make} from './dom.js';
import {goRound} from './focus.js';
import * as views from './views.js';

/**
 * The launcher and its panel. Liquid writes the first view; what is behind it is asked for when the panel is opened.
 */
export class Panel extends HTMLElement {
  base = '/apps/suki';
  say = /** @type {Record<string, string>} */ ({});
  program = /** @type {Record<string, boolean>} */ ({});
  asker = new Asker('', '');
  panel = /** @type {HTMLElement} */ (this);
  body = /** @type {HTMLElement} */ (this);
  status = /** @type {HTMLElement} */ (this);
  heading = /** @type {HTMLElement} */ (this);
  backward = /** @type {HTMLElement} */ (this);
  first = /** @type {ChildNode[]} */ ([]);
  held = /** @type {any[]} */ ([]);
  codes = /** @type {string[]} */ ([]);
  judged = /** @type {any} */ (null);
  me = /** @type {any} */ (null);
  view = '';
  wanted = '';
  opener = /** @type {HTMLElement | null} */ (null);
  opening = /** @type {((event: Event) => void) | undefined} */ (undefined);

  /** An async script may come before the page has been read to its end, and what is within this element with it. */
  connectedCallback() {
    if (document.readyState !== 'loading') this.start();
    else document.addEventListener('DOMContentLoaded', () => this.start(), {once: true});
  }

  start() {
    if (this.opening || !this.isConnected) return;
    this.base = this.dataset.proxy ?? this.base;
    this.say = this.read('texts');
    this.program = this.read('shows');
    this.asker = new Asker(this.base, this.dataset.locale ?? '');
    const part = (/** @type {string} */ which) => /** @type {HTMLElement} */ (this.querySelector(which));
    this.panel = part('[role=dialog]');
    this.body = part('[data-body]');
    this.status = part('[role=status]');
    this.heading = part('[data-title]');
    this.backward = part('[data-back]');
    this.first = [...this.body.childNodes];
    this.panel.setAttribute('aria-modal', 'true');
    this.panel.addEventListener('toggle', (event) => {
      const open = /** @type {any} */ (event).newState === 'open';
      document[open ? 'addEventListener' : 'removeEventListener']('keydown', this.pressed);
      if (open) this.opened();
      else this.closed();
    });
    this.panel.addEventListener('focusout', (event) => this.left(event));
    this.backward.addEventListener('click', () => this.go(''));
    this.opening = (event) => this.openBy(event);
    document.addEventListener('click', this.opening);
    document.addEventListener('shopify:block:select', this.opening);
  }

  pressed = (/** @type {any} */ event) => goRound(this.panel, event);

  /** A theme may take the focus elsewhere, to a drawer of its own: then the panel is in its way. @param {FocusEvent} event */
  left({relatedTarget}) {
    if (relatedTarget && !this.panel.contains(/** @type {Node} */ (relatedTarget))) this.panel.hidePopover?.();
  }

  /** Back to what opened the panel, where the browser has not seen to it: some give buttons no focus by a click. */
  closed() {
    const at = document.activeElement;
    if (!at || at === document.body || this.panel.contains(at)) this.opener?.focus({preventScroll: true});
    this.opener = null;
  }

  disconnectedCallback() {
    document.removeEventListener('keydown', this.pressed);
    for (const name of ['click', 'shopify:block:select']) if (this.opening) document.removeEventListener(name, this.opening);
    this.opening = undefined;
  }

  /** @param {string} name */
  read(name) {
    return JSON.parse(this.querySelector(`[data-${name}]`)?.textContent || '{}');
  }

  /**
   * A link of a block that has its place in the panel opens it there; without a script it leads to the app's page. In the
   * theme editor, choosing the launcher opens it.
   *
   * @param {Event} event
   */
  openBy(event) {
    if (event.type === 'shopify:block:select') {
      if (/** @type {Node} */ (event.target).contains?.(this)) this.panel?.showPopover?.();
      return;
    }
    const link = /** @type {Element} */ (event.target)?.closest?.('[data-suki-open]');
    if (!link || !this.panel?.showPopover || /** @type {MouseEvent} */ (event).ctrlKey || /** @type {MouseEvent} */ (event).metaKey) return;
    event.preventDefault();
    this.opener = /** @type {HTMLElement} */ (link);
    this.wanted = link.getAttribute('data-suki-open') ?? '';
    this.panel.showPopover();
  }

  async opened() {
    this.opener ??= this.querySelector('[popovertarget]');
    this.heading.focus();
    const {wanted} = this;
    this.wanted = '';
    await this.busy(() => this.fresh(wanted));
  }

  /** Asks for everything anew, and shows a view. @param {string} [view] */
  async fresh(view = this.view) {
    const cart = await readCart();
    this.codes = cart?.codes ?? [];
    this.me = await this.ask('me');
    const member = this.me.state === 'member';
    [{held: this.held}, this.judged] = await Promise.all([
      member ? this.ask('held') : {held: []},
      member && cart ? this.ask('cart', cart) : null,
    ]);
    if (this.judged) document.dispatchEvent(new CustomEvent(JUDGED, {detail: this.judged}));
    if (member) this.balance(this.me.member.available);
    await this.show(member ? view : '');
  }

  /** @param {string} view @param {any} [of] */
  go(view, of) {
    return this.busy(() => this.show(view, of));
  }

  /** @param {string} view @param {any} [of] */
  async show(view, of) {
    const {say, me} = this;
    const member = me?.state === 'member';
    const draw = /** @type {any} */ (views)[view] ?? (member ? views.home : views.guest);
    const parts = (await draw(this, of)).flat(2).filter(Boolean);
    if (!me) return;
    this.view = view;
    this.toggleAttribute('data-inside', !!view);
    this.backward.hidden = !view;
    this.heading.textContent = view && view !== 'reward' ? say[view] : view ? say.rewards : this.heading.dataset.title ?? '';
    const held = this.panel.contains(document.activeElement);
    this.body.replaceChildren(...(member || me.state !== 'guest' ? [] : this.first), ...parts);
    this.body.scrollTop = 0;
    if (view || held) this.heading.focus();
  }

  /** Does something while nothing else can be pressed, and says what went wrong. @param {() => any} what */
  async busy(what) {
    if (this.hasAttribute('aria-busy')) return;
    this.setAttribute('aria-busy', 'true');
    this.said('');
    try {
      await what();
    } catch (problem) {
      const {code, text} = /** @type {any} */ (problem);
      if (/^not_(launched|installed)$/.test(code)) return this.remove();
      this.said(text || this.say.failed);
    } finally {
      this.removeAttribute('aria-busy');
    }
  }

  /** @param {string} text */
  said(text) {
    this.status.textContent = text ?? '';
  }

  /** @param {{text: string}} points */
  balance(points) {
    for (const node of this.querySelectorAll('[data-balance]')) node.textContent = points.text;
  }

  /** @param {string} path @param {object} [body] */
  ask(path, body) {
    return this.asker.ask(path, body);
  }

  /** @param {string} path @param {object} [more] */
  act(path, more) {
    return this.asker.act(path, more);
  }

  /** @param {string} code */
  put(code) {
    return applyCode(code);
  }

  /** @param {string} code */
  take(code) {
    return removeCode(code);
  }

  /** @param {string} name */
  icon(name) {
    const found = /** @type {HTMLTemplateElement | null} */ (this.querySelector(`template[data-icon="${name}"]`));
    return found ? found.content.cloneNode(true) : make('span');
  }
}
