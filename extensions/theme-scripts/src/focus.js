/**
 * What the keyboard can reach within the panel, in its order.
 *
 * @param {HTMLElement} panel
 * @returns {HTMLElement[]}
 */
const within = (panel) =>
  /** @type {HTMLElement[]} */ ([...panel.querySelectorAll('a[href], button:not(:disabled), input, select, textarea')]).filter(
    (one) => !one.closest('[hidden]') && one.checkVisibility?.() !== false,
  );

/**
 * The panel covers the page, so Tab goes round in it; a popover by itself would let it out behind its own backdrop.
 *
 * @param {HTMLElement} panel
 * @param {KeyboardEvent} event
 */
export function goRound(panel, event) {
  if (event.key !== 'Tab' || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = within(panel);
  if (!all.length) return; // it is closed, and the browser has yet to say so
  const at = /** @type {HTMLElement} */ (document.activeElement);
  const place = all.indexOf(at);
  // The heading, which has the focus first, is none of them: it stands before the one that follows it.
  const inside = place >= 0 || (at && at !== panel && panel.contains(at));
  const last = event.shiftKey ? place === 0 || (place < 0 && !before(all, at)) : place === all.length - 1;
  if (inside && !last) return;
  event.preventDefault();
  all[event.shiftKey ? all.length - 1 : 0].focus();
}

/** Whether anything that can be reached stands before an element. @param {HTMLElement[]} all @param {Node} at */
const before = (all, at) => all.some((one) => at.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING);
