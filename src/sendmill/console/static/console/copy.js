// Copies what is shown once: a secret, a link, recovery codes.
document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (!copy) return;
  const field = document.querySelector(copy.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return; // Without the right to the clipboard the text stays selected, ready for Ctrl+C.
  }
  copy.querySelector("span").textContent = copy.dataset.copied;
});
