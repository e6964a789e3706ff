/** One question to the app: a request with its token, a time limit, and an answer or a refusal. */

/** How long an answer may take, in milliseconds. */
export const MOST_TIME = 8000;

/** What the app refused, or why there was no answer: `code` for the program, `text` for the reader (may be empty). */
export class Refusal extends Error {
  /**
   * @param {string} code a code of the app, or `offline`, `timeout`, `unavailable`, `no_token`
   * @param {string} text in the reader's language
   * @param {number} status of HTTP; 0 where there was no answer
   * @param {Record<string, unknown>} [problem] the whole answer
   */
  constructor(code, text = '', status = 0, problem = {}) {
    super(text || code);
    this.name = 'Refusal';
    this.code = code;
    this.text = text;
    this.status = status;
    this.problem = problem;
  }
}

/**
 * @template [Answer=any]
 * @param {string} base where the app is; '' for the host that the surface adds
 * @param {string} path begins with a slash
 * @param {{
 *   token?: string | (() => Promise<string | null | undefined>),
 *   method?: 'GET' | 'POST',
 *   query?: Record<string, string | number | undefined | null>,
 *   body?: unknown,
 *   signal?: AbortSignal,
 *   time?: number,
 * }} [options] `token`: the surface's own session token, asked for anew each time; a body makes it a POST
 * @returns {Promise<Answer>}
 * @throws {Refusal} where the app said no or nothing; the signal's own reason where the caller gave up
 */
export async function ask(base, path, {token, method, query, body, signal, time = MOST_TIME} = {}) {
  if (signal && signal.aborted) throw signal.reason;
  const stop = new AbortController();
  const leave = () => stop.abort();
  const late = setTimeout(leave, time);
  if (signal) signal.addEventListener('abort', leave);
  // A surface that gives no token keeps us waiting as well as a dead network.
  const stopped = new Promise((_, reject) => stop.signal.addEventListener('abort', () => reject(stop.signal.reason)));
  const answer = async () => answered(base + path + asked(query), {
    method: method || (body === undefined ? 'GET' : 'POST'),
    headers: await headers(token, body),
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: stop.signal,
  });
  try {
    return await /** @type {Promise<any>} */ (Promise.race([answer(), stopped]));
  } catch (error) {
    if (signal && signal.aborted) throw signal.reason;
    if (error instanceof Refusal) throw error;
    throw new Refusal(stop.signal.aborted ? 'timeout' : 'offline');
  } finally {
    clearTimeout(late);
    if (signal) signal.removeEventListener('abort', leave);
  }
}

/** @param {Record<string, string | number | undefined | null>} [query] */
function asked(query = {}) {
  const given = Object.keys(query).filter((name) => query[name] !== undefined && query[name] !== null);
  const pairs = given.map((name) => `${name}=${encodeURIComponent(String(query[name]))}`);
  return pairs.length ? `?${pairs.join('&')}` : '';
}

/**
 * @param {string | (() => Promise<string | null | undefined>) | undefined} token
 * @param {unknown} body
 */
async function headers(token, body) {
  const said = typeof token === 'function' ? await token() : token;
  if (token && !said) throw new Refusal('no_token');
  /** @type {Record<string, string>} */
  const all = {Accept: 'application/json'};
  if (said) all.Authorization = `Bearer ${said}`;
  if (body !== undefined) all['Content-Type'] = 'application/json';
  return all;
}

/**
 * @param {string} url
 * @param {RequestInit} options
 */
async function answered(url, options) {
  const response = await fetch(url, options);
  /** @type {any} */
  const said = await response.json().catch(() => null);
  if (response.ok && said !== null) return said;
  const known = said !== null && typeof said === 'object' ? said : {};
  throw new Refusal(known.code || 'unavailable', known.detail || known.title || '', response.status, known);
}
