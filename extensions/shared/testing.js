/** What tests of extensions share: a surface that speaks a language, whose signals react, and an app that answers. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {signal} from '@preact/signals';
import {render} from 'preact';
import {vi} from 'vitest';
import {i18nOf} from './texts.js';

export {i18nOf};

/**
 * Sets a surface up: its texts are the real ones, and what changes on it is seen by what is shown.
 * @template {{shopify: any, setUp: () => void}} Surface
 * @param {Surface} extension of the tester
 * @param {string} folder of the extension
 * @param {{language?: string, editor?: boolean, more?: Record<string, unknown>}} [options]
 *   `more`: members of `shopify` that the tester lacks, such as `buyerIdentity`
 */
export function open(extension, folder, {language = 'en', editor = false, more = {}} = {}) {
  extension.setUp();
  const {shopify} = extension;
  for (const [name, value] of Object.entries(more)) Object.defineProperty(shopify, name, {value, writable: true, enumerable: true, configurable: true});
  react(shopify);
  shopify.i18n = i18nOf(folder, language);
  if ('extension' in shopify) shopify.extension = {...shopify.extension, editor: editor ? {type: 'checkout'} : undefined};
  if ('settings' in shopify) shopify.settings = signal(settingsOf(folder));
}

/** Every signal that stands still becomes one that reacts. @param {any} node */
function react(node, depth = 0) {
  for (const name of Object.keys(node)) {
    const value = node[name];
    if (value === null || typeof value !== 'object' || Array.isArray(value)) continue;
    if ('value' in value && 'subscribe' in value) node[name] = signal(plain(value.value));
    else if (depth < 2) react(value, depth + 1);
  }
}

/** The tester's objects refuse to be asked for what they lack; a real surface answers undefined. @param {any} value */
const plain = (value) => (value !== null && typeof value === 'object' && !Array.isArray(value) ? {...value} : value);

/** Each setting of an extension, none of them set. @param {string} folder */
function settingsOf(folder) {
  const toml = readFileSync(join(folder, 'shopify.extension.toml'), 'utf8');
  const keys = toml.split('[[extensions.settings.fields]]').slice(1).map((field) => field.match(/^\s*key\s*=\s*"(.+?)"/m)?.[1]);
  return Object.fromEntries(keys.map((key) => [key, undefined]));
}

/** Takes down what was shown, with its effects, and goes back to the real clock. @param {{tearDown: () => void}} extension */
export function close(extension) {
  render(null, document.body);
  if (vi.isFakeTimers()) {
    vi.runOnlyPendingTimers();   // else Preact waits for ever for a rendering that it had put on the false clock
    vi.useRealTimers();
  }
  extension.tearDown();
}

/** @param {unknown} body @param {number} [status] */
export const json = (body, status = 200) => new Response(JSON.stringify(body), {status});

/** The app's refusal. @param {string} code @param {number} status @param {string} [detail] */
export const problem = (code, status, detail = '') => json({type: 'about:blank', title: code, status, code, detail}, status);

/**
 * An app that answers by a table, such as `{'GET /me': answer, 'POST /redeem': (asked) => answer}`: an answer is a body,
 * a Response, an Error for no connection, or a function of what was asked. A path that it lacks fails the test.
 * @param {any} extension
 * @param {Record<string, any>} table paths without the door's own part and the query
 * @returns {{method: string, path: string, query: URLSearchParams, headers: Record<string, string>, body: any}[]} what was asked
 */
export function answering(extension, table) {
  /** @type {any[]} */
  const asked = [];
  extension.fetch = vi.fn(async (/** @type {string} */ url, /** @type {any} */ options = {}) => {
    const at = new URL(url, 'https://surface.test');
    const path = at.pathname.replace(/^\/(?:shopper|staff|proxy)\/v1|^\/apps\/suki\/v1/, '');
    const call = {
      method: options.method || 'GET', path, query: at.searchParams, headers: options.headers || {},
      body: options.body === undefined ? undefined : JSON.parse(options.body),
    };
    asked.push(call);
    const found = table[`${call.method} ${path}`];
    if (found === undefined) throw new Error(`nobody answers ${call.method} ${path}`);
    const answer = typeof found === 'function' ? await found(call) : found;
    if (answer instanceof Error) throw answer;
    return answer instanceof Response || answer?.constructor?.name === 'ResponsePolyfill' ? answer : json(answer);
  });
  return asked;
}
