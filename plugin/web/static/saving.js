// @ts-check
/**
 * What is typed and not saved yet, and the admin's bar that says so. The bar is ours to show and to hide (`ui-save-bar`):
 * the one that comes by itself with a form hides with every submit, also when nothing was saved.
 */

import { bridge } from "./bridge.js";

const BAR = "save-bar";

/** @type {HTMLFormElement | null} the form that holds what is not saved */
let unsaved = null;

/** @param {string} name @returns {HTMLElement | null} */
const button = (name) => document.querySelector(`#${BAR} [data-bar="${name}"]`);

/** @returns {HTMLFormElement | null} the form with unsaved changes that is still on the page */
export const unsavedForm = () => (unsaved?.isConnected ? unsaved : null);

/** Something was typed, or what was typed was not taken: the bar is there until it is. @param {HTMLFormElement} form */
export function keep(form) {
  unsaved = form;
  bridge()?.saveBar?.show?.(BAR)?.catch?.(() => {});
}

/** Nothing is left to save. */
export function settle() {
  if (!unsaved) return;
  unsaved = null;
  bridge()?.saveBar?.hide?.(BAR)?.catch?.(() => {});
}

/** @param {boolean} on whether an answer is waited for */
export function wait(on) {
  button("save")?.toggleAttribute("loading", on);
  button("discard")?.toggleAttribute("disabled", on);
}

/** @returns {Promise<boolean>} whether unsaved changes may be left */
export async function mayLeave() {
  if (!unsavedForm()) return true;
  try {
    await bridge()?.saveBar?.leaveConfirmation?.();
    return true;
  } catch {
    return false;
  }
}

/** @param {EventTarget | null} target @returns {HTMLFormElement | null} the form with a bar that something belongs to */
export function barred(target) {
  const form = target instanceof Element ? target.closest("form[data-saves]") : null;
  return form instanceof HTMLFormElement ? form : null;
}

/** @param {() => void} discard */
export function listen(discard) {
  document.documentElement.toggleAttribute("data-bar", Boolean(bridge()?.saveBar && document.getElementById(BAR)));
  for (const kind of ["input", "change"]) {
    addEventListener(kind, (event) => {
      const form = barred(event.target);
      if (form && !(event.target instanceof Element && event.target.closest("[data-unsaved-not]"))) keep(form);
    });
  }
  button("save")?.addEventListener("click", () => unsavedForm()?.requestSubmit());
  button("discard")?.addEventListener("click", discard);
}
