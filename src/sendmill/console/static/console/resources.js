// What the pages of resources need beyond HTMX: copying what is shown once, putting a variable into the text.
(() => {
  "use strict";

  document.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      const field = document.querySelector(copy.dataset.copy);
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        return; // Without the right to the clipboard the text stays selected, ready for Ctrl+C.
      }
      copy.querySelector("span").textContent = copy.dataset.copied;
      return;
    }
    const insert = event.target.closest("[data-insert]");
    if (!insert) return;
    const content = document.getElementById("text");
    content.focus();
    content.setRangeText(insert.dataset.insert, content.selectionStart, content.selectionEnd, "end");
    content.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
