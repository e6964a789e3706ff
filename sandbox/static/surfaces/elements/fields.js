// Fields that hold text, numbers, days or one of several values.
import { Part, define, escape } from './part.js';

const FIELD = {
  label: String, value: String, defaultValue: String, name: String, error: String, details: String, placeholder: String, prefix: String, suffix: String,
  disabled: Boolean, readOnly: Boolean, required: Boolean, labelAccessibilityVisibility: String, accessibilityLabel: String, autocomplete: String, icon: String, id: String,
};
const CSS = `:host{display:block;min-width:0}.f{display:flex;flex-direction:column;gap:4px}label{font:var(--label)}
  .i{align-items:center;background:var(--ground);border:1px solid var(--field-edge);border-radius:var(--round);display:flex;gap:6px;min-height:var(--field-tall);padding:0 11px}.i:focus-within{border-color:var(--focus);box-shadow:0 0 0 1px var(--focus)}
  .bad .i{border-color:var(--critical-strong)}.i :is(input,textarea,select){background:none;border:0;flex:1;min-width:0;outline:none;padding:8px 0;width:100%}.d{color:var(--quiet);font-size:.9em}.e{color:var(--critical-text);font-size:.9em}.off{opacity:.6}
  .step{background:none;border:0;cursor:pointer;font-size:20px;padding:6px 10px}`;

export class Field extends Part {
  static focusable = true;
  static props = FIELD;
  static events = ['input', 'change', 'focus', 'blur', 'invalid', 'viewchange', 'droprejected'];
  get files() { return [...this.input.files ?? []]; }
  static css = CSS;
  static type = 'text';
  control() { return `<input id="c" type="${this.constructor.type}">`; }
  html() { return `<div class="f"><label for="c"></label><div class="i"><slot name="icon"></slot><span class="pre"></span>${this.control()}<span class="suf"></span><slot name="accessory"></slot></div><div class="e" id="e" role="alert"></div><div class="d" id="d"></div></div>`; }
  get input() { return this.$('#c'); }
  get value() { return this.built ? this.input.value : this.at('value') || this.at('defaultValue'); }
  set value(text) {
    const wanted = String(text ?? '');
    if (this.getAttribute('value') !== wanted) this.setAttribute('value', wanted);
    if (this.built && this.input.value !== wanted) this.input.value = wanted;
  }
  build() {
    this.input.value = this.at('value') || this.at('defaultValue');
    this.input.addEventListener('change', () => this.tell('change', { bubbles: true }));
  }
  attributeChangedCallback(name, old, text) {
    super.attributeChangedCallback();
    if (name === 'value' && this.built && this.input.value !== (text ?? '') && this.ownerDocument.activeElement !== this) this.input.value = text ?? '';
  }
  update() {
    const { input } = this;
    this.$('label').textContent = this.at('label');
    this.$('label').className = this.at('labelAccessibilityVisibility') === 'exclusive' || !this.at('label') ? 'hide' : '';
    if (!this.at('label')) input.setAttribute('aria-label', this.at('accessibilityLabel') || this.at('placeholder') || this.localName.slice(2));
    this.$('.pre').textContent = this.at('prefix');
    this.$('.suf').textContent = this.at('suffix');
    this.$('.e').textContent = this.at('error');
    this.$('.e').hidden = !this.at('error');
    this.$('.d').textContent = this.at('details');
    this.$('.d').hidden = !this.at('details');
    this.$('.f').className = `f${this.at('error') ? ' bad' : ''}${this.disabled ? ' off' : ''}`;
    input.disabled = this.disabled;
    input.readOnly = this.readOnly;
    input.required = this.required;
    for (const name of ['placeholder', 'autocomplete', 'min', 'max', 'step', 'maxLength', 'minLength', 'rows', 'inputMode']) {
      if (this.hasAttribute(name)) input.setAttribute(name, this.at(name)); else input.removeAttribute(name);
    }
    if (this.at('error')) input.setAttribute('aria-invalid', 'true'); else input.removeAttribute('aria-invalid');
    input.setAttribute('aria-describedby', 'e d');
  }
  focus() { this.input.focus(); }
}

const of = (type, more = {}) => class extends Field {
  static type = type;
  static props = { ...FIELD, ...more };
};
const LENGTHS = { maxLength: Number, minLength: Number };
const Numbers = of('number', { min: Number, max: Number, step: Number, controls: String, inputMode: String });
class Money extends Numbers { }
class Stepped extends Numbers {
  control() { return '<button class="step" type="button" data-by="-1" aria-label="Less">−</button><input id="c" type="number" step="any"><button class="step" type="button" data-by="1" aria-label="More">+</button>'; }
  build() {
    super.build();
    for (const button of this.shadowRoot.querySelectorAll('.step')) {
      button.addEventListener('click', () => {
        const by = Number(button.dataset.by) * (Number(this.at('step')) || 1);
        const least = this.hasAttribute('min') ? this.min : -Infinity;
        const most = this.hasAttribute('max') ? this.max : Infinity;
        this.input.value = String(Math.min(most, Math.max(least, (Number(this.input.value) || 0) + by)));
        this.input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
        this.tell('change', { bubbles: true });
      });
    }
  }
  update() {
    super.update();
    for (const button of this.shadowRoot.querySelectorAll('.step')) { button.hidden = this.at('controls') !== 'stepper'; button.disabled = this.disabled; }
  }
}
class Area extends Field {
  static props = { ...FIELD, ...LENGTHS, rows: Number };
  static css = `${CSS}textarea{min-height:60px;resize:vertical}`;
  control() { return '<textarea id="c"></textarea>'; }
}
class Select extends Field {
  control() { return '<select id="c"></select>'; }
  build() {
    super.build();
    this.watch();
    this.fill();
  }
  fill() {
    const option = (one) => {
      const value = one.getAttribute('value') ?? one.textContent.trim();
      return `<option value="${escape(value)}"${one.hasAttribute('disabled') ? ' disabled' : ''}>${escape(one.textContent.trim())}</option>`;
    };
    const inside = [...this.children].map((one) => (one.localName === 's-option-group'
      ? `<optgroup label="${escape(one.getAttribute('label'))}">${[...one.children].map(option).join('')}</optgroup>` : one.localName === 's-option' ? option(one) : '')).join('');
    const html = (this.at('placeholder') ? `<option value="">${escape(this.at('placeholder'))}</option>` : '') + inside;
    if (html === this.filled) return;
    const chosen = this.filled === undefined ? '' : this.input.value;
    this.filled = html;
    this.input.innerHTML = html;
    const preset = this.querySelector('s-option[selected], s-option[defaultselected]')?.getAttribute('value');
    const wanted = chosen || this.at('value') || preset;
    if (wanted) this.input.value = wanted;
  }
  update() { super.update(); this.fill(); }
}
class Option extends Part {
  static props = { value: String, disabled: Boolean, selected: Boolean, defaultSelected: Boolean, accessibilityLabel: String, label: String };
  static css = ':host{display:none}';
}
const days = { allow: String, disallow: String, allowDays: String, disallowDays: String, view: String, defaultView: String };

define({
  'text-field': of('text', LENGTHS), 'email-field': of('email', LENGTHS), 'phone-field': of('tel', { type: String }), 'url-field': of('url', LENGTHS), 'password-field': of('password', LENGTHS),
  'search-field': of('search', LENGTHS), 'number-field': Stepped, 'money-field': Money, 'date-field': of('date', days), 'date-picker': of('date', { ...days, type: String }), 'date-spinner': of('date'),
  'time-field': of('time'), 'time-picker': of('time'), 'color-field': of('text', { alpha: Boolean }), 'color-picker': of('color', { alpha: Boolean }), 'drop-zone': of('file', { accept: String, multiple: Boolean }),
  'consent-phone-field': of('tel', { policy: String, type: String }), 'text-area': Area, select: Select, option: Option, 'option-group': class extends Option {},
});
