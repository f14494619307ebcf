// Puts a variable into the text of a template where the cursor stands.
document.addEventListener("click", (event) => {
  const insert = event.target.closest("[data-insert]");
  if (!insert) return;
  const content = document.getElementById("text");
  content.focus();
  content.setRangeText(insert.dataset.insert, content.selectionStart, content.selectionEnd, "end");
  content.dispatchEvent(new Event("input", { bubbles: true }));
});
