// @ts-check
/**
 * Products and collections by name and picture: Shopify's own picker where App Bridge has it, else a search of ours.
 * What is chosen goes into the form's field, as numbers, one a line; so the form is the same with and without this.
 */

const PAUSE_MS = 250;

/**
 * @typedef {{ number: number, title: string, picture: string, line?: string }} Good
 * @typedef {{ authorization: () => Promise<Record<string, string>>, say: (text: string, isError?: boolean) => void }} Panel
 */

/** @returns {any} */
const bridge = () => /** @type {any} */ (window).shopify;

/** @param {HTMLElement} part @param {Panel} panel */
export function begin(part, panel) {
  const field = /** @type {any} */ (part.querySelector(`[name="${part.dataset.field}"]`));
  const buttons = /** @type {HTMLElement | null} */ (part.querySelector("[data-buttons]"));
  if (!field || !buttons) return;
  buttons.hidden = false;
  if (part.dataset.kind === "tag" || part.dataset.kind === "vendor") wording(part, field, panel);
  else if (part.dataset.kind === "member") people(part, field, panel);
  else choosing(part, field, panel);
}

/** Says to the form that a field has changed, as typing does. @param {any} field @param {string} value */
function write(field, value) {
  field.value = value;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true, composed: true }));
}

/** @param {string} tag @param {Record<string, string>} [attributes] @param {string} [text] */
function make(tag, attributes = {}, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

/** @param {HTMLElement} part @param {any} field @param {Panel} panel */
function choosing(part, field, panel) {
  const words = JSON.parse(part.dataset.words ?? "{}");
  const list = /** @type {HTMLElement} */ (part.querySelector("[data-list]"));
  const only = "one" in part.dataset;
  const kind = part.dataset.kind ?? "";

  /** @returns {Good[]} */
  const shown = () =>
    [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("li"))].map((row) => ({
      number: Number(row.dataset.number),
      title: row.querySelector("[data-title]")?.textContent?.trim() ?? "",
      picture: row.querySelector("img")?.getAttribute("src") ?? "",
    }));

  /** @param {Good[]} goods */
  function show(goods) {
    list.replaceChildren(...goods.map((one) => row(one, () => keep(shown().filter((each) => each.number !== one.number)))));
  }

  /** @param {Good[]} goods */
  function keep(goods) {
    show(goods);
    write(field, goods.map((one) => one.number).join("\n"));
  }

  /** @param {Good} one @param {() => void} remove */
  function row(one, remove) {
    const made = make("li", { "data-number": String(one.number) });
    made.append(picture(one), make("span", { "data-title": "" }, one.title));
    const away = make("button", { type: "button", class: "away", "aria-label": words.remove.replace("{title}", one.title) }, "×");
    away.addEventListener("click", () => {
      remove();
      /** @type {any} */ (part.querySelector("[data-choose]"))?.focus?.();
    });
    made.append(away);
    return made;
  }

  show(shown());
  part.querySelector("[data-choose]")?.addEventListener("click", async () => {
    const before = shown();
    const found = bridge()?.resourcePicker ? await byShopify(kind, only, before) : await bySearch(part, words, only, before, panel);
    if (found) keep(found);
  });
}

/** @param {Good} one */
function picture(one) {
  if (!one.picture) return make("span", { class: "no-picture", "aria-hidden": "true" });
  return make("img", { src: one.picture, alt: "", width: "32", height: "32", loading: "lazy" });
}

/**
 * Shopify's resource picker; what was chosen before is ticked in it. Nothing where it was closed.
 * @param {string} kind @param {boolean} only @param {Good[]} before @returns {Promise<Good[] | undefined>}
 */
async function byShopify(kind, only, before) {
  const noun = kind[0].toUpperCase() + kind.slice(1);
  const chosen = await bridge().resourcePicker({
    type: kind,
    action: "select",
    multiple: !only,
    filter: kind === "product" ? { variants: false } : undefined,
    selectionIds: before.map((one) => ({ id: `gid://shopify/${noun}/${one.number}` })),
  });
  if (!Array.isArray(chosen)) return undefined;
  return chosen.map((one) => ({
    number: Number(String(one.id).split("/").pop()),
    title: String(one.title ?? ""),
    picture: String(one.images?.[0]?.originalSrc ?? one.image?.originalSrc ?? ""),
  }));
}

/**
 * A search of our own, in a dialog.
 * @param {HTMLElement} part @param {Record<string, string>} words @param {boolean} only @param {Good[]} before
 * @param {Panel} panel @returns {Promise<Good[] | undefined>}
 */
function bySearch(part, words, only, before, panel) {
  const dialog = /** @type {HTMLDialogElement} */ (make("dialog", { class: "choosing", "aria-label": words.choose }));
  const asked = /** @type {HTMLInputElement} */ (make("input", { type: "search", placeholder: words.search, "aria-label": words.search }));
  const results = make("ul", { class: "goods", "aria-live": "polite" });
  const done = make("button", { type: "button", class: "done" }, words.done);
  const close = make("button", { type: "button" }, words.close);
  const foot = make("div", { class: "foot" });
  foot.append(close, ...(only ? [] : [done]));
  dialog.append(asked, results, foot);
  document.body.append(dialog);
  const chosen = new Map(before.map((one) => [one.number, one]));
  let waiting = 0;
  let latest = 0;

  /** @param {Good} one @param {(goods: Good[]) => void} end */
  function choice(one, end) {
    const made = make("li");
    const label = make("label");
    const tick = /** @type {HTMLInputElement} */ (make("input", { type: only ? "radio" : "checkbox", name: "chosen" }));
    tick.checked = chosen.has(one.number);
    tick.addEventListener("change", () => {
      if (only) return end([one]);
      if (tick.checked) chosen.set(one.number, one);
      else chosen.delete(one.number);
    });
    label.append(tick, picture(one), make("span", {}, one.title));
    made.append(label);
    return made;
  }

  return new Promise((resolve) => {
    /** @param {Good[] | undefined} goods */
    const end = (goods) => {
      resolve(goods);
      dialog.close();
    };

    async function look() {
      const mine = ++latest;
      const url = new URL(part.dataset.address ?? "", location.href);
      url.searchParams.set("q", asked.value);
      const answer = await fetch(url, { headers: await panel.authorization() }).catch(() => null);
      const told = answer?.ok ? await answer.json() : null;
      if (mine !== latest) return;
      const rows = (told?.goods ?? []).map((/** @type {Good} */ one) => choice(one, end));
      results.replaceChildren(...(rows.length ? rows : [make("li", {}, told ? words.none : words.failed)]));
    }

    asked.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => look(), PAUSE_MS);
    });
    done.addEventListener("click", () => end([...chosen.values()]));
    close.addEventListener("click", () => end(undefined));
    dialog.addEventListener("close", () => {
      resolve(undefined);
      dialog.remove();
    });
    dialog.showModal();
    look();
  });
}

/** Members who are found are added to what is typed: Shopify has no picker of customers.
 * @param {HTMLElement} part @param {any} field @param {Panel} panel */
function people(part, field, panel) {
  const words = JSON.parse(part.dataset.words ?? "{}");
  part.querySelector("[data-choose]")?.addEventListener("click", async () => {
    const found = await bySearch(part, words, false, [], panel);
    const lines = String(field.value ?? "").split(/[\n,]/).map((line) => line.trim()).filter(Boolean);
    const more = (found ?? []).map((one) => one.line ?? "").filter((line) => line && !lines.includes(line));
    if (more.length) write(field, [...lines, ...more].join("\n"));
  });
}

/** @param {HTMLElement} part @param {any} field @param {Panel} panel */
function wording(part, field, panel) {
  const asked = /** @type {HTMLInputElement} */ (part.querySelector("[data-suggest]"));
  const listed = part.querySelector("datalist");
  let fetched = false;
  const add = () => {
    const word = asked.value.trim();
    const lines = String(field.value ?? "").split("\n").map((/** @type {string} */ line) => line.trim()).filter(Boolean);
    if (word && !lines.some((/** @type {string} */ line) => line.toLowerCase() === word.toLowerCase())) write(field, [...lines, word].join("\n"));
    asked.value = "";
    asked.focus();
  };
  asked.addEventListener("focus", async () => {
    if (fetched) return;
    fetched = true;
    const answer = await fetch(part.dataset.address ?? "", { headers: await panel.authorization() }).catch(() => null);
    const told = answer?.ok ? await answer.json() : { words: [] };
    listed?.replaceChildren(...told.words.map((/** @type {string} */ word) => make("option", { value: word })));
  });
  asked.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  });
  part.querySelector("[data-add]")?.addEventListener("click", add);
}
