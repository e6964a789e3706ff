// Stand-in for Shopify's App Bridge, for the sandbox's admin frame. It speaks to the frame by postMessage.
(() => {
  if (window.shopify) return;
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const meta = document.querySelector('meta[name="shopify-api-key"]');
  const query = new URLSearchParams(location.search);
  const LOAD = ['embedded', 'hmac', 'host', 'id_token', 'locale', 'session', 'shop', 'timestamp'];
  const shop = query.get('shop') || sessionStorage.getItem('sandbox-shop') || '';
  if (shop) sessionStorage.setItem('sandbox-shop', shop);
  const embedded = window.parent !== window;

  // --- talking to the frame ---------------------------------------------------------------------
  let count = 0;
  const waiting = new Map();
  const tell = (kind, data = {}) => { if (embedded) window.parent.postMessage({ sandbox: kind, ...data }, origin); };
  const ask = (kind, data = {}) => new Promise((resolve) => {
    const id = ++count;
    waiting.set(id, resolve);
    tell(kind, { id, ...data });
  });
  window.addEventListener('message', (event) => {
    if (event.origin !== origin || !event.data || !event.data.sandbox) return;
    const { sandbox: kind, id, value } = event.data;
    if (kind === 'answer' && waiting.has(id)) { waiting.get(id)(value); waiting.delete(id); }
    if (kind === 'save') bar.save();
    if (kind === 'discard') bar.discard();
    if (kind === 'go') chosen(value);
  });

  async function idToken() {
    if (embedded) return ask('token');
    const answer = await fetch0(`${origin}/shops/${shop}/id-token`);
    return (await answer.json()).id_token;
  }

  // --- fetch: a fresh token on calls to the own origin, one repeat when it is refused ------------
  const fetch0 = window.fetch.bind(window);
  window.fetch = async (input, init = {}) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== location.origin || request.headers.has('Authorization')) return fetch0(request);
    const spare = request.clone();
    request.headers.set('Authorization', `Bearer ${await idToken()}`);
    const answer = await fetch0(request);
    if (answer.status !== 401 || !answer.headers.get('X-Shopify-Retry-Invalid-Session-Request')) return answer;
    spare.headers.set('Authorization', `Bearer ${await idToken()}`);
    return fetch0(spare);
  };

  // --- navigation: every document load gets fresh parameters -------------------------------------
  const clean = (url) => { LOAD.forEach((name) => url.searchParams.delete(name)); return url; };
  async function go(target, replace = false) {
    const url = clean(new URL(target, location.href));
    tell('loading', { value: true });
    const path = url.pathname + url.search + url.hash;
    if (embedded) {
      url.href = await ask('load', { path });
    } else {
      url.searchParams.set('id_token', await idToken());
      url.searchParams.set('shop', shop);
      url.searchParams.set('embedded', '1');
    }
    if (replace) location.replace(url.href); else location.assign(url.href);
  }
  // A page may take over what a link of the menu does, by preventing this event.
  async function chosen(href) {
    try { await bar.leaveConfirmation(); } catch { return; }
    const link = [...document.querySelectorAll('s-app-nav s-link, s-app-nav a')].find((one) => one.getAttribute('href') === href);
    const event = new CustomEvent('shopify:navigate', { bubbles: true, cancelable: true });
    if ((link || document).dispatchEvent(event)) go(href);
  }
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.composedPath().find((node) => node.tagName === 'A' && node.getAttribute('href'));
    if (!link || link.hasAttribute('download')) return;
    const raw = link.getAttribute('href');
    if (raw.startsWith('shopify:')) { event.preventDefault(); tell('admin', { path: raw.replace(/^shopify:(\/\/)?admin/, '') }); return; }
    const url = new URL(raw, location.href);
    const here = !link.target || link.target === '_self' || link.target === 'auto';
    if (url.origin !== location.origin || !here) return;
    if (url.hash && clean(new URL(url)).pathname === location.pathname && raw.startsWith('#')) return;
    event.preventDefault();
    bar.leaveConfirmation().then(() => go(url.href), () => {});
  });

  // --- contextual save bar -----------------------------------------------------------------------
  const bar = {
    form: null, open: null,
    show(id) {
      this.open = id || 'form';
      tell('savebar', { value: true });
      this.watch();
      return Promise.resolve();
    },
    hide() { this.open = null; tell('savebar', { value: false }); return Promise.resolve(); },
    // The admin's buttons are as busy as those of the page's own bar.
    watch() {
      const own = this.element();
      if (!own || own.watched) return;
      const busy = () => tell('savebusy', { value: [...own.querySelectorAll('button')].some((one) => one.hasAttribute('loading')) });
      own.watched = new MutationObserver(busy);
      own.watched.observe(own, { attributes: true, subtree: true, attributeFilter: ['loading', 'disabled'] });
    },
    toggle(id) { return this.open ? this.hide(id) : this.show(id); },
    leaveConfirmation() {
      if (!this.open) return Promise.resolve();
      return ask('leave').then((yes) => (yes ? this.hide() : Promise.reject(new Error('stay'))));
    },
    element() { return this.open && this.open !== 'form' ? document.getElementById(this.open) : null; },
    save() {
      const own = this.element();
      if (own) own.querySelector('button[variant="primary"]')?.click();
      else this.form?.requestSubmit();
    },
    discard() {
      const own = this.element();
      if (own) own.querySelector('button:not([variant="primary"])')?.click();
      else this.form?.reset();
    },
  };
  const saved = (event) => event.composedPath().find((node) => node.matches?.('form[data-save-bar]'));
  for (const kind of ['input', 'change']) {
    document.addEventListener(kind, (event) => {
      const form = saved(event);
      if (form) { bar.form = form; if (!bar.open) bar.show(); }
    });
  }
  for (const kind of ['submit', 'reset']) {
    document.addEventListener(kind, (event) => { if (saved(event)) bar.hide(); }, true);
  }

  // --- what a page may call ----------------------------------------------------------------------
  const toast = {
    show(text, options = {}) {
      const id = `toast-${++count}`;
      if (embedded) tell('toast', { value: { id, text, error: !!options.isError, action: options.action } });
      else toast.alone(text, options);
      setTimeout(() => options.onDismiss?.(), options.duration || 5000);
      return id;
    },
    hide(id) { tell('untoast', { value: id }); },
    alone(text, options) {
      const note = Object.assign(document.createElement('div'), { textContent: text, role: 'status' });
      note.style.cssText = 'position:fixed;bottom:24px;left:50%;transform:translateX(-50%);padding:10px 14px;color:#fff;'
        + `border-radius:10px;font:13px system-ui;z-index:9999;background:${options.isError ? '#8e1f0b' : '#1a1a1a'}`;
      document.body.append(note);
      setTimeout(() => note.remove(), options.duration || 5000);
    },
  };
  const overlay = (id, call) => { document.getElementById(id)?.[call]?.(); return Promise.resolve(); };
  window.shopify = {
    config: { apiKey: meta?.content || '', shop, host: query.get('host') || '', locale: query.get('locale') || 'en' },
    environment: { embedded, mobile: false, pos: false, intent: false },
    origin, ready: Promise.resolve(), idToken, toast, saveBar: bar,
    loading(on = true) { tell('loading', { value: on !== false }); },
    modal: {
      show: (id) => overlay(id, 'showOverlay'), hide: (id) => overlay(id, 'hideOverlay'),
      toggle: (id) => overlay(id, 'toggleOverlay'),
    },
    user: async () => ({ accountAccess: 'full access', email: 'owner@shop.example', id: 548380009 }),
    scopes: {
      query: async () => ({ granted: [], required: [], optional: [] }),
      request: async () => ({ result: 'granted-all', detail: { granted: [], required: [], optional: [] } }),
      revoke: async () => ({ detail: { granted: [], required: [], optional: [] } }),
    },
    app: { extensions: async () => (embedded ? ask('extensions') : []) },
    webVitals: { onReport() {} },
    reviews: { request: async () => ({ success: false, code: 'cooldown-period', message: 'Not in the sandbox' }) },
    resourcePicker: async (options = {}) => (embedded ? ask('pick', { options: JSON.parse(JSON.stringify(options)) }) : undefined),
    picker: async () => ({ selected: Promise.resolve(undefined) }),
    support: { registerHandler() {} },
    intents: { invoke: async () => ({ complete: Promise.resolve({ code: 'closed' }) }) },
  };

  // --- a page that only asks to be loaded again, and the menu --------------------------------------
  const reload = query.get('shopify-reload');
  if (reload) { go(reload, true); return; }
  function announce() {
    const nav = document.querySelector('s-app-nav, ui-nav-menu');
    const links = [...(nav?.querySelectorAll('s-link, a') || [])].filter((link) => link.getAttribute('rel') !== 'home');
    const url = clean(new URL(location.href));
    tell('page', {
      value: {
        path: url.pathname + url.search, title: document.title,
        links: links.map((link) => ({ href: link.getAttribute('href'), text: link.textContent.trim() })),
      },
    });
    tell('loading', { value: false });
  }
  // Pages that change in place: the frame's address and menu follow.
  for (const name of ['pushState', 'replaceState']) {
    const own = history[name].bind(history);
    history[name] = (...given) => { own(...given); setTimeout(announce); };
  }
  addEventListener('popstate', () => setTimeout(announce));
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', announce); else announce();
})();
