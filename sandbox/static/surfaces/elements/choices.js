// Checkboxes, switches, and lists to choose from. The list draws the real inputs, so that arrow keys go through them.
import { Part, define, escape } from './part.js';

const TICK = { label: String, value: String, name: String, error: String, details: String, checked: Boolean, defaultChecked: Boolean, disabled: Boolean, required: Boolean, indeterminate: Boolean, defaultIndeterminate: Boolean, accessibilityLabel: String, labelAccessibilityVisibility: String, command: String, commandFor: String, policy: String, id: String };
const ROW = `:host{display:block}label{align-items:flex-start;cursor:pointer;display:flex;gap:10px}input{accent-color:var(--primary);flex:none;height:18px;margin:2px 0;width:18px}.d{color:var(--quiet);display:block;font-size:.9em}.e{color:var(--critical-text);font-size:.9em}`;

class Tick extends Part {
  static focusable = true;
  static props = TICK;
  static events = ['change', 'input', 'focus', 'blur'];
  static css = ROW;
  html() { return '<label><input type="checkbox"><span><span class="l"></span><span class="d"></span></span></label><div class="e" role="alert"></div>'; }
  get checked() { return this.built ? this.$('input').checked : this.hasAttribute('checked') || this.hasAttribute('defaultChecked'); }
  set checked(value) { this.toggleAttribute('checked', !!value); if (this.built) this.$('input').checked = !!value; }
  build() {
    this.$('input').checked = this.hasAttribute('checked') || this.hasAttribute('defaultChecked');
    this.$('input').addEventListener('change', () => this.tell('change', { bubbles: true }));
  }
  attributeChangedCallback(name) { super.attributeChangedCallback(); if (name === 'checked' && this.built) this.$('input').checked = this.hasAttribute('checked'); }
  update() {
    this.$('.l').textContent = this.at('label');
    this.$('.l').classList.toggle('hide', this.at('labelAccessibilityVisibility') === 'exclusive');
    this.$('.d').textContent = this.at('details');
    this.$('.e').textContent = this.at('error');
    this.$('input').disabled = this.disabled;
    if (!this.at('label')) this.$('input').setAttribute('aria-label', this.at('accessibilityLabel') || 'Choose');
  }
}
class Switch extends Tick {
  static css = `${ROW}input{appearance:none;background:#767676;border-radius:12px;height:22px;position:relative;width:38px}input::after{background:#fff;border-radius:50%;content:"";height:16px;inset-inline-start:3px;position:absolute;top:3px;width:16px}input:checked{background:var(--primary)}input:checked::after{inset-inline-start:19px}label{justify-content:space-between;flex-direction:row-reverse}`;
  build() { super.build(); this.$('input').setAttribute('role', 'switch'); }
}

class Choice extends Part {
  static props = { value: String, selected: Boolean, defaultSelected: Boolean, disabled: Boolean, error: String, accessibilityLabel: String };
  static css = ':host{display:none}';
}
// A list may be there before its choices are more than unknown elements: these read attributes and children only.
const words = (choice) => [...choice.childNodes].filter((node) => !node.slot).map((node) => node.textContent).join('').trim();
const more = (choice) => choice.querySelector(':scope > [slot="details"]')?.textContent || '';
const valueOf = (choice) => choice.getAttribute('value') ?? '';
class ChoiceList extends Part {
  static props = { label: String, name: String, error: String, details: String, disabled: Boolean, multiple: Boolean, variant: String, labelAccessibilityVisibility: String };
  static events = ['change', 'input'];
  static css = `${ROW}fieldset{border:0;margin:0;min-width:0;padding:0}legend{font:var(--label);padding:0 0 6px}.all{display:flex;flex-direction:column;gap:8px}
    :host([variant=inline]) .all{flex-direction:row;flex-wrap:wrap;gap:6px}:host([variant=inline]) label,:host([variant=block]) label,:host([variant=grid]) label{border:1px solid var(--field-edge);border-radius:var(--round);padding:8px 12px}:host([variant=inline]) label{gap:0;justify-content:center;min-width:44px;position:relative}
    :host([variant=inline]) input{appearance:none;height:100%;inset:0;margin:0;position:absolute;width:100%}:host([variant=inline]) input:focus-visible{border-radius:var(--round)}label:has(input:checked){border-color:var(--primary)!important;box-shadow:0 0 0 1px var(--primary)}:host(:not([variant])) label:has(input:checked),:host([variant=list]) label:has(input:checked),:host([variant=auto]) label:has(input:checked){box-shadow:none}`;
  static focusable = true;
  html() { return '<fieldset><legend></legend><div class="all"></div><div class="e" role="alert"></div><div class="d"></div></fieldset><slot hidden></slot>'; }
  get options() { return [...this.querySelectorAll(':scope > s-choice')]; }
  get values() { return this.chosen ?? this.options.filter((one) => one.hasAttribute('selected') || one.hasAttribute('defaultSelected')).map(valueOf); }
  set values(wanted) { this.chosen = [...(wanted ?? [])]; if (this.built) this.tick(); }
  get value() { return this.values[0] ?? ''; }
  build() {
    this.watch();
    this.$('.all').addEventListener('change', () => {
      this.chosen = [...this.shadowRoot.querySelectorAll('input:checked')].map((one) => one.value);
      this.tell('change', { bubbles: true });
    });
  }
  tick() { const values = this.values; for (const input of this.shadowRoot.querySelectorAll('.all input')) input.checked = values.includes(input.value); }
  update() {
    const type = this.multiple ? 'checkbox' : 'radio';
    const html = this.options.map((one) => `<label><input type="${type}" name="c" value="${escape(valueOf(one))}"${one.hasAttribute('disabled') || this.disabled ? ' disabled' : ''}><span>${escape(words(one))}${more(one) ? `<span class="d">${escape(more(one))}</span>` : ''}</span></label>`).join('');
    if (html !== this.drawn) { this.drawn = html; this.$('.all').innerHTML = html; }
    this.$('legend').textContent = this.at('label');
    this.$('legend').classList.toggle('hide', this.at('labelAccessibilityVisibility') === 'exclusive');
    this.$('.e').textContent = this.at('error');
    this.$('fieldset > .d').textContent = this.at('details');
    this.tick();
  }
}

define({ checkbox: Tick, switch: Switch, 'consent-checkbox': class extends Tick {}, choice: Choice, 'choice-list': ChoiceList });
