/**
 * How a surface talks to the app where it does more than ask: a refused token is asked for once more, and nothing is
 * done twice. Whatever is done carries the key of the last answer; what may have been done is tried again by its own key.
 */
import {ask, Refusal} from './ask.js';

const EXPIRED_TOKEN = 401;
const EXPIRED_PAGE = 'expired_page';

/**
 * @typedef {object} Talk
 * @property {(path: string, signal?: AbortSignal) => Promise<any>} get what the app says of it
 * @property {(path: string, body: object, signal?: AbortSignal) => Promise<any>} judge what the app says of something that it is shown
 * @property {(path: string, body?: object) => Promise<any>} act does it once, however often it is tried; a body with a key
 *     of its own is sent by that
 */

/** @typedef {Talk & {takeKey: () => Promise<string>}} TalkWithKeys `takeKey`: for an act that is to be repeated after a reload */

/**
 * @typedef {object} How
 * @property {string} base where paths begin: each with a slash
 * @property {() => Promise<string | null | undefined>} token asked for before every request, as they live for minutes only
 * @property {Record<string, string | undefined>} [query] what every question asks for
 * @property {string} [keyFrom] what is asked for a key, where none is at hand
 */

/** @param {How} how @returns {TalkWithKeys} */
export function talkTo({base, token, query = {}, keyFrom = '/me'}) {
  /** @type {Map<string, string>} what was sent without an answer, and by which key */
  const unanswered = new Map();
  let key = '';

  /** @param {string} path @param {{body?: object, signal?: AbortSignal}} [options] */
  async function send(path, options = {}, again = false) {
    const [plain, own] = path.split('?');
    try {
      const answer = await ask(base, plain, {token, query: {...query, ...Object.fromEntries(new URLSearchParams(own))}, ...options});
      if (answer.key) key = answer.key;
      return answer;
    } catch (error) {
      if (again || !(error instanceof Refusal) || error.status !== EXPIRED_TOKEN) throw error;
      return send(path, options, true);
    }
  }

  /** @param {string} path @param {{key?: string}} body */
  async function act(path, body, again = false) {
    const what = `${path} ${JSON.stringify(body)}`;
    const own = body.key ?? unanswered.get(what) ?? (await takeKey());
    unanswered.set(what, own);
    try {
      const answer = await send(path, {body: {...body, key: own}});
      unanswered.delete(what);
      return answer;
    } catch (error) {
      if (isUnanswered(error)) throw error;
      unanswered.delete(what);
      if (again || body.key || !(error instanceof Refusal) || error.code !== EXPIRED_PAGE) throw error;
      return act(path, body, true);
    }
  }

  /** A key that no other act has had: two acts by one key would be taken for one. */
  async function takeKey() {
    if (!key) await send(keyFrom);
    const taken = key;
    key = '';
    return taken;
  }

  return {
    get: (path, signal) => send(path, {signal}),
    judge: (path, body, signal) => send(path, {body, signal}),
    act: (path, body = {}) => act(path, body),
    takeKey,
  };
}

/** Whether it may have been done although nobody said so. @param {unknown} error */
export function isUnanswered(error) {
  if (!(error instanceof Refusal)) return true;
  return error.code !== 'no_token' && !(error.status >= 400 && error.status < 500);
}
