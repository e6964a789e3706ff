// @ts-check
/** What every script of the panel says and asks by: App Bridge, and the words in the reader's language. */

/** @returns {any} App Bridge's global, which is absent when its script could not be loaded. */
export const bridge = () => /** @type {any} */ (window).shopify;

/** @type {Record<string, string>} what the scripts say, in the reader's language */
export const WORDS = JSON.parse(document.querySelector("meta[name=panel-words]")?.getAttribute("content") ?? "{}");

/** @returns {Promise<Record<string, string>>} */
export async function authorization() {
  const token = await bridge()?.idToken?.();
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** @param {string} text @param {boolean} [isError] */
export function say(text, isError = false) {
  bridge()?.toast?.show?.(text, { isError });
}
