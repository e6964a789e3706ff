// How tests read and use what the account shows.
import {fireEvent, waitFor} from '@testing-library/preact';

const SAID_BY = ['heading', 'label', 'details', 'error', 'accessibilitylabel'];

/** All that is said to the reader, in its order. */
export const words = () =>
  [...document.body.querySelectorAll('*')].flatMap((element) => [
    ...SAID_BY.map((name) => element.getAttribute(name)),
    ...[...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent),
  ]).filter(Boolean).join(' | ');

/** @param {string} name what it says, or its label @returns {Element | undefined} */
export const control = (name) =>
  [...document.body.querySelectorAll('s-button, s-press-button, s-link')]
    .find((element) => element.textContent === name || element.getAttribute('accessibilitylabel') === name);

/** @param {string} name */
export function press(name) {
  const found = control(name);
  if (!found) throw new Error(`nothing says ${name}: ${words()}`);
  fireEvent.click(found);
}

/** The answer within a question, which stands beside its other controls. @param {string} id of the question */
export function agree(id) {
  const found = document.getElementById(id)?.querySelector('[slot=primary-action]');
  if (!found) throw new Error(`no question ${id}`);
  fireEvent.click(found);
}

/** @param {string} selector @param {string} event @param {Record<string, unknown>} values */
export function put(selector, event, values) {
  const element = /** @type {Element} */ (document.querySelector(selector));
  Object.assign(element, values);
  fireEvent(element, new Event(event));
}

/** Waits until something is said. @param {string} text */
export const said = (text) => waitFor(() => {
  if (!words().includes(text)) throw new Error(`nobody says ${text}: ${words()}`);
});
