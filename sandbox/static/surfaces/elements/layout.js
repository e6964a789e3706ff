// What arranges things: boxes, stacks, grids, sections, pages, banners, details.
import { Part, define } from './part.js';
import { BOX, boxed, named, rule, spaced } from './box.js';

class Box extends Part {
  static props = BOX;
  static css = ':host{display:block;min-width:0}';
  update() { this.own.replaceSync(boxed(this) + this.more()); named(this); }
  more() { return ''; }
}
const ALIGN = ['alignItems', 'alignContent', 'justifyContent', 'justifyItems', 'placeItems', 'placeContent', 'gap', 'rowGap', 'columnGap'];
const aligned = (part) => ALIGN.map((name) => rule(part, name, /gap/i.test(name) ? { change: spaced } : {})).join('');
const strings = (names) => Object.fromEntries(names.map((name) => [name, String]));

class Stack extends Box {
  static props = { ...BOX, ...strings([...ALIGN, 'direction']) };
  static css = ':host{display:flex;flex-direction:column;min-width:0}';
  more() {
    const inline = (words) => ({ property: words, change: (text) => (text === 'inline' ? (words === 'flex-direction' ? 'row' : 'wrap') : words === 'flex-direction' ? 'column' : 'nowrap') });
    return rule(this, 'direction', inline('flex-direction')) + rule(this, 'direction', inline('flex-wrap')) + aligned(this);
  }
}
class Grid extends Box {
  static props = { ...BOX, ...strings([...ALIGN, 'gridTemplateColumns', 'gridTemplateRows']) };
  static css = ':host{display:grid;min-width:0}';
  more() { return rule(this, 'gridTemplateColumns') + rule(this, 'gridTemplateRows') + aligned(this); }
}
class GridItem extends Box {
  static props = { ...BOX, ...strings(['gridColumn', 'gridRow']) };
  more() { return rule(this, 'gridColumn') + rule(this, 'gridRow'); }
}
class Scroll extends Box {
  static css = ':host{display:block;min-width:0;overflow:auto}';
  build() { this.tabIndex = 0; }
}
class Container extends Part {
  static props = { containerName: String };
  static css = ':host{container-type:inline-size;display:block}';
  update() { this.own.replaceSync(this.at('containerName') ? `:host{container-name:${this.at('containerName')}}` : ''); }
}
class Divider extends Part {
  static props = { direction: String, color: String };
  static css = ':host{background:var(--edge);display:block;height:1px}:host([direction=inline]){align-self:stretch;height:auto;width:1px}';
}

class Section extends Part {
  static props = { heading: String, accessibilityLabel: String, padding: String };
  static css = `:host{display:block;min-width:0}section{background:var(--card);border-radius:var(--card-round);box-shadow:var(--card-edge);display:flex;flex-direction:column;gap:var(--gap);padding:var(--card-room)}
    :host([padding=none]) section{padding:0}:host(.nested) section{background:none;box-shadow:none;padding:0}
    h2,h3{color:var(--text);font:var(--heading);margin:0;overflow-wrap:anywhere}h3{font-size:inherit}.head{align-items:center;display:flex;flex-wrap:wrap;gap:8px;justify-content:space-between}.head:not(.has){display:none}
    .in{display:flex;flex-direction:column;gap:var(--gap);min-width:0}`;
  html() { return '<section><div class="head"><span class="h"></span><slot name="secondary-actions"></slot><slot name="primary-action"></slot></div><div class="in"><slot></slot></div></section>'; }
  update() {
    const nested = !!this.parentElement?.closest('s-section, s-pos-block, s-admin-block, s-modal');
    this.classList.toggle('nested', nested);
    const heading = this.at('heading');
    const text = document.createElement(nested ? 'h3' : 'h2');
    text.textContent = heading;
    this.$('.h').replaceChildren(...(heading ? [text] : []));
    this.$('.head').classList.toggle('has', !!heading || this.fills('secondary-actions') || this.fills('primary-action'));
    const label = this.at('accessibilityLabel') || heading;
    if (label) this.$('section').setAttribute('aria-label', label); else this.$('section').removeAttribute('aria-label');
  }
}

class Page extends Part {
  static props = { heading: String, subheading: String, inlineSize: String };
  static css = `:host{display:block}.in{margin:0 auto;max-width:var(--page)}:host([inlinesize=large]) .in{max-width:1200px}:host([inlinesize=small]) .in{max-width:560px}
    header{align-items:center;display:flex;flex-wrap:wrap;gap:8px 12px;justify-content:space-between;padding:0 0 20px}h1{font:var(--title);margin:0;overflow-wrap:anywhere}p{color:var(--quiet);margin:4px 0 0}
    .acts{display:flex;flex-wrap:wrap;gap:8px}main{display:flex;flex-direction:column;gap:20px;min-width:0}`;
  html() { return `<div class="in"><header><div><slot name="breadcrumb-actions"></slot><h1></h1><p></p></div><div class="acts"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></div></header><main><slot></slot><slot name="aside"></slot></main></div>`; }
  update() {
    this.$('h1').textContent = this.at('heading');
    this.$('h1').hidden = !this.at('heading');
    this.$('p').textContent = this.at('subheading');
    this.$('p').hidden = !this.at('subheading');
  }
}

class Banner extends Part {
  static props = { heading: String, tone: String, dismissible: Boolean, collapsible: Boolean };
  static events = ['dismiss', 'afterhide'];
  static css = `:host{display:block}.b{--t:var(--info-text);--g:var(--info);background:var(--g);border:1px solid color-mix(in srgb,var(--t) 22%,transparent);border-radius:var(--round);color:var(--text);display:grid;gap:4px 10px;grid-template-columns:auto minmax(0,1fr) auto;padding:12px 14px}
    .i{color:var(--t);font-weight:700}.success{--t:var(--success-text);--g:var(--success)}.warning{--t:var(--warning-text);--g:var(--warning)}.critical{--t:var(--critical-text);--g:var(--critical)}
    b{font-weight:600;overflow-wrap:anywhere}.c{display:flex;flex-direction:column;gap:8px;grid-column:2/-1;min-width:0}.x{background:none;border:0;cursor:pointer;font-size:18px;line-height:1;padding:2px 6px}`;
  html() { return '<div class="b"><span class="i" aria-hidden="true"></span><b></b><button class="x" aria-label="Dismiss">×</button><div class="c"><slot></slot><slot name="secondary-actions"></slot></div></div>'; }
  build() {
    this.$('.x').addEventListener('click', () => {
      this.tell('dismiss');
      this.hidden = true;
      this.tell('afterhide');
    });
  }
  update() {
    const tone = this.at('tone', 'auto');
    const box = this.$('.b');
    box.className = `b ${tone}`;
    box.setAttribute('role', tone === 'critical' ? 'alert' : 'status');
    this.$('.i').textContent = { success: '✓', warning: '!', critical: '!' }[tone] || 'i';
    this.$('b').textContent = this.at('heading');
    this.$('.x').hidden = !this.hasAttribute('dismissible');
  }
}

class Details extends Part {
  static props = { open: Boolean, defaultOpen: Boolean, toggleTransition: String };
  static events = ['toggle', 'aftertoggle'];
  static css = 'details{display:block}summary{cursor:pointer;list-style:none;padding:6px 0}summary::after{content:" ▾"}details[open] summary::after{content:" ▴"}.c{padding:4px 0 8px}';
  html() { return '<details><summary><slot name="summary"></slot></summary><div class="c"><slot></slot></div></details>'; }
  build() {
    const details = this.$('details');
    details.open = this.hasAttribute('open') || this.hasAttribute('defaultOpen');
    details.addEventListener('toggle', () => {
      if (details.open === this.open) return;
      const states = { oldState: details.open ? 'closed' : 'open', newState: details.open ? 'open' : 'closed' };
      this.open = details.open;
      for (const kind of ['toggle', 'aftertoggle']) this.dispatchEvent(Object.assign(new Event(kind), states));
    });
  }
  update() { this.$('details').open = this.open || (this.hasAttribute('defaultOpen') && !this.began); this.began = true; }
}
class Summary extends Part { connectedCallback() { super.connectedCallback(); if (this.parentElement?.localName === 's-details') this.slot = 'summary'; } }

class Empty extends Part {
  static props = { heading: String, subheading: String };
  static css = ':host{align-items:center;display:flex;flex-direction:column;gap:8px;padding:32px 16px;text-align:center}h2{font:var(--heading);margin:0}p{color:var(--quiet);margin:0}';
  html() { return '<slot name="graphic"></slot><h2></h2><p></p><slot></slot><slot name="secondary-actions"></slot><slot name="primary-action"></slot>'; }
  update() { this.$('h2').textContent = this.at('heading'); this.$('p').textContent = this.at('subheading'); }
}

define({ box: Box, stack: Stack, grid: Grid, 'grid-item': GridItem, 'scroll-box': Scroll, 'query-container': Container, divider: Divider, section: Section, page: Page, banner: Banner, details: Details, summary: Summary, 'empty-state': Empty });
