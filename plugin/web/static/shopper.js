// A button to copy with beside every code and link that asks for one; without scripts, a tap selects the whole of it.
(() => {
  if (!navigator.clipboard) return;
  for (const code of document.querySelectorAll(".suki [data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "suki-button suki-copy";
    button.textContent = code.dataset.copy;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent.trim());
      button.textContent = code.dataset.copied;
      setTimeout(() => { button.textContent = code.dataset.copy; }, 2000);
    });
    code.after(" ", button);
  }
})();
