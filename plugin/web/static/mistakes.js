// @ts-check
/** What is wrong with a form: listed at the top as links to the fields, each field in sight when it is asked for. */

const WRONG = "[error], [aria-invalid=true], [data-wrong]";

/** @param {Element} page @param {string} name @returns {HTMLElement | null} the field that people see, by its name */
function fieldOf(page, name) {
  const named = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll(`[name="${CSS.escape(name)}"]`));
  const seen = [...named].find((field) => field.getAttribute("type") !== "hidden");
  return seen ?? page.querySelector(`[data-wrong="${CSS.escape(name)}"]`);
}

/** @param {HTMLElement} field */
const labelOf = (field) =>
  field.getAttribute("label") ?? field.getAttribute("aria-label") ??
  (/** @type {any} */ (field).labels?.[0]?.textContent?.trim() || field.dataset.label || "");

/** In sight, whatever it is folded into, and with the focus. @param {HTMLElement} field */
export function goTo(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null)
    fold.setAttribute("open", "");
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
}

/** @param {HTMLElement} row @param {HTMLElement} field */
function link(row, field) {
  const label = labelOf(field);
  if (!label) return;
  const way = document.createElement("s-link");
  way.textContent = label;
  way.addEventListener("click", () => goTo(field));
  row.prepend(way, ": ");
}

/** Link each mistake that is listed to its field, in the order of the page. @param {Element} page */
export function list(page) {
  for (const mistakes of page.querySelectorAll("[data-mistakes]")) {
    const rows = /** @type {HTMLElement[]} */ ([...mistakes.children]);
    const places = rows.map((row) => ({ row, field: fieldOf(page, row.dataset.field ?? "") }));
    places.sort((one, other) => {
      if (!one.field || !other.field) return Number(!one.field) - Number(!other.field);
      return one.field.compareDocumentPosition(other.field) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
    });
    for (const { row, field } of places) {
      mistakes.append(row);
      if (field) link(row, field);
    }
  }
}

/** @param {Element} page @returns {HTMLElement | null} the first field that is wrong; all of them are unfolded */
export function first(page) {
  const wrong = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll(WRONG));
  for (const field of wrong)
    for (let fold = field.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null)
      fold.setAttribute("open", "");
  return wrong[0] ?? null;
}
