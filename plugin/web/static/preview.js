// @ts-check
/** A preview beside a form, shown anew while somebody types. */
import { authorization } from "./bridge.js";

const PREVIEW_PAUSE_MS = 300;

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
    const near = event.target instanceof Element && event.target.closest("form[data-preview], [data-preview-choice]");
    if (!near) return;
    clearTimeout(previewing);
    previewing = setTimeout(() => showPreview().catch(() => {}), PREVIEW_PAUSE_MS);
  });
}
