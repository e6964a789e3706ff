const PATIENCE_MS = 8000;

/** The app's answer is no: `text` is for the reader, in their language. */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {string} [text]
   */
  constructor(code, text = '') {
    super(text || code);
    this.code = code;
    this.text = text;
  }
}

/** Asks the app at its address in this shop, and keeps the key that the next act needs. */
export class Asker {
  /**
   * @param {string} base such as /apps/suki
   * @param {string} locale
   */
  constructor(base, locale) {
    this.base = base;
    this.locale = locale;
    this.key = '';
  }

  /**
   * @param {string} path
   * @param {object} [body] makes it a POST
   * @returns {Promise<any>}
   */
  async ask(path, body) {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), PATIENCE_MS);
    const join = path.includes('?') ? '&' : '?';
    try {
      const answer = await fetch(`${this.base}/v1/${path}${join}locale=${encodeURIComponent(this.locale)}`, {
        headers: {Accept: 'application/json', ...(body && {'Content-Type': 'application/json'})},
        ...(body && {method: 'POST', body: JSON.stringify(body)}),
        signal: stop.signal,
      });
      const said = await answer.json();
      if (!answer.ok) throw new Refusal(said.code ?? 'unavailable', said.detail ?? '');
      if (said.key) this.key = said.key;
      return said;
    } catch (problem) {
      throw problem instanceof Refusal ? problem : new Refusal('unavailable');
    } finally {
      clearTimeout(clock);
    }
  }

  /**
   * Does something, by a key that makes it one act however often it is sent. No answer: the same act goes once more by
   * the same key. A page that stood too long has done nothing: it gets a new key.
   *
   * @param {string} path
   * @param {object} [more]
   */
  async act(path, more = {}) {
    if (!this.key) await this.ask('me');
    const send = () => this.ask(path, {...more, key});
    let key = this.key;
    try {
      return await send();
    } catch (problem) {
      const {code} = /** @type {Refusal} */ (problem);
      if (code === 'expired_page') {
        await this.ask('me');
        key = this.key;
      } else if (code !== 'unavailable') throw problem;
      return send();
    }
  }
}
