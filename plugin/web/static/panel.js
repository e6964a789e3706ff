// @ts-check
/**
 * Links and forms of the panel. A plain form post or link carries no ID token inside the admin's frame,
 * so both go by fetch with a fresh one, and the page that comes back takes the place of this one.
 */

const PAGE = "page";
const PREVIEW_PAUSE_MS = 300;
const LOOK_AGAIN_MS = 2000;

/** @returns {any} App Bridge's global, which is absent when its script could not be loaded. */
const bridge = () => /** @type {any} */ (window).shopify;

/** @returns {Promise<Record<string, string>>} */
async function authorization() {
  const token = await bridge()?.idToken?.();
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** @param {string} text @param {boolean} [isError] */
function say(text, isError = false) {
  bridge()?.toast?.show?.(text, { isError });
}

/** The address without what must not stay in it: the ID token and Shopify's signature. */
function forgetToken() {
  const url = new URL(location.href);
  const secret = ["id_token", "hmac", "session", "timestamp", "done"].filter((name) => url.searchParams.has(name));
  secret.forEach((name) => url.searchParams.delete(name));
  if (secret.length) history.replaceState(history.state, "", url);
}

/** @param {string} html @param {string} address @param {boolean} push */
function swap(html, address, push) {
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
  arrived(page);
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

/** @param {HTMLElement} page */
function arrived(page) {
  followChoices();
  if (page.dataset.toast) say(page.dataset.toast);
  const report = page.querySelector("[data-report-extensions]");
  if (report instanceof HTMLElement) reportExtensions(report.dataset.reportExtensions ?? "").catch(() => {});
  const waiting = page.querySelector("[data-refresh]");
  if (waiting instanceof HTMLElement) setTimeout(() => waiting.isConnected && lookAgain(), LOOK_AGAIN_MS);
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-module]")))
    import(part.dataset.module ?? "").then((module) => module.begin(part, { authorization, say, load })).catch(() => {});
  const wrong = page.querySelector("[error], [aria-invalid=true]");
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
  const mine = latest;
  const answer = await fetch(location.href, { headers: await authorization() }).catch(() => null);
  if (mine !== latest || !document.querySelector("[data-refresh]")) return;
  const at = scrollY;
  if (answer?.ok) swap(await answer.text(), location.href, false);
  else setTimeout(lookAgain, LOOK_AGAIN_MS);
  scrollTo(0, at);
}

let latest = 0;

/** @param {string} address @param {RequestInit} [options] @param {boolean} [push] */
async function load(address, options = {}, push = true) {
  const mine = ++latest;
  const page = document.getElementById(PAGE);
  page?.setAttribute("aria-busy", "true");
  bridge()?.loading?.(true);
  try {
    const answer = await fetch(address, { ...options, headers: await authorization() });
    const html = await answer.text();
    if (mine !== latest) return;
    if (!answer.headers.get("Content-Type")?.startsWith("text/html")) throw new Error(String(answer.status));
    swap(html, answer.redirected || !options.method ? answer.url : location.href, push && !(options.method && !answer.redirected));
  } catch {
    if (mine === latest) say("That did not reach us. Check the connection and try again.", true);
  } finally {
    if (mine === latest) {
      document.getElementById(PAGE)?.removeAttribute("aria-busy");
      bridge()?.loading?.(false);
    }
  }
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

/** @returns {Promise<boolean>} whether unsaved changes may be left */
async function mayLeave() {
  try {
    await bridge()?.saveBar?.leaveConfirmation?.();
    return true;
  } catch {
    return false;
  }
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

addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  event.preventDefault();
  const pressed = event.submitter instanceof HTMLButtonElement && event.submitter.form === form ? event.submitter : null;
  const address = pressed?.hasAttribute("formaction") ? pressed.formAction : form.action;
  if (form.method === "get") ask(form, address);
  else load(address, { method: "POST", body: new FormData(form, pressed) });
});

addEventListener("popstate", () => load(location.href, {}, false));

// App Bridge tells that a link of the navigation was chosen.
document.addEventListener("shopify:navigate", (event) => {
  const href = event.target instanceof HTMLElement ? event.target.getAttribute("href") : null;
  if (!href) return;
  event.preventDefault();
  load(new URL(href, location.href).href);
});

addEventListener("click", async (event) => {
  const button = event.composedPath().find((node) => node instanceof HTMLElement && node.dataset.copy);
  if (!(button instanceof HTMLElement)) return;
  const field = /** @type {any} */ (document.getElementById(button.dataset.copy ?? ""));
  try {
    await navigator.clipboard.writeText(field?.value ?? "");
    say("Copied");
  } catch {
    field?.focus?.();
    field?.select?.();
    say("Press Ctrl+C or ⌘C to copy what is selected", true);
  }
});

addEventListener("click", async (event) => {
  const button = event.composedPath().find((node) => node instanceof HTMLElement && node.dataset.download);
  if (!(button instanceof HTMLElement)) return;
  try {
    const answer = await fetch(button.dataset.download ?? "", { headers: await authorization() });
    if (!answer.ok) throw new Error(String(answer.status));
    const file = document.createElement("a");
    file.href = URL.createObjectURL(await answer.blob());
    file.download = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "export.csv";
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 60_000);
  } catch {
    say("The file could not be fetched. Try again.", true);
  }
});

addEventListener("click", async (event) => {
  const button = event.composedPath().find((node) => node instanceof HTMLElement && node.dataset.requestScopes);
  if (!(button instanceof HTMLElement)) return;
  try {
    const answer = await bridge().scopes.request((button.dataset.requestScopes ?? "").split(","));
    say(answer.result === "granted-all" ? "Allowed. It takes a moment to be known here." : "It was not allowed.");
  } catch {
    say("Shopify could not be asked. Try again.", true);
  }
});

/** @type {ReturnType<typeof setTimeout> | undefined} */
let previewing;

async function showPreview() {
  const form = document.querySelector("form[data-preview]");
  const frame = document.getElementById("preview");
  if (!(form instanceof HTMLFormElement) || !(frame instanceof HTMLIFrameElement)) return;
  const body = new FormData(form);
  for (const choice of /** @type {NodeListOf<any>} */ (document.querySelectorAll("[data-preview-choice]")))
    body.set(choice.dataset.previewChoice, choice.value ?? "");
  const answer = await fetch(form.dataset.preview ?? "", { method: "POST", body, headers: await authorization() });
  if (answer.ok) frame.srcdoc = await answer.text();
}

for (const kind of ["input", "change"]) {
  addEventListener(kind, (event) => {
    followChoices();
    const near = event.target instanceof Element && event.target.closest("form[data-preview], [data-preview-choice]");
    if (!near) return;
    clearTimeout(previewing);
    previewing = setTimeout(() => showPreview().catch(() => {}), PREVIEW_PAUSE_MS);
  });
}

forgetToken();
const first = document.getElementById(PAGE);
if (first) arrived(first);
