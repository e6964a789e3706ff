// What only the till has: tiles, its blocks, tabs.
import { Part, define } from './part.js';
import { Pressable } from './actions.js';

class Tile extends Pressable {
  static props = { ...Pressable.props, heading: String, subheading: String, itemCount: Number, tone: String };
  static css = `:host{display:block;height:100%}.p{background:var(--tile);border:0;border-radius:12px;color:var(--tile-text);cursor:pointer;display:flex;flex-direction:column;font:inherit;gap:4px;height:100%;justify-content:flex-end;min-height:112px;padding:14px;position:relative;text-align:start;width:100%}
    b{font-size:17px;font-weight:650;overflow-wrap:anywhere}.n{background:#fff;border-radius:99px;color:#1a1a1a;font-weight:650;inset-inline-end:10px;padding:1px 8px;position:absolute;top:10px}:host([disabled]) .p{background:#e3e3e3;color:#616161;cursor:default}:host([tone=accent]) .p{background:#0b5cad;color:#fff}`;
  inner() { return '<span class="n"></span><b></b><span class="s"></span>'; }
  update() {
    super.update();
    this.$('b').textContent = this.at('heading');
    this.$('.s').textContent = this.at('subheading');
    this.$('.n').textContent = this.at('itemCount');
    this.$('.n').hidden = !this.hasAttribute('itemCount');
  }
}
class Block extends Part {
  static props = { heading: String };
  static css = ':host{background:var(--card);border-radius:12px;display:block;padding:16px}header{align-items:center;display:flex;flex-wrap:wrap;gap:8px;justify-content:space-between;margin-bottom:10px}h2{font:var(--heading);margin:0;overflow-wrap:anywhere}.in{display:flex;flex-direction:column;gap:10px}';
  html() { return '<header><h2></h2><slot name="secondary-actions"></slot></header><div class="in"><slot></slot></div>'; }
  update() { this.$('h2').textContent = this.at('heading'); }
}

class Tabs extends Part {
  static props = { value: String, defaultValue: String, disabled: Boolean };
  static events = ['change'];
  static css = ':host{display:block}';
  build() { this.watch(); this.addEventListener('keydown', (event) => this.arrow(event)); }
  get all() { return [...this.querySelectorAll('s-tab')]; }
  get chosen() { return this.at('value') || this.at('defaultValue') || this.all[0]?.getAttribute('controls') || ''; }
  choose(tab) {
    if (tab.getAttribute('controls') === this.chosen) return;
    this.setAttribute('value', tab.getAttribute('controls'));
    this.tell('change', { bubbles: true });
  }
  arrow(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const place = this.all.indexOf(event.target);
    if (!by || place < 0) return;
    const next = this.all[(place + by + this.all.length) % this.all.length];
    this.choose(next);
    next.focus();
  }
  update() {
    const { chosen } = this;
    for (const tab of this.all) {
      const on = tab.getAttribute('controls') === chosen;
      if (tab.getAttribute('aria-selected') !== String(on)) { tab.setAttribute('aria-selected', String(on)); tab.tabIndex = on ? 0 : -1; }
    }
    for (const panel of this.querySelectorAll('s-tab-panel')) if (panel.hidden !== (panel.id !== chosen)) panel.hidden = panel.id !== chosen;
  }
}
class TabList extends Part {
  static css = ':host{border-bottom:1px solid var(--edge);display:flex;gap:4px;overflow-x:auto}';
  connectedCallback() { super.connectedCallback(); this.setAttribute('role', 'tablist'); }
}
class Tab extends Part {
  static props = { controls: String, disabled: Boolean };
  static css = ':host{border-bottom:3px solid transparent;cursor:pointer;padding:12px 14px}:host([aria-selected=true]){border-color:var(--primary);font-weight:650}';
  connectedCallback() {
    super.connectedCallback();
    this.setAttribute('role', 'tab');
    this.addEventListener('click', () => this.closest('s-tabs')?.choose(this));
    this.addEventListener('keydown', (event) => { if ([' ', 'Enter'].includes(event.key)) this.closest('s-tabs')?.choose(this); });
  }
}
class Panel extends Part {
  static css = ':host{display:block;padding:14px 0}';
  connectedCallback() { super.connectedCallback(); this.setAttribute('role', 'tabpanel'); }
}

define({ tile: Tile, 'pos-block': Block, tabs: Tabs, 'tab-list': TabList, tab: Tab, 'tab-panel': Panel });
