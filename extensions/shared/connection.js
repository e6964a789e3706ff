/** The app, with the key that each act needs: that of the newest answer. The same key twice is one act. */

/**
 * @typedef {(path: string, options?: {body?: unknown, query?: Record<string, any>, signal?: AbortSignal}) => Promise<any>} Ask
 * @typedef {{ask: Ask, act: (path: string, body?: object, options?: {signal?: AbortSignal}) => Promise<any>, key: () => string}} Connection
 */

/**
 * @param {Ask} askApp
 * @returns {Connection} `act` sends the newest key, unless the body has one: an act that is repeated keeps its own
 */
export function connect(askApp) {
  /** A browser may answer a question from its own store, with the key of an act that is done. @type {Set<string>} */
  const spent = new Set();
  let key = '';
  /** @type {Ask} */
  const ask = async (path, options) => {
    const answer = await askApp(path, options);
    if (answer.key && !spent.has(answer.key)) key = answer.key;
    return answer;
  };
  return {
    ask,
    act: (path, body = {}, options = {}) => {
      const whole = {key, ...body};
      spent.add(whole.key);
      return ask(path, {...options, body: whole});
    },
    key: () => key,
  };
}
