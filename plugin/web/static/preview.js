// @ts-check
/** A preview beside a form, shown anew while somebody types. */
import { authorization } from "./bridge.js";

const PREVIEW_PAUSE_MS = 300;

/** @type {WeakMap<HTMLIFrameElement, number>} which answer a frame waits for: an older one that comes late is not shown */
const latest = new WeakMap();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let previewing;

/** The frame of a form's preview, and others that are filled from the same form (`data-preview-from`), each by itself. */
async function showPreview() {
  const form = document.querySelector("form[data-preview]");
  if (!(form instanceof HTMLFormElement)) return;
  const body = new FormData(form);
  for (const choice of /** @type {NodeListOf<any>} */ (document.querySelectorAll("[data-preview-choice]")))
    body.set(choice.dataset.previewChoice, choice.value ?? "");
  const frames = /** @type {NodeListOf<HTMLIFrameElement>} */ (document.querySelectorAll("#preview, [data-preview-from]"));
  await Promise.all([...frames].map((frame) => fill(frame, frame.dataset.previewFrom ?? form.dataset.preview ?? "", body)));
}

/** @param {HTMLIFrameElement} frame @param {string} address @param {FormData} body */
async function fill(frame, address, body) {
  const mine = (latest.get(frame) ?? 0) + 1;
  latest.set(frame, mine);
  const answer = await fetch(address, { method: "POST", body, headers: await authorization() });
  const html = answer.ok ? await answer.text() : "";
  if (answer.ok && latest.get(frame) === mine) frame.srcdoc = html;
}

for (const kind of ["input", "change"]) {
  addEventListener(kind, (event) => {
    const near = event.target instanceof Element && event.target.closest("form[data-preview], [data-preview-choice]");
    if (!near) return;
    clearTimeout(previewing);
    previewing = setTimeout(() => showPreview().catch(() => {}), PREVIEW_PAUSE_MS);
  });
}
