// Checkboxes, switches and choice lists.
(() => {
  const { Part, Control, define, escape } = window.sandboxPolaris;

  class Tick extends Control {
    static attributesSeen = ['label', 'error', 'details', 'disabled', 'checked', 'value', 'indeterminate'];
    get checked() { return this.on ?? this.hasAttribute('checked'); }
    set checked(value) { this.on = !!value; this.share(); if (this.input) this.input.checked = this.on; }
    get value() { return this.at('value', 'on'); }
    set value(text) { this.setAttribute('value', text); this.share(); }
    share() { this.internals.setFormValue(this.checked && !this.hasAttribute('disabled') ? this.value : null); }
    formResetCallback() { this.on = null; this.share(); this.draw(); }
    attributeChangedCallback(name) { if (name === 'checked') this.on = null; if (this.isConnected) this.draw(); }
    body() {
      const error = this.at('error');
      const hide = this.at('labelAccessibilityVisibility') === 'exclusive' ? 'hide' : '';
      return `<label class="row"><input id="c" type="checkbox" ${this.constructor.role || ''} ${this.checked ? 'checked' : ''} ${this.hasAttribute('disabled') ? 'disabled' : ''}
        aria-label="${escape(this.at('label') || this.at('accessibilityLabel'))}"><span class="t"><span class="${hide}">${escape(this.at('label'))}</span>
        ${this.at('details') ? `<span class="d">${escape(this.at('details'))}</span>` : ''}<slot name="details"></slot>${error ? `<span class="e" role="alert">${escape(error)}</span>` : ''}</span></label>`;
    }
    draw() {
      Part.prototype.draw.call(this);
      this.input = this.shadowRoot.querySelector('#c');
      this.share();
      this.input.addEventListener('input', () => { this.on = this.input.checked; this.share(); });
      this.input.addEventListener('change', () => { this.on = this.input.checked; this.share(); this.dispatchEvent(new Event('change', { bubbles: true })); });
    }
  }
  const ROW = `:host{display:block}.row{align-items:flex-start;cursor:pointer;display:flex;gap:8px}.t{display:flex;flex-direction:column}.d{color:#616161;font-size:12px}.e{color:#8e1f0b;font-size:12px}
    .hide{clip-path:inset(50%);height:1px;overflow:hidden;position:absolute;width:1px}input{accent-color:#303030;flex:none;height:16px;margin:2px 0 0;width:16px}`;
  class Checkbox extends Tick { static css = ROW; }
  class Switch extends Tick {
    static role = 'role="switch"';
    static css = `${ROW}.row{flex-direction:row-reverse;justify-content:space-between}input{appearance:none;background:#8a8a8a;border-radius:10px;cursor:pointer;height:18px;position:relative;transition:.15s;width:32px}
      input::after{background:#fff;border-radius:50%;content:"";height:12px;left:3px;position:absolute;top:3px;transition:.15s;width:12px}input:checked{background:#303030}input:checked::after{left:17px}input:focus-visible{outline:2px solid #005bd3;outline-offset:1px}`;
  }

  class Choice extends Part {
    static childed = true;
    static attributesSeen = ['selected', 'disabled'];
    static css = `${ROW}.more{margin:8px 0 0 24px}.more[hidden]{display:none}`;
    get list() { return this.closest('s-choice-list'); }
    get selected() { return this.on ?? this.hasAttribute('selected'); }
    set selected(value) { this.on = !!value; if (this.input) this.input.checked = this.on; this.list?.share(); }
    get value() { return this.at('value'); }
    body() {
      const type = this.list?.hasAttribute('multiple') ? 'checkbox' : 'radio';
      const off = this.hasAttribute('disabled') || this.list?.hasAttribute('disabled');
      const name = [...this.childNodes].filter((node) => !node.slot).map((node) => node.textContent).join('').trim();
      return `<label class="row"><input type="${type}" aria-label="${escape(name)}" ${this.selected ? 'checked' : ''} ${off ? 'disabled' : ''}><span class="t"><span><slot></slot></span><span class="d"><slot name="details"></slot></span></span></label>
        <div class="more" ${this.selected && this.querySelector('[slot="secondary-content"]') ? '' : 'hidden'}><slot name="secondary-content"></slot></div>`;
    }
    draw() {
      super.draw();
      this.input = this.shadowRoot.querySelector('input');
      this.input.addEventListener('change', () => this.list?.chosen(this, this.input.checked));
      queueMicrotask(() => this.list?.share?.());
    }
  }
  class ChoiceList extends Control {
    static attributesSeen = ['label', 'error', 'details', 'disabled'];
    static css = ':host{display:block}.l{font-weight:450;margin-bottom:6px}.f{display:flex;flex-direction:column;gap:8px}.e{color:#8e1f0b;font-size:12px}.d{color:#616161;font-size:12px}.hide{clip-path:inset(50%);height:1px;overflow:hidden;position:absolute}';
    get choices() { return [...this.querySelectorAll('s-choice')]; }
    get values() { return this.choices.filter((one) => one.selected).map((one) => one.value); }
    set values(wanted) { for (const one of this.choices) one.selected = wanted.includes(one.value); this.share(); }
    get value() { return this.values[0] ?? ''; }
    share() {
      const data = new FormData();
      for (const value of this.values || []) data.append(this.at('name'), value);
      this.internals.setFormValue(this.at('name') && !this.hasAttribute('disabled') ? data : null);
    }
    formResetCallback() { for (const one of this.choices) { one.on = null; one.draw(); } this.share(); }
    chosen(which, on) {
      for (const one of this.choices) {
        if (one === which) one.on = on; else if (!this.hasAttribute('multiple')) one.on = false;
        one.draw();
      }
      this.share();
      this.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      this.dispatchEvent(new Event('change', { bubbles: true }));
    }
    body() {
      const hide = this.at('labelAccessibilityVisibility') === 'exclusive' ? 'hide' : '';
      return `<div role="group" aria-label="${escape(this.at('label'))}"><div class="l ${hide}">${escape(this.at('label'))}</div><div class="f"><slot></slot></div>
        ${this.at('error') ? `<div class="e" role="alert">${escape(this.at('error'))}</div>` : ''}${this.at('details') ? `<div class="d">${escape(this.at('details'))}</div>` : ''}</div>`;
    }
    draw() {
      Part.prototype.draw.call(this);
      queueMicrotask(() => this.share());
    }
  }
  define('s-checkbox', Checkbox); define('s-switch', Switch);
  define('s-choice-list', ChoiceList); define('s-choice', Choice);
})();
