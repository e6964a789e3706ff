// Buttons, links, and what opens over the page: menus, popovers, modals.
(() => {
  const { Part, boxStyle, define, escape } = window.sandboxPolaris;
  const own = (part) => ['href', 'target', 'download'].filter((name) => part.hasAttribute(name))
    .map((name) => `${name}="${escape(part.at(name).replace(/^auto$/, '_self'))}"`).join(' ');

  class Pressable extends Part {
    static focus = true;
    static attributesSeen = ['disabled', 'loading', 'href', 'variant', 'tone', 'icon'];
    get disabled() { return this.hasAttribute('disabled'); }
    set disabled(value) { this.toggleAttribute('disabled', !!value); }
    get loading() { return this.hasAttribute('loading'); }
    set loading(value) { this.toggleAttribute('loading', !!value); }
    get href() { return this.at('href'); }
    set href(value) { this.setAttribute('href', value); }
    connectedCallback() {
      super.connectedCallback();
      if (this.heard) return;
      this.heard = true;
      if (this.hasAttribute('commandfor') && document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => this.draw(), { once: true });
      this.addEventListener('click', (event) => this.pressed0(event));
    }
    pressed0(event) {
      if (this.disabled || this.loading) { event.preventDefault(); event.stopImmediatePropagation(); return; }
      const form = this.closest('form');
      queueMicrotask(() => {
        if (event.defaultPrevented || !form) return;
        if (this.at('type') === 'submit') form.requestSubmit();
        if (this.at('type') === 'reset') form.reset();
      });
    }
    inner(content) {
      const label = this.at('accessibilityLabel') ? `aria-label="${escape(this.at('accessibilityLabel'))}"` : '';
      return this.hasAttribute('href') && !this.disabled ? `<a class="p" part="p" ${own(this)} ${label}>${content}</a>`
        : `<button class="p" type="button" ${label} ${this.disabled ? 'disabled' : ''}>${content}</button>`;
    }
    click() { this.shadowRoot.querySelector('.p').click(); }
  }

  class Button extends Pressable {
    static css = `:host{display:inline-block;width:fit-content}:host([inlinesize=fill]){display:block;width:100%}:host([inlinesize=fill]) .p{width:100%}
      .p{align-items:center;background:#fff;border:0;border-radius:8px;box-shadow:0 -1px 0 #b5b5b5 inset,0 0 0 1px #0000001a inset,0 .5px 0 1.5px #fff inset;color:#303030;
      cursor:pointer;display:inline-flex;font-size:12px;font-weight:550;gap:4px;justify-content:center;line-height:16px;min-height:28px;padding:6px 12px;text-decoration:none;white-space:nowrap}
      .p:hover{background:#fafafa}.p:focus-visible{outline:2px solid #005bd3;outline-offset:1px}
      :host([variant=primary]) .p{background:#303030;box-shadow:0 -1px 0 1px #000c inset,0 0 0 1px #303030 inset,0 .5px 0 1.5px #ffffff40 inset;color:#fff}:host([variant=primary]) .p:hover{background:#1a1a1a}
      :host([tone=critical]) .p{color:#8e1f0b}:host([variant=primary][tone=critical]) .p{background:#c70a24;color:#fff}
      :host([variant=tertiary]) .p{background:none;box-shadow:none}:host([variant=tertiary]) .p:hover{background:#0000000d}
      :host([disabled]) .p{background:#0000000d!important;box-shadow:none;color:#b5b5b5!important;cursor:default}
      s-icon{margin:-2px 0}@media(max-width:500px){.p{font-size:14px;min-height:32px}}`;
    body() {
      const icon = this.at('icon') ? `<s-icon type="${escape(this.at('icon'))}" size="small"></s-icon>` : '';
      const caret = /menu|popover/.test(document.getElementById(this.at('commandFor'))?.localName || '') && !icon ? '<span aria-hidden="true">▾</span>' : '';
      return this.inner(`${this.loading ? '<s-spinner></s-spinner>' : icon}<span><slot></slot></span>${caret}`);
    }
  }
  class PressButton extends Button {
    get pressed() { return this.hasAttribute('pressed'); }
    set pressed(value) { this.toggleAttribute('pressed', !!value); }
  }
  class Group extends Part {
    static css = ':host{display:inline-flex;flex-wrap:wrap;gap:8px}:host([gap=none]){gap:0}';
    body() { return '<slot name="secondary-actions"></slot><slot></slot><slot name="primary-action"></slot>'; }
  }
  class Link extends Pressable {
    static css = ':host{display:inline}.p{background:none;border:0;color:#005bd3;cursor:pointer;display:inline;font:inherit;padding:0;text-align:inherit;text-decoration:none}.p:hover{text-decoration:underline}:host([tone=neutral]) .p{color:inherit;text-decoration:underline}:host([tone=critical]) .p{color:#c70a24}';
    body() { return this.inner('<slot></slot>'); }
  }
  class Clickable extends Pressable {
    static attributesSeen = [...Pressable.attributesSeen, 'background', 'border', 'padding', 'borderradius'];
    static css = ':host{display:block;min-width:0}.p{background:none;border:0;border-radius:inherit;color:inherit;cursor:pointer;display:block;font:inherit;padding:0;text-align:inherit;text-decoration:none;width:100%}:host(:hover){filter:brightness(.98)}.p:focus-visible{outline:2px solid #005bd3}';
    style2() { return boxStyle(this); }
    body() { return this.inner('<slot></slot>'); }
  }
  class ClickableChip extends Pressable {
    static css = ':host{display:inline-block}.p{background:#e3e3e3;border:0;border-radius:8px;color:inherit;cursor:pointer;display:inline-flex;font-size:12px;gap:4px;padding:3px 8px;text-decoration:none}:host([color=strong]) .p{background:#303030;color:#fff}';
    body() { return this.inner(`<slot name="graphic"></slot><slot></slot>${this.hasAttribute('removable') ? '<span class="x">×</span>' : ''}`); }
  }

  // --- overlays -----------------------------------------------------------------------------------
  class Overlay extends Part {
    showOverlay(from) {
      if (this.hasAttribute('open')) return;
      this.setAttribute('open', '');
      this.dispatchEvent(new Event('show'));
      this.opened(from);
      this.dispatchEvent(new Event('aftershow'));
    }
    hideOverlay() {
      if (!this.hasAttribute('open')) return;
      this.removeAttribute('open');
      this.closed();
      this.dispatchEvent(new Event('hide'));
      this.dispatchEvent(new Event('afterhide'));
    }
    toggleOverlay(from) { if (this.hasAttribute('open')) this.hideOverlay(); else this.showOverlay(from); }
    opened() {}
    closed() {}
  }
  class Popover extends Overlay {
    static css = `:host{display:none}:host([open]){background:#fff;border-radius:12px;box-shadow:0 0 0 1px #0000001a,0 4px 12px #00000026;display:block;max-height:60vh;max-width:calc(100vw - 16px);min-width:160px;overflow:auto;position:fixed;z-index:50}`;
    opened(from) {
      const place = (from || document.body).getBoundingClientRect();
      this.style.top = `${Math.min(place.bottom + 6, innerHeight - 60)}px`;
      this.style.left = '8px';
      const room = innerWidth - this.offsetWidth - 8;
      this.style.left = `${Math.max(8, Math.min(place.left, room))}px`;
      this.outside = (event) => {
        const path = event.composedPath();
        const inside = path.includes(this);
        if (event.key === 'Escape' || (event.type === 'click' && (!inside || (this.localName === 's-menu' && path[0] !== this)) && !path.includes(from))) this.hideOverlay();
      };
      setTimeout(() => { document.addEventListener('click', this.outside); document.addEventListener('keydown', this.outside); });
    }
    closed() { document.removeEventListener('click', this.outside); document.removeEventListener('keydown', this.outside); }
  }
  class Menu extends Popover {
    static css = `${Popover.css}:host{padding:6px}::slotted(s-button){display:block!important;width:100%!important}::slotted(s-section){display:block}`;
    opened(from) {
      for (const button of this.querySelectorAll('s-button')) { if (!button.hasAttribute('variant')) button.setAttribute('variant', 'tertiary'); button.setAttribute('inlineSize', 'fill'); }
      super.opened(from);
    }
  }
  class Modal extends Overlay {
    static childed = true;
    static attributesSeen = ['heading'];
    static css = `:host{display:contents}dialog{border:0;border-radius:16px;box-shadow:0 8px 40px #0000004d;max-height:86vh;max-width:calc(100vw - 24px);padding:0;width:560px}
      :host([size^=small]) dialog{width:380px}:host([size^=large]) dialog{width:860px}dialog::backdrop{background:#0009}
      header{align-items:center;background:#f3f3f3;border-bottom:1px solid #e3e3e3;display:flex;padding:12px 16px}h2{flex:1;font-size:14px;font-weight:650;margin:0}
      .c{display:flex;flex-direction:column;gap:12px;overflow:auto;padding:16px}:host([padding=none]) .c{padding:0}footer{border-top:1px solid #e3e3e3;display:flex;gap:8px;justify-content:flex-end;padding:12px 16px}
      .x{background:none;border:0;cursor:pointer;font-size:18px}`;
    body() {
      const acts = this.querySelector(':scope > [slot="primary-action"], :scope > [slot="secondary-actions"]');
      return `<dialog aria-label="${escape(this.at('heading'))}"><header><h2>${escape(this.at('heading'))}</h2><button class="x" aria-label="Close">×</button></header>
        <div class="c"><slot></slot></div>${acts ? '<footer><slot name="secondary-actions"></slot><slot name="primary-action"></slot></footer>' : ''}</dialog>`;
    }
    draw() {
      const open = this.hasAttribute('open');
      super.draw();
      if (open) this.opened();
      const dialog = this.shadowRoot.querySelector('dialog');
      this.shadowRoot.querySelector('.x').addEventListener('click', () => this.hideOverlay());
      dialog.addEventListener('close', () => this.hideOverlay());
    }
    opened() { const dialog = this.shadowRoot.querySelector('dialog'); if (!dialog.open) dialog.showModal(); }
    closed() { this.shadowRoot.querySelector('dialog').close(); }
  }
  class Tooltip extends Overlay {
    static css = ':host{display:none}:host([open]){background:#fff;border-radius:8px;box-shadow:0 0 0 1px #0000001a,0 2px 8px #0003;display:block;font-size:12px;max-width:260px;padding:6px 10px;position:fixed;z-index:60}';
  }

  document.addEventListener('click', (event) => {
    const from = event.composedPath().find((node) => node.getAttribute?.('commandfor'));
    if (!from || from.hasAttribute('disabled')) return;
    const target = document.getElementById(from.getAttribute('commandfor'));
    const call = { '--show': 'showOverlay', '--hide': 'hideOverlay' }[from.getAttribute('command')] || 'toggleOverlay';
    if (from.getAttribute('command') === '--copy') navigator.clipboard?.writeText(target?.getAttribute('text') || target?.textContent.trim() || '');
    else target?.[call]?.(from);
  });
  for (const kind of ['mouseover', 'focusin', 'mouseout', 'focusout']) {
    document.addEventListener(kind, (event) => {
      const from = event.composedPath().find((node) => node.getAttribute?.('interestfor'));
      const tip = from && document.getElementById(from.getAttribute('interestfor'));
      if (tip?.localName !== 's-tooltip') return;
      const place = from.getBoundingClientRect();
      Object.assign(tip.style, { top: `${place.bottom + 6}px`, left: `${Math.max(8, Math.min(place.left, innerWidth - 270))}px` });
      if (kind.endsWith('over') || kind === 'focusin') tip.showOverlay(from); else tip.hideOverlay();
    });
  }

  for (const [name, part] of Object.entries({
    button: Button, 'press-button': PressButton, 'button-group': Group, link: Link, clickable: Clickable, 'clickable-chip': ClickableChip,
    popover: Popover, menu: Menu, modal: Modal, tooltip: Tooltip,
  })) define(`s-${name}`, part);
})();
