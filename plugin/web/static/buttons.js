// @ts-check
/** Buttons that need more than a form or a link: copy, download, ask for permissions. */
import { authorization, bridge, say, WORDS } from "./bridge.js";

addEventListener("click", async (event) => {
  const button = event.composedPath().find((node) => node instanceof HTMLElement && node.dataset.copy);
  if (!(button instanceof HTMLElement)) return;
  const field = /** @type {any} */ (document.getElementById(button.dataset.copy ?? ""));
  try {
    await navigator.clipboard.writeText(field?.value ?? "");
    say(WORDS.copied);
  } catch {
    field?.focus?.();
    field?.select?.();
    say(WORDS.copy, true);
  }
});

// Take what somebody else saved in a field.
addEventListener("click", (event) => {
  const button = event.composedPath().find((node) => node instanceof HTMLElement && node.dataset.take);
  if (!(button instanceof HTMLElement)) return;
  const field = /** @type {any} */ (button.closest("form")?.querySelector(`[name="${CSS.escape(button.dataset.take ?? "")}"]`));
  if (!field) return;
  if (field.localName === "s-checkbox") field.checked = Boolean(button.dataset.value);
  else field.value = button.dataset.value ?? "";
  field.removeAttribute("error");
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
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
    say(WORDS.file, true);
  }
});

addEventListener("click", async (event) => {
  const button = event.composedPath().find((node) => node instanceof HTMLElement && node.dataset.requestScopes);
  if (!(button instanceof HTMLElement)) return;
  try {
    const answer = await bridge().scopes.request((button.dataset.requestScopes ?? "").split(","));
    say(answer.result === "granted-all" ? WORDS.allowed : WORDS.refused);
  } catch {
    say(WORDS.shopify, true);
  }
});
