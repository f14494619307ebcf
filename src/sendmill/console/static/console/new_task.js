// The form of a new task: dragging the number file, checking its name before the upload, progress and failures of it.
(() => {
  "use strict";

  const fileInput = () => document.getElementById("file");

  function showFile() {
    const input = fileInput();
    const zone = input.closest(".drop-zone");
    const file = input.files[0];
    zone.classList.toggle("has-file", Boolean(file));
    zone.querySelector("[data-file-name]").textContent = file ? file.name : "";
    zone.querySelector("[data-file-size]").textContent = file ? sizeInWords(file.size) : "";
    document.getElementById("file-name").value = file ? file.name : "";
    document.getElementById("file-size").value = file ? file.size : "";
    if (file) htmx.trigger("#file-check", "chosen");
  }

  function sizeInWords(size) {
    if (size < 1024) return `${size} B`;
    if (size < 1048576) return `${Math.round(size / 1024)} kB`;
    return `${(size / 1048576).toFixed(1)} MB`;
  }

  document.addEventListener("change", (event) => {
    if (event.target.id === "file") showFile();
  });
  document.addEventListener("click", (event) => {
    const rename = event.target.closest("[data-clean-name]");
    if (!rename) return;
    document.getElementById("file-name").value = rename.dataset.cleanName;
    document.querySelector("[data-file-name]").textContent = rename.dataset.cleanName;
    htmx.trigger("#file-check", "chosen");
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const zone = event.target.closest?.(".drop-zone");
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("dragged", kind === "dragenter" || kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        fileInput().files = event.dataTransfer.files;
        showFile();
      }
    });
  }
  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = document.getElementById("upload");
    if (!bar || event.target.id !== "task-form" || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.querySelector("progress").value = event.detail.loaded / event.detail.total;
    bar.querySelector("[data-percent]").textContent = `${Math.floor((100 * event.detail.loaded) / event.detail.total)}%`;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const bar = document.getElementById("upload");
    if (bar && event.target.id === "task-form") bar.hidden = true;
  });
  for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(failure, (event) => {
      const notice = document.getElementById("trouble");
      if (notice && !event.target.hasAttribute("data-live")) notice.hidden = false;
    });
  }
  document.addEventListener("htmx:beforeSend", () => {
    const notice = document.getElementById("trouble");
    if (notice) notice.hidden = true;
  });
})();
