// Pages, sections and the boxes that arrange things.
(() => {
  const { Part, TONE, boxStyle, define, escape, space } = window.sandboxPolaris;
  const BOX = ['padding', 'paddingblock', 'paddinginline', 'background', 'border', 'borderradius', 'display', 'inlinesize'];

  class Box extends Part {
    static attributesSeen = BOX;
    static css = ':host{display:block;min-width:0}';
    connectedCallback() { super.connectedCallback(); this.be(); }
    style2() { return boxStyle(this); }
  }

  class Stack extends Part {
    static attributesSeen = [...BOX, 'direction', 'gap', 'alignitems', 'justifycontent'];
    static css = ':host{display:flex;flex-direction:column;min-width:0}';
    connectedCallback() { super.connectedCallback(); this.be(); }
    style2() {
      const inline = this.rule('flex-direction', this.at('direction', 'block'), (text) => (text === 'inline' ? 'row' : 'column'))
        + this.rule('flex-wrap', this.at('direction', 'block'), (text) => (text === 'inline' ? 'wrap' : 'nowrap'));
      const align = this.at('alignItems', this.at('direction') === 'inline' ? 'center' : '');
      return inline + this.rule('gap', this.getAttribute('gap'), space) + this.rule('row-gap', this.getAttribute('rowGap'), space)
        + this.rule('column-gap', this.getAttribute('columnGap'), space) + this.rule('align-items', align)
        + this.rule('justify-content', this.getAttribute('justifyContent')) + boxStyle(this);
    }
  }

  class Grid extends Part {
    static attributesSeen = [...BOX, 'gridtemplatecolumns', 'gap'];
    static css = ':host{display:grid;min-width:0}';
    connectedCallback() { super.connectedCallback(); this.be(); }
    style2() {
      return this.rule('grid-template-columns', this.getAttribute('gridTemplateColumns'))
        + this.rule('grid-template-rows', this.getAttribute('gridTemplateRows')) + this.rule('gap', this.getAttribute('gap'), space)
        + this.rule('row-gap', this.getAttribute('rowGap'), space) + this.rule('column-gap', this.getAttribute('columnGap'), space)
        + this.rule('align-items', this.getAttribute('alignItems')) + this.rule('justify-items', this.getAttribute('justifyItems'))
        + this.rule('justify-content', this.getAttribute('justifyContent')) + this.rule('place-items', this.getAttribute('placeItems')) + boxStyle(this);
    }
  }

  class GridItem extends Part {
    static css = ':host{display:block;min-width:0}';
    style2() { return this.rule('grid-column', this.getAttribute('gridColumn')) + this.rule('grid-row', this.getAttribute('gridRow')) + boxStyle(this); }
  }

  class Query extends Part {
    static css = ':host{display:block;container-type:inline-size}';
    style2() { return this.at('containerName') ? `:host{container-name:${this.at('containerName')}}` : ''; }
  }

  class Page extends Part {
    static childed = true;
    static attributesSeen = ['heading', 'inlinesize'];
    static css = `:host{display:block;padding:0 16px 40px}
      .in{margin:0 auto;max-width:998px}:host([inlinesize=large]) .in{max-width:none}:host([inlinesize=small]) .in{max-width:662px}
      header{align-items:center;display:flex;flex-wrap:wrap;gap:8px;min-height:60px;padding:14px 0 12px}
      h1{font-size:20px;font-weight:650;letter-spacing:-.2px;line-height:24px;margin:0;min-width:0;overflow-wrap:anywhere}
      .left{align-items:center;display:flex;flex:1 1 auto;gap:8px;min-width:0}
      .actions{align-items:center;display:flex;flex-wrap:wrap;gap:8px;margin-left:auto}
      .main{container-type:inline-size;display:flex;flex-direction:column;gap:16px;min-width:0}
      .cols{display:grid;gap:16px;grid-template-columns:minmax(0,1fr)}
      aside{container-type:inline-size;display:flex;flex-direction:column;gap:16px;min-width:0}
      @media(min-width:720px){:host{padding:0 24px 48px}.cols.two{grid-template-columns:minmax(0,2fr) minmax(0,1fr)}}`;
    body() {
      const has = (name) => this.querySelector(`:scope > [slot="${name}"]`);
      return `<div class="in"><header><div class="left"><slot name="breadcrumb-actions"></slot>
        <h1>${escape(this.at('heading'))}</h1><slot name="supplemental-start"></slot></div><div class="actions">
        <slot name="secondary-actions"></slot><slot name="primary-action"></slot></div></header>
        <div class="cols ${has('aside') ? 'two' : ''}"><div class="main"><slot></slot></div>${has('aside') ? '<aside><slot name="aside"></slot></aside>' : ''}</div></div>`;
    }
  }

  class Section extends Part {
    static childed = true;
    static attributesSeen = ['heading', 'subheading', 'padding'];
    static css = `:host{display:block;min-width:0}.card{background:#fff;border-radius:12px;box-shadow:0 0 0 1px #0000000f,0 1px 0 #1a1a1a12,0 1px 2px #0000000d;
      display:flex;flex-direction:column;gap:12px;padding:16px}
      :host([padding=none]) .card{gap:0;overflow:clip;padding:0}:host([padding=none]) .head{padding:16px 16px 12px}
      .inner{display:flex;flex-direction:column;gap:16px;min-width:0}:host([padding=none]) .inner{gap:0}
      .head{align-items:center;display:flex;flex-wrap:wrap;gap:8px}.head>div:first-child{flex:1;min-width:0}.acts{display:flex;gap:8px}
      .t{font-size:14px;font-weight:600;line-height:20px;margin:0}p{color:#616161;margin:0}
      :host(.nested) .card{border-radius:0;box-shadow:none;padding:0}:host(.nested) .t{font-size:13px}`;
    connectedCallback() {
      this.classList.toggle('nested', !!this.parentElement?.closest('s-section'));
      super.connectedCallback();
    }
    body() {
      const acts = ['secondary-actions', 'primary-action', 'accessory'].filter((name) => this.querySelector(`:scope > [slot="${name}"]`));
      const head = this.at('heading') || acts.length ? `<div class="head"><div>${this.at('heading') ? `<h${this.level} class="t">${escape(this.at('heading'))}</h${this.level}>` : ''}
        ${this.at('subheading') ? `<p>${escape(this.at('subheading'))}</p>` : ''}</div><div class="acts">${acts.map((name) => `<slot name="${name}"></slot>`).join('')}</div></div>` : '';
      return `<section class="card" aria-label="${escape(this.at('accessibilityLabel') || this.at('heading'))}">${head}<slot name="graphic"></slot><div class="inner"><slot></slot></div><slot name="supplemental"></slot></section>`;
    }
  }

  class Divider extends Part {
    static css = ':host{display:block}:host::before{background:#e3e3e3;content:"";display:block;height:1px}:host([direction=inline])::before{height:100%;width:1px}:host([color=strong])::before{background:#8a8a8a}';
    body() { return ''; }
  }

  class Banner extends Part {
    static childed = true;
    static attributesSeen = ['tone', 'heading'];
    static css = `:host{display:block}.b{border-radius:12px;box-shadow:0 0 0 1px #0000000f;background:#fff;overflow:hidden}
      .h{align-items:center;display:flex;font-weight:600;gap:8px;padding:8px 12px}.c{display:flex;flex-direction:column;gap:10px;padding:12px}
      .h span{flex:1}.x{background:none;border:0;cursor:pointer;font-size:16px;line-height:1}.acts{display:flex;gap:8px}`;
    body() {
      const [light, dark, strong] = TONE[this.at('tone', 'info')] || TONE.info;
      const tone = this.at('tone', 'auto');
      const solid = { success: ['#047b5d', '#fff'], critical: ['#c70a24', '#fff'], warning: ['#ffb800', '#332200'], info: ['#91d0ff', '#002133'] }[tone] || ['#91d0ff', '#002133'];
      const close = this.hasAttribute('dismissible') ? '<button class="x" aria-label="Dismiss">×</button>' : '';
      const head = this.at('heading') ? `<div class="h" style="background:${solid[0]};color:${solid[1]}"><span>${escape(this.at('heading'))}</span>${close}</div>` : '';
      const look = head ? '' : `style="background:${light};color:${dark};border-left:4px solid ${strong}"`;
      const acts = this.querySelector(':scope > [slot="secondary-actions"]') ? '<div class="acts"><slot name="secondary-actions"></slot></div>' : '';
      const text = this.textContent.trim() || acts ? `<div class="c" ${look}><div><slot></slot></div>${acts}${head ? '' : close}</div>` : '';
      return `<div class="b" role="${tone === 'critical' ? 'alert' : 'status'}">${head}${text}</div>`;
    }
    draw() {
      super.draw();
      this.shadowRoot.querySelector('.x')?.addEventListener('click', () => {
        this.hidden = true;
        this.dispatchEvent(new Event('dismiss'));
      });
    }
  }

  class Empty extends Part {
    static attributesSeen = ['heading'];
    static css = `:host{align-items:center;display:flex;flex-direction:column;gap:8px;padding:40px 16px;text-align:center}
      .h{font-size:16px;font-weight:650;margin:4px 0 0}.t{color:#616161;max-width:420px}.a{display:flex;gap:8px;margin-top:8px}
      .g{background:#f1f1f1;border-radius:50%;color:#8a8a8a;display:grid;font-size:22px;height:56px;place-items:center;width:56px}`;
    body() {
      return `<slot name="graphic"><div class="g">◔</div></slot><h${this.level} class="h">${escape(this.at('heading'))}</h${this.level}><div class="t"><slot name="subheading"></slot><slot></slot></div>
        <div class="a"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></div>`;
    }
  }

  class Scroll extends Part {
    static css = ':host{display:block;overflow:auto}';
    style2() { return boxStyle(this); }
  }
  class Hidden extends Part { static css = ':host{display:none}'; }

  define('s-box', Box); define('s-stack', Stack); define('s-grid', Grid); define('s-grid-item', GridItem);
  define('s-query-container', Query); define('s-page', Page); define('s-section', Section); define('s-divider', Divider);
  define('s-banner', Banner); define('s-empty-state', Empty); define('s-scroll-box', Scroll); define('s-app-nav', Hidden);
})();
