// @ts-check
/**
 * Links and forms of the panel. A plain form post or link carries no ID token inside the admin's frame,
 * so both go by fetch with a fresh one, and the page that comes back takes the place of this one.
 */

import { authorization, bridge, say, WORDS } from "./bridge.js";
import "./buttons.js";
import "./preview.js";
import { barred, keep, listen, mayLeave, settle, unsavedForm, wait } from "./saving.js";
import { first as firstMistake, goTo, list as listMistakes } from "./mistakes.js";

const PAGE = "page";
const LOOK_AGAIN_MS = 2000;

/** The address without what must not stay in it: the ID token and Shopify's signature. */
function forgetToken() {
  const url = new URL(location.href);
  const secret = ["id_token", "hmac", "session", "timestamp", "done"].filter((name) => url.searchParams.has(name));
  secret.forEach((name) => url.searchParams.delete(name));
  if (secret.length) history.replaceState(history.state, "", url);
}

/** @param {string} html @param {string} address @param {boolean} push @param {boolean} [answered] after a form */
function swap(html, address, push, answered = false) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const page = fresh.getElementById(PAGE);
  const old = document.getElementById(PAGE);
  if (!page || !old) return location.assign(address);
  document.title = fresh.title;
  old.replaceWith(document.adoptNode(page));
  if (push) history.pushState({}, "", address);
  else history.replaceState({}, "", address);
  forgetToken();
  scrollTo(0, 0);
  arrived(page, answered);
}

/** @param {Element | null | undefined} field */
const chosen = (field) => /** @type {any} */ (field)?.value ?? field?.getAttribute("value") ?? "";

/** Hides what belongs to other choices (`data-when` names the field, `data-is` its values), but never a mistake;
 * and says the unit that a choice gives (`data-units`). */
function followChoices() {
  for (const part of document.querySelectorAll("[data-when]")) {
    if (!(part instanceof HTMLElement)) continue;
    const value = chosen(part.closest("form")?.querySelector(`[name="${part.dataset.when}"]`));
    part.hidden = !(part.dataset.is ?? "").split(" ").includes(value) && !part.querySelector("[error]");
    const unit = JSON.parse(part.dataset.units ?? "{}")[value];
    if (unit !== undefined) part.querySelectorAll("s-number-field").forEach((field) => field.setAttribute("suffix", unit));
  }
}

/** @param {HTMLElement} page @param {boolean} [answered] whether it answers a form */
function arrived(page, answered = false) {
  followChoices();
  listMistakes(page);
  if (page.dataset.toast) say(page.dataset.toast);
  const report = page.querySelector("[data-report-extensions]");
  if (report instanceof HTMLElement) reportExtensions(report.dataset.reportExtensions ?? "").catch(() => {});
  const waiting = page.querySelector("[data-refresh]");
  if (waiting instanceof HTMLElement) setTimeout(() => waiting.isConnected && lookAgain(), LOOK_AGAIN_MS);
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-module]")))
    import(part.dataset.module ?? "").then((module) => module.begin(part, { authorization, say, load })).catch(() => {});
  const typed = page.querySelector("form[data-unsaved]");
  if (typed instanceof HTMLFormElement) keep(typed);
  const wrong = firstMistake(page);
  if (wrong && answered) return goTo(wrong);
  const here = wrong ?? page.querySelector("[data-here]");
  if (!(here instanceof HTMLElement)) return;
  if (here.tagName !== "SUMMARY") here.closest("details")?.setAttribute("open", "");
  here.scrollIntoView({ block: "center" });
  if (here.dataset.here === "focus") here.focus({ preventScroll: true });
}

/** Tells what Shopify says of our extensions, which only the admin knows; the page is shown anew where that is news.
 * @param {string} address */
async function reportExtensions(address) {
  const told = await bridge()?.app?.extensions?.();
  if (!Array.isArray(told)) return;
  const mine = latest;
  const body = new URLSearchParams({ told: JSON.stringify(told) });
  const answer = await fetch(address, { method: "POST", body, headers: await authorization() });
  if (answer.status === 200 && mine === latest) load(location.href, {}, false);
}

/** The same page as it is now, without a word where that fails: the next look may not. */
async function lookAgain() {
  if (sending || unsavedForm()) return void setTimeout(lookAgain, LOOK_AGAIN_MS);
  const mine = latest;
  const answer = await fetch(location.href, { headers: await authorization() }).catch(() => null);
  if (mine !== latest || !document.querySelector("[data-refresh]")) return;
  const at = scrollY;
  if (answer?.ok) swap(await answer.text(), location.href, false);
  else setTimeout(lookAgain, LOOK_AGAIN_MS);
  scrollTo(0, at);
}

let latest = 0;
/** Whether a form is on its way: until it is answered, the page takes nothing else. */
let sending = false;
/** @type {HTMLElement | null} the button that was pressed last */
let pressed = null;

/** @param {boolean} on @param {HTMLElement | null} sender */
function busy(on, sender) {
  const page = document.getElementById(PAGE);
  if (on) page?.setAttribute("aria-busy", "true");
  else page?.removeAttribute("aria-busy");
  bridge()?.loading?.(on);
  if (!sender) return;
  sending = on;
  page?.toggleAttribute("inert", on);
  if (sender.localName === "s-button") sender.toggleAttribute("loading", on);
  wait(on);
}

/** @param {string} address @param {RequestInit} [options] @param {boolean} [push] */
async function load(address, options = {}, push = true) {
  const mine = ++latest;
  busy(true, null);
  try {
    const answer = await fetch(address, { ...options, headers: await authorization() });
    const html = await answer.text();
    if (mine !== latest) return;
    if (!answer.headers.get("Content-Type")?.startsWith("text/html")) return say(troubleOf(answer.status), true);
    settle();
    swap(html, answer.url, push);
  } catch {
    if (mine === latest) say(WORDS.offline, true);
  } finally {
    if (mine === latest) busy(false, null);
  }
}

/** @param {number} status */
const troubleOf = (status) => (status === 401 ? WORDS.session : WORDS.failed);

/** The address of a form, marked by what it holds: the same sent again, when its answer was lost, is carried out once;
 * with something else in it, it is another form. @param {string} address @param {FormData} body */
async function once(address, body) {
  const url = new URL(address, location.href);
  const mark = url.searchParams.get("once");
  if (!mark || !crypto.subtle) return address;
  const held = [...body].map(([name, value]) => [name, typeof value === "string" ? value : [value.name, value.size, value.lastModified]]);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(held))));
  url.searchParams.set("once", `${mark}-${[...hash.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`);
  return url.href;
}

/** Send a form. What it holds stays on the page until it is known to be saved.
 * @param {HTMLFormElement} form @param {string} address @param {FormData} body @param {HTMLElement} sender */
async function send(form, address, body, sender) {
  if (sending) return;
  const mine = ++latest;
  const focused = document.activeElement;
  busy(true, sender);
  /** @type {[string, string] | null} */
  let trouble = null;
  try {
    const answer = await fetch(await once(address, body), { method: "POST", body, headers: await authorization() });
    const html = await answer.text();
    if (mine === latest) trouble = taken(answer, html);
  } catch {
    trouble = [WORDS.offline, ""];
  }
  busy(false, sender);
  if (mine === latest && trouble) stay(form, trouble, focused);
}

/** Show the answer to a form, or say why there is none to show.
 * @param {Response} answer @param {string} html @returns {[string, string] | null} */
function taken(answer, html) {
  if (!answer.headers.get("Content-Type")?.startsWith("text/html")) return [troubleOf(answer.status), ""];
  const shown = new DOMParser().parseFromString(html, "text/html").querySelector("s-page");
  if (!answer.ok && !shown?.querySelector("form[method=post]"))
    return [shown?.getAttribute("heading") ?? troubleOf(answer.status), shown?.querySelector("s-paragraph")?.textContent?.trim() ?? ""];
  const before = unsavedForm();
  settle();
  swap(html, answer.redirected ? answer.url : location.href, answer.redirected, true);
  if (before && !answer.redirected) keepAgain(before.action);
  return null;
}

/** The form that came back as it was typed is as unsaved as it was. @param {string} action */
function keepAgain(action) {
  const path = new URL(action, location.href).pathname;
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-saves]")))
    if (new URL(form.action, location.href).pathname === path) keep(form);
}

/** Nothing was saved, and everything that was typed is still there; the page says so at its top.
 * @param {HTMLFormElement} form @param {[string, string]} trouble @param {Element | null} focused */
function stay(form, [heading, details], focused) {
  document.querySelectorAll("[data-trouble]").forEach((old) => old.remove());
  const banner = document.createElement("s-banner");
  banner.setAttribute("tone", "critical");
  banner.setAttribute("heading", heading);
  banner.dataset.trouble = "";
  for (const words of [details, unsavedForm() ? WORDS.kept : ""].filter(Boolean)) {
    const paragraph = document.createElement("s-paragraph");
    paragraph.textContent = words;
    banner.append(paragraph);
  }
  document.querySelector(`#${PAGE} s-page`)?.prepend(banner);
  banner.scrollIntoView({ block: "center" });
  say(heading, true);
  if (barred(form)) keep(form);
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
}

/** @param {Event} event @returns {string} where a click leads within the panel, or "" */
function destination(event) {
  for (const node of event.composedPath()) {
    if (!(node instanceof HTMLElement) || !node.hasAttribute("href")) continue;
    const target = node.getAttribute("target");
    const url = new URL(node.getAttribute("href") ?? "", location.href);
    const inside = url.origin === location.origin && url.pathname.startsWith("/app");
    return inside && (!target || target === "_self" || target === "auto") && !node.hasAttribute("download") ? url.href : "";
  }
  return "";
}

/** @param {HTMLFormElement} form @param {string} address */
function ask(form, address) {
  const url = new URL(address);
  for (const [name, value] of new FormData(form)) url.searchParams.set(name, String(value));
  return load(url.href);
}

addEventListener("click", async (event) => {
  if (!(event instanceof MouseEvent) || event.defaultPrevented || event.button) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const address = destination(event);
  if (!address) return;
  event.preventDefault();
  if (await mayLeave()) load(address);
}, true); // first, so that App Bridge leaves the click alone

// Which button was pressed: those of Polaris send their form without saying so.
addEventListener("click", (event) => {
  const found = event.composedPath().find((node) => node instanceof HTMLElement && node.matches("[type=submit]"));
  pressed = found instanceof HTMLElement ? found : null;
}, true);

/** What a form sends by this button, which may add a field of its own (`data-sends="name=value"`).
 * @param {HTMLFormElement} form @param {HTMLButtonElement | null} submitter @param {HTMLElement | null} sender */
function held(form, submitter, sender) {
  const body = new FormData(form, submitter);
  const [name, value] = sender?.dataset.sends?.split("=") ?? [];
  if (name) body.set(name, value ?? "");
  return body;
}

addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  event.preventDefault();
  if (sending) return;
  const submitter = event.submitter instanceof HTMLButtonElement && event.submitter.form === form ? event.submitter : null;
  const sender = pressed?.closest("form") === form ? pressed : null;
  pressed = null;
  const address = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  if (unsavedForm() && unsavedForm() !== form && !(await mayLeave())) return;
  if (form.method === "get") ask(form, address);
  else send(form, address, held(form, submitter, sender), sender ?? form);
});

addEventListener("popstate", () => load(location.href, {}, false));
listen(() => load(location.href, {}, false));

// App Bridge tells that a link of the navigation was chosen.
document.addEventListener("shopify:navigate", (event) => {
  const href = event.target instanceof HTMLElement ? event.target.getAttribute("href") : null;
  if (!href) return;
  event.preventDefault();
  load(new URL(href, location.href).href);
});

for (const kind of ["input", "change"]) addEventListener(kind, followChoices);

forgetToken();
document.body.dataset.whole = "";
const first = document.getElementById(PAGE);
if (first) arrived(first);
