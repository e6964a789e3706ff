// Stand-in for the worker that Shopify runs an extension in: makes the `shopify` global of the target, loads the bundle,
// and calls what it gave for the target. Everything that changes something is asked of the page around the frame.
import './elements/all.js';
import { Signals } from './signals.js';
import { Wire } from './wire.js';
import { chosen, i18n } from './i18n.js';
import { fetchOf } from './fetching.js';
import { surfaceOf } from './globals/surfaces.js';

const told = JSON.parse(document.getElementById('told').textContent);
const signals = new Signals();
const given = new Map();
const troubles = [];
let started = false;
const surface = surfaceOf(told.target);

/** What a developer should see: kept for tests, and in the console. */
function complain(text) {
  troubles.push(text);
  console.warn(`${told.handle}: ${text}`);
  document.documentElement.dataset.troubles = troubles.join('\n');
}

const heard = {
  hello: () => { if (ready) wire.tell('ready'); },
  start(value) { if (!started) { started = true; begin(value); } },
  state: (value) => signals.put(value),
  placed(value) {
    document.body.style.cssText = value ? `position:fixed;top:${value.top}px;left:${value.left}px;width:${value.width}px` : '';
  },
  went: (value) => window.navigation.went?.(value),
};
const wire = new Wire((kind, value) => heard[kind]?.(value));
let ready = false;

function globals(values) {
  const texts = i18n(told, (key) => complain(`no text for ${key}`));
  const shopify = {
    ...values,
    i18n: texts,
    extension: {
      apiVersion: '2026-07', target: told.target, scriptUrl: told.script, version: '1', handle: told.handle,
      ...(told.editor ? { editor: { type: 'checkout' } } : {}),
    },
    extensionPoint: told.target,
    setSignals: (Kind) => signals.use(Kind),
    extend: (target, call) => { given.set(target, call); },
  };
  signals.put({
    settings: told.settings, 'localization.extensionLanguage': { isoCode: chosen(told.locales, told.locale, told.shopLocale) },
    'extension.capabilities': told.networkAccess ? ['network_access'] : [], 'extension.rendered': true,
  });
  signals.onto(shopify, ['settings', 'extension.capabilities', 'extension.rendered', ...surface.signals]);
  return surface.more({ shopify, signals, wire, told, complain });
}

function load(script) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement('script'), { src: script, onload: resolve, crossOrigin: 'anonymous' });
    element.onerror = () => reject(new Error(`cannot load ${script}`));
    document.head.append(element);
  });
}

async function wanted(shopify) {
  if (!told.condition) return true;
  await load(told.condition.script);
  const answer = await given.get(told.condition.target)?.(shopify);
  return answer?.display !== false;
}

async function begin({ state, values, fills }) {
  document.documentElement.classList.toggle('fills', !!fills);
  signals.put(state);
  const shopify = globals(values || {});
  Object.defineProperty(window, 'shopify', { value: shopify, configurable: true });
  window.fetch = fetchOf({ surface, told, signals, wire });
  try {
    if (!await wanted(shopify)) { wire.tell('hidden'); return; }
    if (told.asks) return;
    await load(told.script);
    await given.get(told.target)(shopify);
  } catch (error) {
    complain(`the extension failed: ${error.message}`);
    throw error;
  } finally {
    document.documentElement.dataset.begun = 'yes';
  }
}

// --- what the page around has to know: how tall the block is, and when something opens over it -------------------
const tall = () => wire.tell('size', { height: Math.ceil(document.body.getBoundingClientRect().height) });
const strangers = () => {
  const found = [...document.body.querySelectorAll('*')].filter((one) => !one.localName.startsWith('s-'));
  if (found.length) complain(`elements that no surface has: ${found.map((one) => one.localName).join(', ')}`);
  const unknown = [...document.body.querySelectorAll(':not(:defined)')];
  if (unknown.length) complain(`elements without a stand-in: ${unknown.map((one) => one.localName).join(', ')}`);
};
addEventListener('DOMContentLoaded', () => {
  new ResizeObserver(tall).observe(document.body);
  new MutationObserver(() => { strangers(); tall(); }).observe(document.body, { childList: true, subtree: true });
  ready = true;
  wire.tell('ready');
});
document.addEventListener('surface-overlay', (event) => wire.tell('overlay', event.detail));
document.addEventListener('click', (event) => {
  const link = event.composedPath().find((node) => node.localName === 'a' && node.getAttribute('href'));
  if (!link || event.defaultPrevented) return;
  event.preventDefault();
  const way = { target: link.target };
  if (window.navigation.went) window.navigation.navigate(link.getAttribute('href'), way); else wire.ask('navigate', link.getAttribute('href'), way);
});
document.addEventListener('surface-heading', (event) => wire.tell('heading', event.detail));
document.addEventListener('surface-copy', (event) => {
  const { text, resolve, reject } = event.detail;
  wire.ask('copy', text).then(resolve, reject);
});
