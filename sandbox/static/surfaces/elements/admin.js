// What only the admin and account actions have: blocks, actions, tables.
import { Part, define } from './part.js';

/** Its heading stands in the card that the admin draws around it. */
class Block extends Part {
  static props = { heading: String, collapsedSummary: String };
  static css = ':host{display:block}.in{display:flex;flex-direction:column;gap:12px}';
  html() { return '<div class="in"><slot></slot></div>'; }
  update() { document.dispatchEvent(new CustomEvent('surface-heading', { detail: this.at('heading') })); }
}
class Action extends Part {
  static props = { heading: String, loading: Boolean };
  static css = `:host{display:flex;flex-direction:column;height:100%}header{border-bottom:1px solid var(--edge);padding:14px 16px}h1{font:var(--heading);margin:0;overflow-wrap:anywhere}.c{display:flex;flex:1;flex-direction:column;gap:14px;overflow:auto;padding:16px}
    footer{border-top:1px solid var(--edge);display:flex;flex-wrap:wrap;gap:8px;justify-content:flex-end;padding:12px 16px}.l{padding:24px;text-align:center}:host(:not([loading])) .l,:host([loading]) .c{display:none}`;
  html() { return '<header><h1></h1></header><p class="l" role="status">Loading</p><div class="c"><slot></slot></div><footer><slot name="secondary-actions"></slot><slot name="primary-action"></slot></footer>'; }
  update() { this.$('h1').textContent = this.at('heading'); }
}

const role = (name, css, props = {}, events = []) => class extends Part {
  static props = props;
  static events = events;
  static css = css;
  connectedCallback() { super.connectedCallback(); this.setAttribute('role', name); }
};

define({
  'admin-block': Block, 'admin-action': Action, 'customer-account-action': class extends Action {}, 'admin-print-action': class extends Part { static props = { src: String }; }, 'app-nav': class extends Part { static css = ':host{display:none}'; },
  table: role('table', ':host{display:table;width:100%}', { loading: Boolean, variant: String, paginate: Boolean, hasPreviousPage: Boolean, hasNextPage: Boolean }, ['nextpage', 'previouspage']),
  'table-header-row': role('row', ':host{display:table-row;font-weight:600}'), 'table-header': role('columnheader', ':host{display:table-cell;padding:8px}', { listSlot: String, format: String }),
  'table-body': role('rowgroup', ':host{display:table-row-group}'), 'table-row': role('row', ':host{display:table-row}', { clickDelegate: String }), 'table-cell': role('cell', ':host{border-top:1px solid var(--edge);display:table-cell;padding:8px}'),
});
