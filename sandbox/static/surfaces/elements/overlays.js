// What opens over the page: modals, sheets, popovers, menus, tooltips.
import { Part, define } from './part.js';

class Overlay extends Part {
  get isOpen() { return !!this.shown; }
  showOverlay(from) {
    if (this.shown) return;
    this.shown = true;
    this.tell('show');
    this.opened(from);
    this.tell('aftershow');
  }
  hideOverlay() {
    if (!this.shown) return;
    this.shown = false;
    this.closed();
    this.tell('hide');
    this.tell('afterhide');
  }
  toggleOverlay(from) { if (this.shown) this.hideOverlay(); else this.showOverlay(from); }
  over(open) { document.dispatchEvent(new CustomEvent('surface-overlay', { detail: { open } })); }
}

class Modal extends Overlay {
  static props = { heading: String, size: String, padding: String, accessibilityLabel: String };
  static events = ['show', 'aftershow', 'hide', 'afterhide'];
  static css = `dialog{background:var(--ground);border:0;border-radius:calc(var(--round)*2);box-shadow:0 8px 40px #0000004d;color:var(--text);max-height:86vh;max-width:calc(100vw - 24px);padding:0;width:560px}
    :host([size^=small]) dialog{width:400px}:host([size^=large]) dialog{width:860px}:host([size=max]) dialog{height:86vh;width:1200px}dialog::backdrop{background:#0009}
    header{align-items:center;border-bottom:1px solid var(--edge);display:flex;gap:12px;padding:14px 18px}h2{flex:1;font:var(--heading);margin:0;overflow-wrap:anywhere}.c{display:flex;flex-direction:column;gap:14px;overflow:auto;padding:18px}:host([padding=none]) .c{padding:0}
    footer{border-top:1px solid var(--edge);display:flex;flex-wrap:wrap;gap:8px;justify-content:flex-end;padding:14px 18px}footer:not(.has){display:none}.x{background:none;border:0;cursor:pointer;font-size:22px;line-height:1;padding:4px 8px}`;
  html() { return '<dialog><header><h2></h2><button class="x" type="button" aria-label="Close">×</button></header><div class="c"><slot></slot></div><footer><slot name="secondary-actions"></slot><slot name="primary-action"></slot></footer></dialog>'; }
  build() {
    this.$('.x').addEventListener('click', () => this.hideOverlay());
    this.$('dialog').addEventListener('close', () => this.hideOverlay());
    for (const slot of this.shadowRoot.querySelectorAll('slot')) slot.addEventListener('slotchange', () => this.update());
  }
  update() {
    this.$('h2').textContent = this.at('heading');
    this.$('dialog').setAttribute('aria-label', this.at('accessibilityLabel') || this.at('heading') || 'Dialog');
    this.$('footer').classList.toggle('has', this.fills('primary-action') || this.fills('secondary-actions'));
  }
  opened() { this.over(true); this.$('dialog').showModal(); }
  closed() { this.over(false); if (this.$('dialog').open) this.$('dialog').close(); }
  disconnectedCallback() { if (this.shown) { this.shown = false; this.over(false); } }
}
class Sheet extends Modal {
  static props = { ...Modal.props, defaultOpen: Boolean };
  static css = `${Modal.css}dialog{border-radius:0;height:100vh;margin:0 0 0 auto;max-height:100vh;width:420px}`;
}

class Popover extends Overlay {
  static props = { blockSize: String, inlineSize: String, maxBlockSize: String, maxInlineSize: String, minBlockSize: String, minInlineSize: String, accessibilityLabel: String };
  static events = ['show', 'hide'];
  static css = ':host{background:var(--ground);border-radius:calc(var(--round)*1.5);box-shadow:0 0 0 1px #0000001a,0 6px 24px #00000030;display:none;max-width:calc(100vw - 16px);min-width:160px;padding:12px;position:absolute;z-index:20}:host(.open){display:block}';
  opened(from) {
    this.classList.add('open');
    const place = (from || this.parentElement).getBoundingClientRect();
    this.style.top = `${place.bottom + 6 - document.body.getBoundingClientRect().top}px`;
    this.style.left = `${Math.max(0, Math.min(place.left, innerWidth - this.offsetWidth - 8))}px`;
    this.outside = (event) => { if (event.key === 'Escape' || (event.type === 'click' && !event.composedPath().includes(this))) { this.hideOverlay(); from?.focus?.(); } };
    setTimeout(() => { if (this.shown) for (const kind of ['click', 'keydown']) document.addEventListener(kind, this.outside); });
  }
  closed() {
    this.classList.remove('open');
    for (const kind of ['click', 'keydown']) document.removeEventListener(kind, this.outside);
  }
}
class Menu extends Popover {
  build() { this.addEventListener('click', () => this.hideOverlay()); }
  connectedCallback() { super.connectedCallback(); this.setAttribute('role', 'group'); }
}
class Tooltip extends Popover {
  static css = `${Popover.css}:host{background:#303030;color:#fff;font-size:.86em;max-width:260px;min-width:0;padding:6px 10px}`;
  connectedCallback() { super.connectedCallback(); this.setAttribute('role', 'tooltip'); }
}
for (const [kind, call] of [['mouseover', 'showOverlay'], ['focusin', 'showOverlay'], ['mouseout', 'hideOverlay'], ['focusout', 'hideOverlay']]) {
  document.addEventListener(kind, (event) => {
    const from = event.composedPath().find((node) => node.getAttribute?.('interestfor'));
    const tip = from && document.getElementById(from.getAttribute('interestfor'));
    if (tip?.localName === 's-tooltip') tip[call](from);
  });
}

define({ modal: Modal, sheet: Sheet, popover: Popover, menu: Menu, tooltip: Tooltip });
