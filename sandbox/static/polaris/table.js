// Tables: real tables where there is room, a list of cards where there is not.
(() => {
  const { Part, define, escape } = window.sandboxPolaris;
  const NARROW = 490;

  class Table extends Part {
    static attributesSeen = ['paginate', 'haspreviouspage', 'hasnextpage', 'loading'];
    static css = `:host{display:block;min-width:0}.w{overflow-x:auto}.t{display:table;width:100%;border-collapse:collapse}.list .t{display:block}
      .p{align-items:center;border-top:1px solid #ebebeb;display:flex;gap:4px;justify-content:center;padding:8px}.p button{background:#e3e3e3;border:0;border-radius:8px;cursor:pointer;height:28px;width:36px}.p button:disabled{color:#b5b5b5;cursor:default}
      :host([loading]) .w{opacity:.5}::slotted([slot=filters]){padding:8px 12px}`;
    body() {
      const pages = this.hasAttribute('paginate') ? `<div class="p"><button id="b" aria-label="Previous" ${this.hasAttribute('haspreviouspage') ? '' : 'disabled'}>‹</button>
        <button id="n" aria-label="Next" ${this.hasAttribute('hasnextpage') ? '' : 'disabled'}>›</button></div>` : '';
      return `<slot name="filters"></slot><div class="w"><div class="t" role="table"><slot></slot></div></div>${pages}`;
    }
    draw() {
      super.draw();
      this.shadowRoot.querySelector('#b')?.addEventListener('click', () => this.dispatchEvent(new Event('previouspage')));
      this.shadowRoot.querySelector('#n')?.addEventListener('click', () => this.dispatchEvent(new Event('nextpage')));
      this.arrange();
    }
    connectedCallback() {
      super.connectedCallback();
      this.size ??= new ResizeObserver(() => this.arrange());
      this.size.observe(this);
      this.watch ??= new MutationObserver(() => this.arrange(true));
      this.watch.observe(this, { childList: true, subtree: true });
      queueMicrotask(() => this.arrange(true));
    }
    arrange(force) {
      this.lay(force);
      // What is wider than its room can be moved by keyboard, too.
      const room = this.shadowRoot.querySelector('.w');
      if (room && room.scrollWidth > room.clientWidth) room.tabIndex = 0; else room?.removeAttribute('tabindex');
    }
    lay(force) {
      const list = this.at('variant') === 'list' || (this.offsetWidth > 0 && this.offsetWidth < NARROW);
      if (list === this.list && !force) return;
      this.list = list;
      this.shadowRoot.querySelector('.w')?.classList.toggle('list', list);
      const heads = [...this.querySelectorAll('s-table-header')];
      for (const part of this.querySelectorAll('s-table-header-row,s-table-body,s-table-row')) part.toggleAttribute('data-list', list);
      for (const row of this.querySelectorAll('s-table-row')) {
        [...row.children].forEach((cell, place) => cell.dress?.(list, heads[place]));
      }
    }
  }
  class HeaderRow extends Part {
    static css = ':host{display:table-row;background:#f7f7f7}:host([data-list]){display:none}';
    connectedCallback() { super.connectedCallback(); this.setAttribute('role', 'row'); }
  }
  class Header extends Part {
    static css = ':host{border-bottom:1px solid #e3e3e3;border-top:1px solid #ebebeb;color:#616161;display:table-cell;font-size:12px;font-weight:550;padding:8px 12px;text-align:left;white-space:nowrap}:host(:first-child){padding-left:16px}:host([format=numeric]),:host([format=currency]){text-align:right}';
    connectedCallback() { super.connectedCallback(); this.setAttribute('role', 'columnheader'); }
  }
  class Body extends Part {
    static css = ':host{display:table-row-group}:host([data-list]){display:block}';
    connectedCallback() { super.connectedCallback(); this.setAttribute('role', 'rowgroup'); }
  }
  class Row extends Part {
    static css = `:host{display:table-row}:host(:hover){background:#f7f7f7}:host([clickdelegate]){cursor:pointer}
      :host([data-list]){border-bottom:1px solid #ebebeb;display:grid;gap:2px 8px;grid-template-columns:1fr auto;padding:12px 16px}`;
    connectedCallback() {
      super.connectedCallback();
      this.setAttribute('role', 'row');
      if (this.heard) return;
      this.heard = true;
      this.addEventListener('click', (event) => {
        const busy = event.composedPath().some((node) => ['A', 'BUTTON', 'INPUT', 'S-BUTTON', 'S-LINK', 'S-CHECKBOX'].includes(node.tagName));
        if (!busy && this.at('clickDelegate')) document.getElementById(this.at('clickDelegate'))?.click();
      });
    }
  }
  class Cell extends Part {
    static css = `:host{border-bottom:1px solid #ebebeb;display:table-cell;padding:10px 12px;vertical-align:middle}:host(:first-child){padding-left:16px}:host([data-number]){font-variant-numeric:tabular-nums;text-align:right}
      b{display:none}:host([data-list]){border:0;display:block;padding:0;text-align:left!important}
      :host([data-list=primary]){font-weight:600;grid-column:1;order:-2}:host([data-list=inline]){grid-column:2;order:-2;text-align:right!important}:host([data-list=kicker]){color:#616161;grid-column:1/-1;order:-3}
      :host([data-list=secondary]){color:#616161;grid-column:1/-1;order:-1}:host([data-list=labeled]){align-items:baseline;display:flex;gap:8px;grid-column:1/-1;justify-content:space-between}
      :host([data-list=labeled]) b{color:#616161;display:block;flex:0 1 auto;font-weight:450;max-width:45%;min-width:30%;overflow-wrap:normal}
      :host([data-list=primary]) ::slotted(s-paragraph){font-weight:450}`;
    connectedCallback() { super.connectedCallback(); this.setAttribute('role', 'cell'); }
    dress(list, head) {
      const kind = head?.getAttribute('listslot') || 'labeled';
      this.toggleAttribute('data-number', ['numeric', 'currency'].includes(head?.getAttribute('format')));
      if (list) this.setAttribute('data-list', kind); else this.removeAttribute('data-list');
      const label = this.shadowRoot.querySelector('b');
      if (label) label.textContent = head?.textContent.trim() || '';
    }
    body() { return `<b>${escape('')}</b><slot></slot>`; }
  }
  for (const [name, part] of Object.entries({ table: Table, 'table-header-row': HeaderRow, 'table-header': Header, 'table-body': Body, 'table-row': Row, 'table-cell': Cell })) define(`s-${name}`, part);
})();
