// Stand-in for Shopify's Polaris web components: own code that only resembles their look. Parts are joined by /cdn/polaris.js.
(() => {
  const SPACE = {
    none: 0, 0: 0, 'small-500': 1, 'small-400': 2, 'small-300': 4, 'small-200': 8, 'small-100': 12, small: 12,
    base: 16, large: 20, 'large-100': 20, 'large-200': 24, 'large-300': 32, 'large-400': 40, 'large-500': 48,
  };
  const RADIUS = {
    none: '0', 'small-200': '4px', 'small-100': '6px', small: '6px', base: '8px', large: '12px', 'large-100': '12px',
    'large-200': '16px', max: '9999px',
  };
  const TONE = {
    info: ['#eaf4ff', '#00527c', '#0094d5'], success: ['#cdfee1', '#0c5132', '#29845a'],
    caution: ['#fff8db', '#4f4700', '#998a00'], warning: ['#fff1e3', '#5e4200', '#b28400'],
    critical: ['#fedad9', '#8e1f0b', '#e51c00'], neutral: ['#e3e3e3', '#616161', '#8a8a8a'],
    auto: ['#e3e3e3', '#303030', '#8a8a8a'],
  };
  const BACKGROUND = { subdued: '#f7f7f7', base: '#fff', strong: '#f1f1f1', transparent: 'transparent' };
  const BORDER = { subdued: '#ebebeb', base: '#e3e3e3', strong: '#8a8a8a' };
  const BASE = `*{box-sizing:border-box}:host{box-sizing:border-box}:host([hidden]){display:none!important}
    button,input,select,textarea{font:inherit;color:inherit;letter-spacing:inherit}`;
  const space = (text) => text.trim().split(/\s+/).map((word) => (word in SPACE ? `${SPACE[word]}px` : word)).join(' ');

  // "@container (inline-size > 500px) A, B" gives B, and A where the condition holds.
  function responsive(value) {
    const found = /^@container\s*([\w-]*)\s*(\([^)]*\)(?:\s*(?:and|or)\s*\([^)]*\))*)\s*(.*)$/s.exec(value.trim());
    if (!found) return { plain: value };
    let depth = 0;
    const text = found[3];
    for (let place = 0; place < text.length; place += 1) {
      if (text[place] === '(') depth += 1;
      if (text[place] === ')') depth -= 1;
      if (text[place] === ',' && depth === 0) {
        return { name: found[1], condition: found[2], when: text.slice(0, place).trim(), plain: text.slice(place + 1).trim() };
      }
    }
    return { plain: text };
  }

  class Part extends HTMLElement {
    constructor() {
      super();
      this.attachShadow({ mode: 'open', delegatesFocus: this.constructor.focus || false });
    }

    static get observedAttributes() { return this.attributesSeen || []; }

    connectedCallback() {
      this.signed = this.sign();
      this.draw();
      if (!this.constructor.childed || this.kids) return;
      this.kids = new MutationObserver(() => {
        if (this.sign() === this.signed) return;
        this.signed = this.sign();
        this.draw();
      });
      this.kids.observe(this, { childList: true, characterData: true, subtree: true });
    }

    // Which slots are filled: the parser adds children after the element itself.
    sign() { return [...new Set([...this.children].map((one) => one.slot))].sort().join() + !!this.textContent.trim(); }

    attributeChangedCallback() { if (this.isConnected) this.draw(); }

    at(name, otherwise = '') { return this.getAttribute(name) ?? otherwise; }

    draw() { this.shadowRoot.innerHTML = `<style>${BASE}${this.constructor.css || ''}${this.style2()}</style>${this.body()}`; }

    style2() { return ''; }

    body() { return '<slot></slot>'; }

    // As the real ones: from h2 on, one step down within each section that has a heading.
    get level() {
      let level = 2;
      for (let above = this.parentElement; above; above = above.parentElement) level += above.localName === 's-section' && above.hasAttribute('heading');
      return Math.min(level, 6);
    }

    // What it is to somebody who does not see it.
    be(role = this.at('accessibilityRole')) {
      if (role && role !== 'generic') this.setAttribute('role', { header: 'banner', footer: 'contentinfo', aside: 'complementary', section: 'region' }[role] || role);
      if (role && this.at('accessibilityLabel')) this.setAttribute('aria-label', this.at('accessibilityLabel'));
    }

    // A CSS property for the host, responsive values included.
    rule(property, value, change = (text) => text) {
      if (value === null || value === undefined || value === '') return '';
      const { name, condition, when, plain } = responsive(value);
      const one = `:host{${property}:${change(plain)}}`;
      return condition ? `${one}@container ${name} ${condition}{:host{${property}:${change(when)}}}` : one;
    }
  }

  function boxStyle(part) {
    const css = [];
    const get = (name) => part.getAttribute(name);
    for (const name of ['padding', 'paddingBlock', 'paddingInline', 'paddingBlockStart', 'paddingBlockEnd', 'paddingInlineStart', 'paddingInlineEnd']) {
      css.push(part.rule(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), get(name), space));
    }
    if (get('background')) css.push(`:host{background:${BACKGROUND[get('background')] || 'none'}}`);
    const border = get('border');
    if (border !== null && border !== 'none') {
      const [width = 'base', color = 'base', style = 'solid'] = border.split(/\s+/);
      css.push(`:host{border:${width.startsWith('large') ? 2 : 1}px ${style === 'auto' ? 'solid' : style} ${BORDER[color] || BORDER.base}}`);
    }
    if (get('borderWidth')) {
      const widths = get('borderWidth').split(/\s+/).map((one) => (one === 'none' ? '0' : one.startsWith('large') ? '2px' : '1px'));
      css.push(`:host{border-width:${widths.join(' ')};border-style:${get('borderStyle') || 'solid'};border-color:${BORDER[get('borderColor')] || BORDER.base}}`);
    } else if (get('borderColor')) css.push(`:host{border-color:${BORDER[get('borderColor')]}}`);
    if (get('borderRadius')) css.push(`:host{border-radius:${get('borderRadius').split(/\s+/).map((one) => RADIUS[one] || one).join(' ')}}`);
    for (const name of ['blockSize', 'inlineSize', 'minBlockSize', 'minInlineSize', 'maxBlockSize', 'maxInlineSize']) {
      css.push(part.rule(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), get(name)));
    }
    if (get('overflow')) css.push(`:host{overflow:${get('overflow')}}`);
    if (get('display')) css.push(part.rule('display', get('display'), (text) => (text === 'none' ? 'none' : 'revert-layer')));
    if (get('accessibilityVisibility') === 'exclusive') css.push(':host{clip-path:inset(50%);height:1px;overflow:hidden;position:absolute;width:1px}');
    return css.join('');
  }

  function define(name, part) { if (!customElements.get(name)) customElements.define(name, part); }
  const escape = (text) => String(text ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  window.sandboxPolaris = { Part, TONE, SPACE, RADIUS, BACKGROUND, BORDER, space, boxStyle, define, escape };

  const page = document.createElement('style');
  page.textContent = `:where(html){background:#f1f1f1}:where(body){margin:0;background:#f1f1f1;color:#303030;
    font:450 13px/20px Inter,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-font-smoothing:antialiased}
    s-app-nav,s-option,s-option-group{display:none}:where(form){margin:0}`;
  document.head.prepend(page);
})();
