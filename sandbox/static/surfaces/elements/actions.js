// Buttons, links, what is pressed, forms, and what a press commands.
import { Part, define } from './part.js';
import { BOX, boxed } from './box.js';

const PRESSED = { download: String, disabled: Boolean, loading: Boolean, href: String, target: String, type: String, command: String, commandFor: String, accessibilityLabel: String, interestFor: String, id: String };

export class Pressable extends Part {
  static focusable = true;
  static props = PRESSED;
  static events = ['click', 'focus', 'blur'];
  html() { return '<span class="place"></span>'; }
  /** What is inside the button or link. */
  inner() { return '<slot></slot>'; }
  build() { this.addEventListener('click', (event) => this.pressed0(event)); }
  pressed0(event) {
    if (this.disabled || this.loading) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    queueMicrotask(() => {
      if (event.defaultPrevented) return;
      if (this.at('type') === 'submit') this.closest('s-form')?.submitted();
      if (this.at('type') === 'reset') this.closest('s-form')?.tell('reset');
      this.commanded();
    });
  }
  commanded() {
    const target = this.at('commandFor') && this.ownerDocument.getElementById(this.at('commandFor'));
    if (!target) return;
    const call = { '--show': 'showOverlay', '--hide': 'hideOverlay', '--toggle': 'toggleOverlay', '--copy': 'copy' }[this.at('command', '--auto')];
    if (call) target[call]?.(this);
    else (target.copy || target.toggleOverlay)?.call(target, this);
  }
  update() {
    const wanted = this.at('href') && !this.disabled ? 'a' : 'button';
    let inner = this.$('.p');
    if (inner?.localName !== wanted) {
      inner = document.createElement(wanted);
      inner.className = 'p';
      if (wanted === 'button') inner.type = 'button';
      inner.innerHTML = this.inner();
      this.shadowRoot.replaceChildren(inner);
    }
    if (wanted === 'a') {
      inner.setAttribute('href', this.at('href'));
      inner.target = this.at('target').replace('auto', '');
    } else {
      inner.disabled = this.disabled;
      inner.toggleAttribute('aria-busy', this.loading);
      if (this.loading) inner.setAttribute('aria-disabled', 'true'); else inner.removeAttribute('aria-disabled');
    }
    if (this.at('accessibilityLabel')) inner.setAttribute('aria-label', this.at('accessibilityLabel')); else inner.removeAttribute('aria-label');
  }
  click() { this.$('.p').click(); }
}

class Button extends Pressable {
  static props = { ...PRESSED, variant: String, tone: String, inlineSize: String, icon: String };
  static css = `:host{display:inline-block;max-width:100%}:host([inlinesize=fill]){display:block}:host([inlinesize=fill]) .p{width:100%}
    .p{align-items:center;background:var(--button);border:1px solid var(--button-edge);border-radius:var(--round);color:var(--button-text);cursor:pointer;display:inline-flex;font:var(--button-font);gap:6px;justify-content:center;max-width:100%;min-height:var(--button-tall);overflow-wrap:anywhere;padding:var(--button-room);position:relative;text-align:center;text-decoration:none}
    .p:hover{filter:brightness(.97)}:host([variant=primary]) .p{background:var(--primary);border-color:var(--primary);color:var(--primary-text)}:host([variant=tertiary]) .p{background:none;border-color:transparent}
    :host([tone=critical]) .p{color:var(--critical-text)}:host([variant=primary][tone=critical]) .p{background:var(--critical-strong);border-color:var(--critical-strong);color:#fff}
    :host([disabled]) .p{background:var(--ground-3);border-color:transparent;color:#6d6d6d;cursor:default}
    .turn{animation:turn .8s linear infinite;border:2px solid;border-radius:50%;border-inline-end-color:transparent;display:none;height:1em;width:1em}:host([loading]) .turn{display:block}@keyframes turn{to{transform:rotate(1turn)}}@media(prefers-reduced-motion:reduce){.turn{animation:none}}`;
  inner() { return '<i class="turn" aria-hidden="true"></i><span><slot></slot></span>'; }
}
class PressButton extends Button {
  static props = { ...Button.props, pressed: Boolean, defaultPressed: Boolean };
  static css = `${Button.css}.p[aria-pressed=true]{background:var(--ground-3);border-color:currentColor;box-shadow:inset 0 0 0 1px currentColor}`;
  update() { super.update(); this.$('.p').setAttribute('aria-pressed', String(this.pressed)); }
}
class Link extends Pressable {
  static props = { ...PRESSED, tone: String, lang: String };
  static css = ':host{display:inline}.p{background:none;border:0;color:var(--link);cursor:pointer;display:inline;font:inherit;padding:0;text-align:inherit;text-decoration:underline}:host([tone=neutral]) .p{color:inherit}:host([tone=critical]) .p{color:var(--critical-text)}';
}
class Clickable extends Pressable {
  static props = { ...PRESSED, ...BOX };
  static css = ':host{display:block;min-width:0}.p{background:none;border:0;border-radius:inherit;color:inherit;cursor:pointer;display:block;font:inherit;padding:0;text-align:inherit;text-decoration:none;width:100%}';
  update() { super.update(); this.own.replaceSync(boxed(this)); }
}
class ClickableChip extends Pressable {
  static props = { ...PRESSED, removable: Boolean, color: String };
  static events = [...Pressable.events, 'remove', 'afterhide'];
  static css = ':host{display:inline-block}.p{background:var(--ground-2);border:1px solid var(--edge);border-radius:999px;color:inherit;cursor:pointer;font-size:.9em;padding:2px 10px;text-decoration:none}';
}
class Group extends Part {
  static props = { gap: String, accessibilityLabel: String };
  static css = ':host{display:flex;flex-wrap:wrap;gap:8px}';
  html() { return '<slot name="secondary-actions"></slot><slot></slot><slot name="primary-action"></slot>'; }
}

class Clipboard extends Part {
  static props = { text: String };
  static events = ['copy', 'copyerror'];
  static css = ':host{display:none}';
  async copy() {
    try {
      await new Promise((resolve, reject) => {
        this.dispatchEvent(new CustomEvent('surface-copy', { bubbles: true, composed: true, detail: { text: this.at('text'), resolve, reject } }));
      });
      this.tell('copy');
    } catch { this.tell('copyerror'); }
  }
}

class Form extends Part {
  static props = { disabled: Boolean };
  static events = ['submit', 'reset'];
  static css = ':host{display:block}';
  build() {
    this.addEventListener('keydown', (event) => {
      const field = event.composedPath()[0];
      if (event.key === 'Enter' && field.localName === 'input' && !['radio', 'checkbox'].includes(field.type)) this.submitted();
    });
  }
  submitted() {
    const wrong = [...this.querySelectorAll('*')].find((one) => one.required && !one.value);
    if (wrong) { wrong.focus(); return; }
    this.tell('submit', { bubbles: true });
  }
}
class Login extends Part {
  static props = { open: Boolean, doRedirect: Boolean, modalTitle: String, modalDescription: String, modalLogoSrc: String, modalContinueText: String, modalCancelText: String };
  static events = ['complete', 'closed', 'statuschange'];
  static css = ':host{display:inline-block;font-weight:600}'; 
  html() { return '<span>Sign in with Shop</span>'; }
}

define({ button: Button, 'press-button': PressButton, link: Link, clickable: Clickable, 'clickable-chip': ClickableChip, 'button-group': Group, 'clipboard-item': Clipboard, form: Form, 'function-settings': class extends Form {}, 'login-with-shop': Login });
