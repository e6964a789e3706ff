// A button to copy with beside every code and link that asks for one, and the device's own way to share where it has
// one. Without scripts, a tap selects the whole of what can be copied, and each channel is a link.
(() => {
  for (const code of document.querySelectorAll(".suki [data-copy]")) {
    if (navigator.clipboard) code.after(" ", copying(code));
  }
  for (const button of document.querySelectorAll(".suki [data-share]")) {
    if (navigator.share) sharing(button);
  }

  function copying(code) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `suki-button suki-copy${code.hasAttribute("data-main") ? " suki-main" : ""}`;
    button.textContent = code.dataset.copy;
    if (code.dataset.copyName) button.setAttribute("aria-label", code.dataset.copyName);
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    said.className = "suki-soft";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent.trim());
      button.after(" ", said);
      said.textContent = code.dataset.copied;
      setTimeout(() => { said.textContent = ""; }, 3000);
    });
    return button;
  }

  function sharing(button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      // Whoever closes the sheet has changed their mind: nothing to say about it.
      navigator.share({ text: button.dataset.words, url: button.dataset.share }).catch(() => {});
    });
  }
})();
