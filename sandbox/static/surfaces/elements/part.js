// What all stand-in elements are made of: attributes that are properties too, events that Preact finds, one shadow tree.

const BASE = `*{box-sizing:border-box}:host{box-sizing:border-box}:host([hidden]){display:none!important}
  button,input,select,textarea{color:inherit;font:inherit;letter-spacing:inherit}
  .hide{clip-path:inset(50%);height:1px;overflow:hidden;position:absolute;white-space:nowrap;width:1px}
  :focus-visible{outline:2px solid var(--focus);outline-offset:2px}`;
const sheets = new Map();

function sheet(text) {
  if (!sheets.has(text)) {
    const made = new CSSStyleSheet();
    made.replaceSync(text);
    sheets.set(text, made);
  }
  return sheets.get(text);
}

export const escape = (text) => String(text ?? '').replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

export class Part extends HTMLElement {
  static props = {};
  static events = [];
  static css = '';
  static focusable = false;

  constructor() {
    super();
    this.attachShadow({ mode: 'open', delegatesFocus: this.constructor.focusable });
    this.own = new CSSStyleSheet();
    this.shadowRoot.adoptedStyleSheets = [sheet(BASE), sheet(this.constructor.css), this.own];
  }

  static get observedAttributes() { return Object.keys(this.props).map((name) => name.toLowerCase()); }

  connectedCallback() {
    if (!this.built) {
      this.shadowRoot.innerHTML = this.html();
      this.built = true;
      this.build();
    }
    this.update();
  }

  attributeChangedCallback() { if (this.built) this.update(); }

  html() { return '<slot></slot>'; }

  build() {}

  update() {}

  /** The element of the shadow tree. */
  $(selector) { return this.shadowRoot.querySelector(selector); }

  at(name, otherwise = '') { return this.getAttribute(name) ?? otherwise; }

  tell(kind, more = {}) { return this.dispatchEvent(new CustomEvent(kind, { bubbles: false, cancelable: true, ...more })); }

  /** Whether something is put into a slot. */
  fills(name) { return !!this.querySelector(`:scope > [slot="${name}"]`); }

  /** Draw anew when children come, go or change. */
  watch() {
    new MutationObserver(() => this.update()).observe(this, { childList: true, subtree: true, characterData: true, attributes: true });
  }
}

const NATIVE = new Set(['id', 'title', 'hidden', 'lang', 'dir', 'slot', 'tabIndex']);

/** Whether an element's own class, or one that it extends, has the property already. */
function has(part, name) {
  for (let place = part.prototype; place && place !== Part.prototype; place = Object.getPrototypeOf(place)) {
    if (Object.getOwnPropertyDescriptor(place, name)) return true;
  }
  return false;
}

function accessor(part, name, kind) {
  if (NATIVE.has(name) || has(part, name)) return;
  const flag = kind === Boolean;
  Object.defineProperty(part.prototype, name, {
    configurable: true,
    get() {
      if (flag) return this.hasAttribute(name);
      const text = this.getAttribute(name);
      return kind === Number ? Number(text ?? NaN) : text ?? '';
    },
    set(value) {
      if (flag) this.toggleAttribute(name, !!value);
      else if (value === undefined || value === null || value === '' || value === false) this.removeAttribute(name);
      else this.setAttribute(name, value === true ? '' : String(value));
    },
  });
}

/** Make elements known, each with its properties and `on…` handlers. */
export function define(parts) {
  for (const [name, part] of Object.entries(parts)) {
    for (const [property, kind] of Object.entries(part.props)) accessor(part, property, kind);
    for (const event of part.events) if (!(`on${event}` in part.prototype)) Object.defineProperty(part.prototype, `on${event}`, { value: null, writable: true });
    customElements.define(`s-${name}`, part);
  }
}
