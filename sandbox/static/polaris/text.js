// Text, badges, icons, pictures and lists.
(() => {
  const { Part, TONE, define, escape } = window.sandboxPolaris;
  const SIZE = { 'small-200': 11, 'small-100': 12, small: 12, base: 13, large: 16, 'large-100': 16, 'large-200': 20, 'large-300': 24, 'large-400': 28 };
  const WEIGHT = { medium: 550, semibold: 600, bold: 700, base: 450 };

  function textStyle(part) {
    const css = [];
    const tone = part.at('tone');
    if (tone && tone !== 'auto' && TONE[tone]) css.push(`color:${TONE[tone][1]}`);
    else if (part.at('color') === 'subdued') css.push('color:#616161');
    if (SIZE[part.at('fontSize')]) css.push(`font-size:${SIZE[part.at('fontSize')]}px;line-height:1.4`);
    if (WEIGHT[part.at('fontWeight')]) css.push(`font-weight:${WEIGHT[part.at('fontWeight')]}`);
    if (part.at('fontVariantNumeric') === 'tabular-nums') css.push('font-variant-numeric:tabular-nums');
    if (part.at('lineClamp')) css.push(`display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:${parseInt(part.at('lineClamp'), 10)};overflow:hidden`);
    const hidden = part.at('accessibilityVisibility') === 'exclusive' ? ':host{clip-path:inset(50%);height:1px;overflow:hidden;position:absolute;width:1px}' : '';
    return `:host{${css.join(';')}}${hidden}`;
  }
  const SEEN = ['tone', 'color', 'fontsize', 'fontweight', 'type'];

  class Text extends Part {
    static attributesSeen = SEEN;
    static css = ':host([type=strong]){font-weight:650}:host([type=address]){font-style:italic}:host([type=redundant]){text-decoration:line-through}';
    style2() { return textStyle(this); }
  }
  class Number extends Text { static css = ':host{font-variant-numeric:tabular-nums}'; }
  class Paragraph extends Part {
    static attributesSeen = SEEN;
    static css = ':host{display:block;overflow-wrap:anywhere}';
    style2() { return textStyle(this); }
  }
  class Heading extends Part {
    static css = ':host{display:block}.h{font-size:14px;font-weight:600;line-height:20px;margin:0}';
    style2() { return SIZE[this.at('fontSize')] ? `.h{font-size:${SIZE[this.at('fontSize')]}px;line-height:1.3}` : ''; }
    body() { return this.at('accessibilityRole') === 'presentation' ? '<span class="h"><slot></slot></span>' : `<h${this.level} class="h"><slot></slot></h${this.level}>`; }
  }

  class Badge extends Part {
    static attributesSeen = ['tone', 'color'];
    static css = ':host{align-items:center;border-radius:8px;display:inline-flex;font-size:12px;font-weight:550;gap:4px;line-height:16px;padding:2px 8px;white-space:nowrap;width:fit-content}';
    style2() {
      const [light, dark, strong] = TONE[this.at('tone', 'auto')] || TONE.auto;
      return this.at('color') === 'strong' ? `:host{background:${strong};color:#fff}` : `:host{background:${light};color:${dark}}`;
    }
    body() { return `${this.at('icon') ? `<s-icon type="${escape(this.at('icon'))}" size="small"></s-icon>` : ''}<slot></slot>`; }
  }

  const PATH = {
    search: 'M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4m4 9 4 4', 'alert-triangle': 'M10 4 3 16h14zM10 9v3m0 2v.1', info: 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14m0 6v4m0-6v.1',
    'check-circle': 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14m-3 7 2 2 4-4', check: 'm5 10 4 4 7-8', x: 'm5 5 10 10M15 5 5 15', 'x-circle': 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14M8 8l4 4m0-4-4 4',
    plus: 'M10 4v12M4 10h12', minus: 'M4 10h12', edit: 'M4 16l1-4 8-8 3 3-8 8z', delete: 'M5 6h10m-8 0v10h6V6M8 6V4h4v2', 'arrow-left': 'M16 10H4m5-5-5 5 5 5', 'arrow-right': 'M4 10h12m-5-5 5 5-5 5',
    'chevron-right': 'm8 5 5 5-5 5', 'chevron-left': 'm12 5-5 5 5 5', 'chevron-down': 'm5 8 5 5 5-5', 'chevron-up': 'm5 12 5-5 5 5', email: 'M3 5h14v10H3zm0 1 7 5 7-5',
    person: 'M10 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6M4 17c0-4 12-4 12 0', order: 'M4 4h12v12l-2-1-2 1-2-1-2 1-2-1-2 1zM7 8h6m-6 3h4', clock: 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14m0 3v4l3 2',
    gift: 'M3 8h14v3H3zm1 3v6h12v-6m-6-3v9M10 8C6 8 6 4 8 4s2 4 2 4 0-4 2-4 2 4-2 4', star: 'm10 3 2 5h5l-4 3 2 6-5-4-5 4 2-6-4-3h5z', discount: 'M4 10V4h6l7 7-6 6zm3-3v.1', refresh: 'M15 6a6 6 0 1 0 1 5m0-7v3h-3',
    settings: 'M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6m0-4v3m0 8v3m7-7h-3M6 10H3m12-5-2 2m-6 6-2 2m10 0-2-2M7 7 5 5', 'menu-horizontal': 'M5 10v.1m5-.1v.1m5-.1v.1', clipboard: 'M6 5h8v12H6zm2-2h4v3H8z', export: 'M10 13V3m-4 4 4-4 4 4M4 13v4h12v-4', filter: 'M3 5h14M6 10h8m-5 5h2',
  };
  class Icon extends Part {
    static attributesSeen = ['type', 'tone'];
    static css = ':host{display:inline-flex;vertical-align:text-bottom}svg{fill:none;height:20px;stroke:currentColor;stroke-linecap:round;stroke-linejoin:round;stroke-width:1.6;width:20px}:host([size=small]) svg{height:16px;width:16px}:host([color=subdued]){color:#8a8a8a}';
    style2() { const tone = TONE[this.at('tone')]; return tone && this.at('tone') !== 'auto' ? `:host{color:${tone[2]}}` : ''; }
    body() {
      const name = this.at('type');
      const path = PATH[name] || PATH[name.replace(/-filled$/, '')] || 'M10 5a5 5 0 1 1 0 10 5 5 0 0 1 0-10';
      return `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${path}"/></svg>`;
    }
  }

  class Spinner extends Part {
    static css = ':host{display:inline-block}i{animation:turn .8s linear infinite;border:2px solid #e3e3e3;border-radius:50%;border-top-color:#303030;display:block;height:20px;width:20px}:host([size^=large]) i{height:40px;width:40px}@keyframes turn{to{transform:rotate(1turn)}}';
    body() { return `<i role="status" aria-label="${escape(this.at('accessibilityLabel', 'Loading'))}"></i>`; }
  }
  class Thumbnail extends Part {
    static css = ':host{background:#fff;border:1px solid #e3e3e3;border-radius:8px;display:inline-block;height:40px;overflow:hidden;width:40px}:host([size^=small]){height:28px;width:28px}:host([size^=large]){height:60px;width:60px}img{height:100%;object-fit:cover;width:100%}';
    body() { return this.at('src') ? `<img src="${escape(this.at('src'))}" alt="${escape(this.at('alt'))}">` : ''; }
  }
  class Image extends Part {
    static css = ':host{display:inline-block;max-width:100%}:host([inlinesize=fill]){display:block}img{display:block;max-width:100%}:host([inlinesize=fill]) img{width:100%}';
    body() { return `<img src="${escape(this.at('src'))}" alt="${escape(this.at('alt'))}" style="aspect-ratio:${escape(this.at('aspectRatio', 'auto'))};object-fit:${escape(this.at('objectFit', 'contain'))}">`; }
  }
  class Avatar extends Part {
    static css = ':host{background:#d5ebff;border-radius:8px;color:#00527c;display:inline-grid;font-size:12px;font-weight:650;height:32px;overflow:hidden;place-items:center;width:32px}';
    body() { return this.at('src') ? `<img src="${escape(this.at('src'))}" alt="${escape(this.at('alt'))}">` : escape(this.at('initials', '☺')); }
  }
  class Progress extends Part {
    static attributesSeen = ['value', 'max'];
    static css = ':host{background:#e3e3e3;border-radius:8px;display:block;height:8px;overflow:hidden}i{background:#303030;display:block;height:100%}';
    body() { return `<i role="progressbar" aria-label="${escape(this.at('accessibilityLabel'))}" style="width:${Math.min(100, (100 * this.at('value', 0)) / (this.at('max') || 1))}%"></i>`; }
  }
  class List extends Part {
    static css = ':host{display:block;list-style:disc;padding-left:20px}';
  }
  class Ordered extends Part { static css = ':host{display:block;list-style:decimal;padding-left:20px;counter-reset:list-item}'; }
  class Item extends Part { static css = ':host{display:list-item;margin:2px 0}'; }
  class Chip extends Part {
    static css = ':host{align-items:center;background:#e3e3e3;border-radius:8px;display:inline-flex;font-size:12px;gap:4px;padding:2px 8px;width:fit-content}button{background:none;border:0;cursor:pointer;padding:0}';
    body() { return `<slot name="graphic"></slot><slot></slot>${this.hasAttribute('removable') ? '<button aria-label="Remove">×</button>' : ''}`; }
    draw() {
      super.draw();
      this.shadowRoot.querySelector('button')?.addEventListener('click', (event) => { event.stopPropagation(); this.dispatchEvent(new Event('remove')); });
    }
  }
  for (const [name, part] of Object.entries({
    text: Text, number: Number, paragraph: Paragraph, heading: Heading, badge: Badge, icon: Icon, spinner: Spinner, thumbnail: Thumbnail,
    image: Image, avatar: Avatar, progress: Progress, 'unordered-list': List, 'ordered-list': Ordered, 'list-item': Item, chip: Chip,
  })) define(`s-${name}`, part);
})();
