// What every page needs beyond HTMX: menus, questions before what cannot be undone, live parts, names of countries.
(() => {
  "use strict";
  const root = document.documentElement;

  // Anything with data-… is found at the moment of the event, so parts that HTMX replaces need no set-up.
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest(".rail-toggle");
    if (toggle) {
      const open = toggle.getAttribute("aria-expanded") !== "true";
      toggle.setAttribute("aria-expanded", String(open));
      return;
    }
    if (event.target.closest("[data-theme-switch]")) {
      root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
      localStorage.setItem("theme", root.dataset.bsTheme);
      return;
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    const toggle = document.querySelector('.rail-toggle[aria-expanded="true"]');
    if (toggle) {
      toggle.setAttribute("aria-expanded", "false");
      toggle.focus();
    }
  });

  // A form with data-confirm asks first, in the page's own dialog.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const dialog = document.getElementById("confirm");
    if (!form.dataset.confirm || form.dataset.confirmed || !dialog) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    dialog.querySelector("#confirm-text").textContent = form.dataset.confirm;
    dialog.querySelector("[data-answer=yes]").textContent = form.dataset.confirmYes || "OK";
    dialog.onclick = ({ target }) => {
      const answer = target.dataset.answer;
      if (!answer) return;
      dialog.close();
      if (answer === "yes") {
        form.dataset.confirmed = "1";
        form.requestSubmit(submitter);
        delete form.dataset.confirmed;
      }
    };
    dialog.showModal();
  }, true);

  // A button is pressed once: a second click while the answer is on its way does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("hx-post") || form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    else if (!form.hasAttribute("data-again")) form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // Live parts rest while nobody looks.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.hasAttribute("data-live")) event.preventDefault();
  });

  // Countries by their names, which every browser knows in the page's language.
  const countries = new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "region", fallback: "none" });
  const nameCountries = (part) => {
    for (const place of part.querySelectorAll("[data-region]")) {
      try {
        place.textContent = countries.of(place.dataset.region) || "";
      } catch {
        place.textContent = "";
      }
    }
  };
  nameCountries(document);
  document.addEventListener("htmx:load", (event) => nameCountries(event.detail.elt));
})();
