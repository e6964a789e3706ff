// Text, badges, icons, pictures, lists.
import { Part, define } from './part.js';
import { rule } from './box.js';

const WORDS = { color: String, tone: String, type: String, textAlign: String, fontVariantNumeric: String, lineClamp: Number, accessibilityVisibility: String, interestFor: String, display: String, id: String };
const TONES = `:host([color=subdued]){color:var(--quiet)}:host([tone=info]){color:var(--info-text)}:host([tone=success]){color:var(--success-text)}
  :host([tone=caution]),:host([tone=warning]){color:var(--warning-text)}:host([tone=critical]){color:var(--critical-text)}:host([tone=neutral]){color:var(--quiet)}
  :host([accessibilityvisibility=exclusive]){clip-path:inset(50%);height:1px;overflow:hidden;position:absolute;width:1px}:host([fontvariantnumeric=tabular-nums]){font-variant-numeric:tabular-nums}`;

class Text extends Part {
  static props = WORDS;
  static css = `:host{overflow-wrap:anywhere}${TONES}:host([type=strong]){font-weight:600}:host([type=small]),:host([type=offset]){font-size:.88em}:host([type=emphasis]){font-style:italic}
    :host([type=mark]){background:var(--warning)}:host([type=redundant]){text-decoration:line-through}:host([type=generic]){font:inherit}:host([display=block]){display:block}`;
  update() {
    if (this.at('accessibilityVisibility') === 'hidden') this.setAttribute('aria-hidden', 'true');
    this.own.replaceSync(this.lineClamp ? `:host{-webkit-box-orient:vertical;-webkit-line-clamp:${this.lineClamp};display:-webkit-box;overflow:hidden}` : '');
  }
}
class Paragraph extends Text {
  static css = `:host{display:block;overflow-wrap:anywhere}p{margin:0}${TONES}:host([type=small]){font-size:.88em}`;
  html() { return '<p><slot></slot></p>'; }
  update() { super.update(); this.own.replaceSync(rule(this, 'textAlign')); }
}
class Heading extends Part {
  static props = { accessibilityRole: String, accessibilityVisibility: String, lineClamp: Number };
  static css = ':host{display:block}h2,h3,h4,span{display:block;font:var(--heading);margin:0;overflow-wrap:anywhere}h3,h4{font-size:1.04em}';
  html() {
    let depth = 2;
    for (let up = this.parentElement?.closest('s-section'); up; up = up.parentElement?.closest('s-section')) if (up.getAttribute('heading')) depth += 1;
    const tag = this.at('accessibilityRole') === 'presentation' || this.at('accessibilityRole') === 'none' ? 'span' : `h${Math.min(depth, 4)}`;
    return `<${tag}><slot></slot></${tag}>`;
  }
}
class Badge extends Part {
  static props = { tone: String, color: String, icon: String, size: String, iconPosition: String };
  static css = `:host{align-items:center;background:var(--ground-3);border-radius:999px;color:var(--text);display:inline-flex;font-size:.86em;font-weight:500;gap:4px;line-height:1.4;max-width:100%;overflow-wrap:anywhere;padding:2px 9px;width:fit-content}
    :host([tone=info]){background:var(--info);color:var(--info-text)}:host([tone=success]){background:var(--success);color:var(--success-text)}:host([tone=caution]),:host([tone=warning]){background:var(--warning);color:var(--warning-text)}:host([tone=critical]){background:var(--critical);color:var(--critical-text)}`;
  html() { return '<span class="i"></span><slot></slot>'; }
  update() { this.$('.i').innerHTML = this.at('icon') ? drawn(this.at('icon')) : ''; }
}

const PATHS = {
  check: 'm5 10 4 4 7-8', 'check-circle': 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14m-3 7 2 2 4-4', success: 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14m-3 7 2 2 4-4', x: 'm5 5 10 10M15 5 5 15', close: 'm5 5 10 10M15 5 5 15',
  plus: 'M10 4v12M4 10h12', minus: 'M4 10h12', info: 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14m0 6v4m0-6v.1', clock: 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14m0 3v4l3 2',
  gift: 'M3 8h14v3H3zm1 3v6h12v-6m-6-3v9M10 8C6 8 6 4 8 4s2 4 2 4 0-4 2-4 2 4-2 4', 'gift-card': 'M3 5h14v10H3zm0 4h14M8 5v10', star: 'm10 3 2 5h5l-4 3 2 6-5-4-5 4 2-6-4-3h5z', discount: 'M4 10V4h6l7 7-6 6zm3-3v.1',
  reward: 'M10 3a5 5 0 1 1 0 10 5 5 0 0 1 0-10m-3 9-1 6 4-2 4 2-1-6', clipboard: 'M6 5h8v12H6zm2-2h4v3H8z', copy: 'M7 7h9v10H7zM4 13V3h9', 'arrow-left': 'M16 10H4m5-5-5 5 5 5', 'arrow-right': 'M4 10h12m-5-5 5 5-5 5',
  'chevron-right': 'm8 5 5 5-5 5', 'chevron-left': 'm12 5-5 5 5 5', 'chevron-down': 'm5 8 5 5 5-5', 'chevron-up': 'm5 12 5-5 5 5', search: 'M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4m4 9 4 4', lock: 'M5 9h10v8H5zm2 0V6c0-4 6-4 6 0v3',
  person: 'M10 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6M4 17c0-4 12-4 12 0', profile: 'M10 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6M4 17c0-4 12-4 12 0', order: 'M4 4h12v12l-2-1-2 1-2-1-2 1-2-1-2 1zM7 8h6m-6 3h4', email: 'M3 5h14v10H3zm0 1 7 5 7-5',
  calendar: 'M4 5h12v12H4zm0 4h12M8 3v4m4-4v4', 'alert-triangle': 'M10 4 3 16h14zm0 5v3m0 2v.1', warning: 'M10 4 3 16h14zm0 5v3m0 2v.1', heart: 'M10 16 4 10c-3-4 3-8 6-4 3-4 9 0 6 4z', external: 'M8 5H4v11h11v-4M11 4h5v5m0-5-7 7', delete: 'M5 6h10m-8 0v10h6V6M8 6V4h4v2',
};
const drawn = (name) => `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${PATHS[name] || PATHS[name.replace(/-filled$/, '')] || 'M10 5a5 5 0 1 1 0 10 5 5 0 0 1 0-10'}"/></svg>`;
const SVG = 'svg{display:block;fill:none;height:1.3em;stroke:currentColor;stroke-linecap:round;stroke-linejoin:round;stroke-width:1.6;width:1.3em}';

class Icon extends Part {
  static props = { type: String, tone: String, color: String, size: String, interestFor: String };
  static css = `:host{display:inline-flex;vertical-align:text-bottom}${TONES}${SVG}:host([size^=small]){font-size:.8em}:host([size^=large]){font-size:1.4em}`;
  update() { this.shadowRoot.innerHTML = drawn(this.at('type')); }
}
class Image extends Part {
  static props = { src: String, srcSet: String, sizes: String, alt: String, aspectRatio: String, objectFit: String, loading: String, inlineSize: String, border: String, borderRadius: String, borderWidth: String, borderStyle: String, borderColor: String, accessibilityRole: String };
  static css = ':host{display:inline-block;max-width:100%}:host([inlinesize=fill]){display:block}img{border-radius:var(--round);display:block;max-width:100%;width:100%}';
  html() { return '<img>'; }
  update() {
    const image = this.$('img');
    image.alt = this.at('alt');
    if (this.at('src') && image.src !== this.src) image.src = this.at('src');
    image.style.aspectRatio = this.at('aspectRatio', 'auto');
    image.style.objectFit = this.at('objectFit', 'contain');
  }
}
class Thumbnail extends Image {
  static props = { ...Image.props, size: String, totalItems: Number };
  static css = ':host{display:inline-block}img{background:var(--ground-2);border:1px solid var(--edge);border-radius:var(--round);height:44px;object-fit:cover;width:44px}';
}
class Avatar extends Part {
  static props = { initials: String, src: String, alt: String, size: String };
  static css = ':host{display:inline-grid}span{background:var(--ground-3);border-radius:50%;display:grid;font-weight:600;height:36px;place-items:center;width:36px}';
  html() { return '<span role="img"></span>'; }
  update() { this.$('span').textContent = this.at('initials', '☺'); this.$('span').setAttribute('aria-label', this.at('alt') || this.at('initials') || 'Customer'); }
}
class Time extends Part { static props = { dateTime: String }; html() { return '<time><slot></slot></time>'; } update() { this.$('time').dateTime = this.at('dateTime'); } }
class Abbreviation extends Part { html() { return '<abbr><slot></slot></abbr>'; } update() { this.$('abbr').title = this.title; } }
class List extends Part {
  static css = ':host{display:block;padding-inline-start:1.3em}';
  connectedCallback() { super.connectedCallback(); this.setAttribute('role', 'list'); }
}
class Item extends Part {
  static css = ':host{display:list-item;list-style:disc;margin:3px 0;overflow-wrap:anywhere}:host(.numbered){list-style:decimal}';
  connectedCallback() { super.connectedCallback(); this.setAttribute('role', 'listitem'); this.classList.toggle('numbered', this.parentElement?.localName === 's-ordered-list'); }
}
class Chip extends Part {
  static props = { accessibilityLabel: String, color: String };
  static css = ':host{background:var(--ground-2);border:1px solid var(--edge);border-radius:999px;display:inline-flex;font-size:.9em;gap:4px;padding:2px 10px;width:fit-content}';
  html() { return '<slot name="graphic"></slot><slot></slot>'; }
}
class Code extends Part {
  static props = { content: String, size: String, border: String, accessibilityLabel: String, logo: String };
  static css = 'div{background:repeating-conic-gradient(#000 0 25%,#fff 0 50%) 0 0/12px 12px;border:10px solid #fff;box-shadow:0 0 0 1px var(--edge);height:150px;width:150px}small{display:block;max-width:170px;overflow-wrap:anywhere}';
  html() { return '<div role="img"></div><small></small>'; }
  update() { this.$('div').setAttribute('aria-label', this.at('accessibilityLabel') || 'QR code'); this.$('small').textContent = this.at('content'); }
}
class Payment extends Part { static props = { type: String, accessibilityLabel: String }; html() { return '<span></span>'; } update() { this.$('span').textContent = this.at('type'); } }

define({ text: Text, paragraph: Paragraph, heading: Heading, badge: Badge, icon: Icon, image: Image, thumbnail: Thumbnail, 'product-thumbnail': class extends Thumbnail {}, 'image-group': class extends Part { static props = { totalItems: Number }; static css = ':host{display:flex;gap:6px}'; }, avatar: Avatar, time: Time, abbreviation: Abbreviation, 'unordered-list': List, 'ordered-list': class extends List {}, 'list-item': Item, chip: Chip, 'qr-code': Code, 'payment-icon': Payment });
