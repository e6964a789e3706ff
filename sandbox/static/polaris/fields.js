// Fields that hold text. All are form-associated: their name and value are in the form's data.
(() => {
  const { Part, define, escape } = window.sandboxPolaris;
  const FRAME = `:host{display:block;min-width:0}.f{display:flex;flex-direction:column;gap:4px}label,.l{font-size:13px;font-weight:450}
    .hide{clip-path:inset(50%);height:1px;overflow:hidden;position:absolute;width:1px}
    .i{align-items:center;background:#fdfdfd;border:1px solid #8a8a8a;border-radius:8px;display:flex;gap:6px;min-height:32px;padding:0 10px}
    .i:focus-within{border-color:#005bd3;box-shadow:0 0 0 1px #005bd3}.i.bad{background:#fff5f5;border-color:#8e0b21}.i.off{background:#0000000d;border-color:transparent;color:#b5b5b5}
    .i input,.i textarea,.i select{background:none;border:0;flex:1;min-width:0;outline:none;padding:5px 0;width:100%}.i span{color:#616161;white-space:nowrap}
    .d{color:#616161;font-size:12px}.e{color:#8e1f0b;font-size:12px}.e::before{content:"⚠ "}
    @media(max-width:500px){.i{min-height:40px}.i input,.i select,.i textarea{font-size:16px}}`;

  class Control extends Part {
    static formAssociated = true;
    static focus = true;
    static attributesSeen = ['label', 'error', 'details', 'disabled', 'placeholder', 'readonly', 'required', 'prefix', 'suffix', 'max', 'min', 'value'];
    constructor() {
      super();
      this.internals = this.attachInternals();
      this.now = null;
    }
    get value() { return this.now ?? this.at('value'); }
    set value(text) { this.now = String(text ?? ''); this.share(); if (this.input) this.input.value = this.now; }
    get defaultValue() { return this.at('value'); }
    get form() { return this.internals.form; }
    share() { this.internals.setFormValue(this.hasAttribute('disabled') ? null : this.value); }
    formResetCallback() { this.now = null; this.share(); this.draw(); }
    formDisabledCallback(off) { this.off = off; if (this.isConnected) this.draw(); }
    focus() { this.input?.focus(); }
    frame(control) {
      const label = this.at('label');
      const hide = this.at('labelAccessibilityVisibility') === 'exclusive' ? 'hide' : '';
      const error = this.at('error');
      return `<div class="f">${label ? `<label class="${hide}" for="c">${escape(label)}</label>` : ''}
        <div class="i ${error ? 'bad' : ''} ${this.hasAttribute('disabled') ? 'off' : ''}">${this.icon()}${this.at('prefix') ? `<span>${escape(this.at('prefix'))}</span>` : ''}${control}
        ${this.at('suffix') ? `<span>${escape(this.at('suffix'))}</span>` : ''}<slot name="accessory"></slot></div>
        ${error ? `<div class="e" id="e" role="alert">${escape(error)}</div>` : ''}${this.at('details') ? `<div class="d">${escape(this.at('details'))}</div>` : ''}<slot name="details"></slot></div>`;
    }
    icon() { return this.at('icon') ? `<s-icon type="${escape(this.at('icon'))}" color="subdued"></s-icon>` : ''; }
    shared() {
      const names = { placeholder: 'placeholder', maxlength: 'maxLength', minlength: 'minLength', min: 'min', max: 'max', step: 'step', rows: 'rows', autocomplete: 'autocomplete', accept: 'accept' };
      const text = Object.keys(names).filter((name) => this.hasAttribute(name)).map((name) => `${name}="${escape(this.at(name))}"`);
      for (const flag of ['disabled', 'required', 'multiple']) if (this.hasAttribute(flag)) text.push(flag === 'required' ? 'aria-required="true"' : flag);
      if (this.hasAttribute('readonly')) text.push('readonly');
      if (this.at('error')) text.push('aria-invalid="true" aria-describedby="e"');
      if (!this.at('label')) text.push(`aria-label="${escape(this.at('accessibilityLabel'))}"`);
      return text.join(' ');
    }
    draw() {
      super.draw();
      this.input = this.shadowRoot.querySelector('#c');
      this.share();
      if (!this.input) return;
      this.input.addEventListener('input', () => { this.now = this.input.value; this.share(); });
      this.input.addEventListener('change', () => {
        this.now = this.input.value;
        this.share();
        this.dispatchEvent(new Event('change', { bubbles: true }));
      });
      this.input.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' && this.input.localName === 'input') this.form?.requestSubmit();
      });
    }
    attributeChangedCallback(name, old, text) {
      if (name === 'value' && this.now === null && this.input && document.activeElement !== this) this.input.value = text ?? '';
      if (name !== 'value') super.attributeChangedCallback();
      this.share();
    }
  }
  for (const name of ['name', 'label', 'error', 'details', 'placeholder', 'prefix', 'suffix', 'min', 'max', 'step']) {
    Object.defineProperty(Control.prototype, name, {
      get() { return this.at(name); },
      set(text) { if (text === null || text === undefined || text === '') this.removeAttribute(name); else this.setAttribute(name, text); },
    });
  }
  for (const [property, name] of [['disabled', 'disabled'], ['required', 'required'], ['readOnly', 'readonly']]) {
    Object.defineProperty(Control.prototype, property, {
      get() { return this.hasAttribute(name); }, set(on) { this.toggleAttribute(name, !!on); },
    });
  }

  const plain = (type, more = '') => class extends Control {
    static css = FRAME;
    body() { return this.frame(`<input id="c" type="${type}" ${more} value="${escape(this.value)}" ${this.shared()}>`); }
  };
  class Money extends Control {
    static css = FRAME;
    frame(control) {
      if (!this.at('prefix')) this.setAttribute('prefix', this.at('currencyCode', 'auto') === 'auto' ? '$' : this.at('currencyCode'));
      return super.frame(control);
    }
    body() { return this.frame(`<input id="c" inputmode="decimal" value="${escape(this.value)}" ${this.shared()}>`); }
  }
  class Search extends Control {
    static css = FRAME;
    icon() { return '<s-icon type="search" color="subdued"></s-icon>'; }
    body() { return this.frame(`<input id="c" type="search" value="${escape(this.value)}" ${this.shared()}>`); }
  }
  class Area extends Control {
    static css = `${FRAME}.i{align-items:stretch}textarea{resize:vertical;min-height:44px}`;
    body() { return this.frame(`<textarea id="c" ${this.shared()}>${escape(this.value)}</textarea>`); }
  }
  class Colour extends Control {
    static css = `${FRAME}i{border:1px solid #0003;border-radius:4px;height:20px;position:relative;width:20px}i input{inset:0;opacity:0;position:absolute;cursor:pointer}`;
    body() {
      const six = /^#[0-9a-f]{6}$/i.test(this.value) ? this.value : '#000000';
      return this.frame(`<i style="background:${six}"><input type="color" value="${six}" aria-label="Pick"></i><input id="c" value="${escape(this.value)}" ${this.shared()}>`);
    }
    draw() {
      super.draw();
      const well = this.shadowRoot.querySelector('i');
      const pick = well.firstChild;
      this.input.addEventListener('input', () => { well.style.background = this.value; });
      pick.addEventListener('input', () => { this.value = pick.value; well.style.background = pick.value; this.dispatchEvent(new Event('input', { bubbles: true, composed: true })); });
      pick.addEventListener('change', () => this.dispatchEvent(new Event('change', { bubbles: true })));
    }
  }
  class Select extends Control {
    static css = `${FRAME}.i{position:relative}select{appearance:none;cursor:pointer;padding-right:18px!important}.i::after{color:#616161;content:"⌄";font-size:14px;pointer-events:none;position:absolute;right:10px;top:2px}`;
    connectedCallback() {
      super.connectedCallback();
      this.watch ??= new MutationObserver(() => this.draw());
      this.watch.observe(this, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ['value', 'selected', 'disabled'] });
    }
    get value() { return this.now ?? (this.hasAttribute('value') ? this.at('value') : this.first()); }
    set value(text) { super.value = text; }
    first() {
      const chosen = this.querySelector('s-option[selected]') || (this.at('placeholder') ? null : this.querySelector('s-option'));
      return chosen ? chosen.getAttribute('value') ?? chosen.textContent.trim() : '';
    }
    choices(parent) {
      return [...parent.children].map((one) => {
        if (one.localName === 's-option-group') return `<optgroup label="${escape(one.getAttribute('label'))}">${this.choices(one)}</optgroup>`;
        if (one.localName !== 's-option') return '';
        const value = one.getAttribute('value') ?? one.textContent.trim();
        return `<option value="${escape(value)}" ${value === this.value ? 'selected' : ''} ${one.hasAttribute('disabled') ? 'disabled' : ''}>${escape(one.textContent.trim())}</option>`;
      }).join('');
    }
    body() {
      const empty = this.at('placeholder') ? `<option value="" ${this.value ? '' : 'selected'}>${escape(this.at('placeholder'))}</option>` : '';
      return this.frame(`<select id="c" ${this.shared()}>${empty}${this.choices(this)}</select><slot hidden></slot>`);
    }
  }

  for (const [name, part] of Object.entries({
    'text-field': plain('text'), 'number-field': plain('number', 'step="any"'), 'email-field': plain('email'), 'url-field': plain('url'),
    'password-field': plain('password'), 'date-field': plain('date'), 'date-picker': plain('date'), 'color-picker': plain('color'), 'drop-zone': plain('file'),
    'money-field': Money, 'search-field': Search, 'text-area': Area, 'color-field': Colour, select: Select,
  })) define(`s-${name}`, part);
  window.sandboxPolaris.Control = Control;
})();
