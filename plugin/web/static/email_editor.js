// @ts-check
/**
 * What makes the email editor comfortable: the live preview, tools for what is selected in a text, blocks that are
 * moved by hand. Whatever is saved goes by the form's own buttons, which work without it.
 *
 * @typedef {{ authorization: () => Promise<Record<string, string>>, say: (text: string, isError?: boolean) => void }} Panel
 * @typedef {[path: string, label: string, sample: string, blank: boolean]} Variable
 * @typedef {HTMLInputElement | HTMLTextAreaElement} Field
 */

const PAUSE_MS = 250;
const DESKTOP_PX = 700;

/** @param {HTMLElement} part the editor @param {Panel} panel */
export function begin(part, panel) {
  const form = part.querySelector("form[data-editor]");
  if (!(form instanceof HTMLFormElement)) return;
  const words = JSON.parse(part.dataset.words ?? "{}");
  const changed = previewing(part, form, panel);
  writing(form, JSON.parse(part.dataset.variables ?? "[]"), words);
  moving(form, words, changed);
  part.addEventListener("click", (event) => {
    const lower = event.target instanceof Element ? event.target.closest("[data-scroll]") : null;
    if (lower instanceof HTMLElement) document.getElementById(lower.dataset.scroll ?? "")?.scrollIntoView();
    const target = event.target instanceof Element ? event.target.closest("[data-to]") : null;
    if (target instanceof HTMLElement && goTo(document.getElementById(target.dataset.to ?? ""))) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
}

/** Opens a block and leads there. @param {HTMLElement | null} block @returns {boolean} whether it is on this page */
function goTo(block) {
  const folded = block?.querySelector("details");
  if (!block || !folded) return false;
  folded.open = true;
  block.scrollIntoView({ block: "center" });
  folded.querySelector("summary")?.focus({ preventScroll: true });
  return true;
}

// --- preview ---------------------------------------------------------------------------------------------------------

/** @param {HTMLElement} part @param {HTMLFormElement} form @param {Panel} panel @returns {() => void} looks anew, soon */
function previewing(part, form, panel) {
  const paper = /** @type {HTMLElement} */ (part.querySelector("[data-paper]"));
  const frame = paper.querySelector("iframe");
  const who = /** @type {HTMLSelectElement} */ (part.querySelector("[data-who]"));
  const wrong = part.querySelector("[data-preview-wrong]");
  const subject = part.querySelector("[data-subject]");
  let look = "light";
  let latest = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;

  async function show() {
    const mine = ++latest;
    const [word, number] = who.value.split(":");
    const [path, query] = (paper.dataset.previewAddress ?? "").split("?");
    const address = `${path}${word === "sample" ? "" : `/${word}/${number}`}?${query ?? ""}`;
    const body = new FormData(form);
    body.set("look", look);
    const answer = await fetch(address, { method: "POST", body, headers: await panel.authorization() });
    const said = await answer.json().catch(() => ({ message: "" }));
    if (mine !== latest || !frame) return;
    const apart = mistaken(form, said.fields ?? {});
    if (wrong) wrong.textContent = answer.ok ? "" : [said.message, ...apart].join(" ");
    paper.classList.toggle("old", !said.html);
    if (!said.html) return;
    frame.srcdoc = said.html;
    if (subject) subject.textContent = said.subject;
    paper.classList.toggle("dark", look === "dark");
  }

  const soon = (/** @type {number} */ pause = PAUSE_MS) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => show().catch(() => {}), pause);
  };
  form.addEventListener("input", () => soon());
  for (const choice of [who, part.querySelector("[data-seen-language]")]) choice?.addEventListener("change", () => soon(0));
  if (frame) fitting(paper, frame);
  pressing(part, "width", (value) => (paper.dataset.width = value));
  pressing(part, "look", (value) => {
    look = value;
    soon(0);
  });
  finding(part, who, panel, () => soon(0));
  return soon;
}

/** Says beside each field what is wrong with it. @param {HTMLFormElement} form @param {Record<string, string>} fields
 * @returns {string[]} what is wrong with fields that are not on this page */
function mistaken(form, fields) {
  for (const old of form.querySelectorAll(".mistake[data-live]")) old.remove();
  for (const one of form.querySelectorAll("[data-live-wrong]")) {
    one.removeAttribute("data-live-wrong");
    one.removeAttribute("aria-invalid");
    one.removeAttribute("aria-describedby");
  }
  const apart = [];
  for (const [name, words] of Object.entries(fields)) {
    const field = [...form.elements].find((one) => one.getAttribute("name") === name);
    if (!field || document.getElementById(`wrong-${name}`)) {
      if (!field) apart.push(words);
      continue;
    }
    const said = document.createElement("span");
    Object.assign(said, { className: "mistake", id: `live-wrong-${name}`, textContent: words });
    said.dataset.live = "";
    field.setAttribute("data-live-wrong", "");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", said.id);
    field.after(said);
  }
  return apart;
}

/** A desktop's width, made as small as there is room. @param {HTMLElement} paper @param {HTMLIFrameElement} frame */
function fitting(paper, frame) {
  const fit = () => {
    const scale = paper.dataset.width === "phone" ? 1 : Math.min(1, paper.clientWidth / DESKTOP_PX);
    frame.style.transform = scale < 1 ? `scale(${scale})` : "";
    frame.style.width = scale < 1 ? `${DESKTOP_PX}px` : "";
    frame.style.height = scale < 1 ? `${paper.clientHeight / scale}px` : "";
  };
  new ResizeObserver(fit).observe(paper);
  new MutationObserver(fit).observe(paper, { attributeFilter: ["data-width"] });
  fit();
}

/** Buttons of which one is pressed. @param {HTMLElement} part @param {string} name @param {(value: string) => void} then */
function pressing(part, name, then) {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (part.querySelectorAll(`button[data-${name}]`));
  for (const button of buttons)
    button.addEventListener("click", () => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
      then(button.dataset[name] ?? "");
    });
}

/** Looks for members and orders. @param {HTMLElement} part @param {HTMLSelectElement} who @param {Panel} panel
 * @param {() => void} chosen */
function finding(part, who, panel, chosen) {
  const search = part.querySelector("form[data-people]");
  const list = part.querySelector("[data-people-list]");
  if (!(search instanceof HTMLFormElement) || !list) return;
  search.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const query = new URLSearchParams(/** @type {any} */ (new FormData(search)));
    const answer = await fetch(`${search.action}?${query}`, { headers: await panel.authorization() }).catch(() => null);
    if (answer?.ok) list.innerHTML = await answer.text();
  });
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-choose]") : null;
    if (!(button instanceof HTMLElement)) return;
    const value = button.dataset.choose ?? "";
    if (![...who.options].some((one) => one.value === value)) who.add(new Option(button.textContent ?? "", value));
    who.value = value;
    chosen();
  });
}

// --- writing ---------------------------------------------------------------------------------------------------------

/** Tools above the text that has the focus. @param {HTMLFormElement} form @param {Variable[]} variables
 * @param {Record<string, string>} words */
function writing(form, variables, words) {
  const tools = document.createElement("div");
  tools.className = "tools";
  /** @type {Field | null} */
  let field = null;
  const picker = document.createElement("select");
  picker.setAttribute("aria-label", words.variable);
  picker.add(new Option(words.variable, ""));
  for (const [path, label, sample] of variables) picker.add(new Option(`${label}: ${sample}`, path));
  picker.addEventListener("change", () => {
    const found = variables.find(([path]) => path === picker.value);
    if (found && field) put(field, found[3] ? `{{ ${found[0]} | default: "" }}` : `{{ ${found[0]} }}`, found[3] ? 4 : 0);
    picker.value = "";
  });
  const marks = [
    button(words.bold, () => field && wrap(field, "**", "**")),
    button(words.italic, () => field && wrap(field, "*", "*")),
    button(words.link, () => field && wrap(field, "[", "](https://)")),
  ];
  tools.append(...marks, picker);
  form.addEventListener("focusin", (event) => {
    const text = event.target instanceof Element ? event.target.closest("[data-text]") : null;
    const there = text?.querySelector("input, textarea");
    if (!text || !(there instanceof HTMLInputElement || there instanceof HTMLTextAreaElement)) return;
    if (tools.contains(/** @type {Node} */ (event.target)) || field === there) return;
    field = there;
    for (const mark of marks) mark.hidden = !("rich" in /** @type {HTMLElement} */ (text).dataset);
    there.after(tools);
  });
}

/** @param {string} words @param {() => void} act */
function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "act";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

/** Puts a text where the cursor is; the cursor stands `back` letters before its end then.
 * @param {Field} field @param {string} text @param {number} [back] */
function put(field, text, back = 0) {
  field.focus();
  field.setRangeText(text, field.selectionStart ?? 0, field.selectionEnd ?? 0, "end");
  const at = (field.selectionStart ?? 0) - back;
  field.setSelectionRange(at, at);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Puts marks around what is selected, which stays selected. @param {Field} field @param {string} before
 * @param {string} after */
function wrap(field, before, after) {
  const from = field.selectionStart ?? 0;
  const inside = field.value.slice(from, field.selectionEnd ?? from);
  field.setRangeText(before + inside + after, from, from + inside.length, "end");
  field.focus();
  const start = from + before.length;
  field.setSelectionRange(start, start + inside.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// --- blocks ----------------------------------------------------------------------------------------------------------

/** Blocks are dragged by their heads; the buttons work all the same. @param {HTMLFormElement} form
 * @param {Record<string, string>} words @param {() => void} changed */
function moving(form, words, changed) {
  const list = form.querySelector(".blocks");
  if (!(list instanceof HTMLElement)) return;
  /** @type {HTMLElement | null} */
  let held = null;
  for (const block of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(".block"))) {
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.textContent = "⠿";
    grip.title = words.dragged;
    grip.setAttribute("aria-hidden", "true");
    grip.draggable = true;
    block.querySelector(".block-head")?.prepend(grip);
    grip.addEventListener("dragstart", (event) => {
      held = block;
      event.dataTransfer?.setDragImage(block, 12, 12);
    });
    grip.addEventListener("dragend", () => (held = null));
  }
  list.addEventListener("dragover", (event) => {
    const over = event.target instanceof Element ? event.target.closest(".block") : null;
    if (!held || !over || over === held) return;
    event.preventDefault();
    const { top, height } = over.getBoundingClientRect();
    if (event.clientY < top + height / 2) over.before(held);
    else over.after(held);
  });
  list.addEventListener("drop", (event) => {
    if (!held) return;
    event.preventDefault();
    for (const [at, block] of [...list.children].entries()) {
      const up = block.querySelector('[value^="up:"]');
      const down = block.querySelector('[value^="down:"]');
      if (up instanceof HTMLButtonElement) up.disabled = at === 0;
      if (down instanceof HTMLButtonElement) down.disabled = at === list.children.length - 1;
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
    changed();
  });
}
