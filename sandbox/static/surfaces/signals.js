// The values behind `shopify.lines.value` and the like. An extension hands over its own class of signals
// (`shopify.setSignals`), so that reading one while rendering subscribes the component.

/** What a signal is before the extension says otherwise. */
class Plain {
  constructor(value) { this.now = value; this.heard = new Set(); }
  get value() { return this.now; }
  set value(value) { this.now = value; for (const hear of [...this.heard]) hear(value); }
  subscribe(hear) { this.heard.add(hear); return () => this.heard.delete(hear); }
  get current() { return this.now; }
  destroy() { this.heard.clear(); return Promise.resolve(); }
}

export class Signals {
  constructor() { this.Kind = Plain; this.values = new Map(); this.made = new Map(); }

  use(Kind) { this.Kind = Kind; this.made.clear(); }

  of(name) {
    if (!this.made.has(name)) this.made.set(name, new this.Kind(this.values.get(name)));
    return this.made.get(name);
  }

  get(name) { return this.values.get(name); }

  /** New values by name; null is what Shopify leaves undefined. */
  put(state) {
    for (const [name, value] of Object.entries(state)) {
      const fresh = value === null ? undefined : value;
      if (this.values.has(name) && JSON.stringify(this.values.get(name)) === JSON.stringify(fresh)) continue;
      this.values.set(name, fresh);
      if (this.made.has(name)) this.made.get(name).value = fresh;
    }
  }

  /** Getters on an object for dotted names: `cost.totalAmount` gives object.cost.totalAmount. */
  onto(target, names) {
    for (const name of new Set(names)) {
      const path = name.split('.');
      const last = path.pop();
      let place = target;
      for (const step of path) place = place[step] ??= {};
      Object.defineProperty(place, last, { get: () => this.of(name), enumerable: true });
    }
    return target;
  }
}
