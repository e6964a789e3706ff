/**
 * An element. Texts go in as text nodes: what a server sends is data, never markup.
 *
 * @param {string} tag
 * @param {Record<string, any> | null} [given] attributes; `on…` are listeners, nothing and false are left out
 * @param {...any} inside nodes and texts, in lists or not; nothing and false are left out
 * @returns {HTMLElement}
 */
export function make(tag, given, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...inside.flat(3).filter(Boolean));
  return node;
}

/**
 * A link that leads to a web page and nowhere else.
 *
 * @param {string | null | undefined} address
 * @returns {string | null}
 */
export function webAddress(address) {
  try {
    const url = new URL(String(address), location.href);
    return /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * A text with its places filled in: `{points}`.
 *
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
