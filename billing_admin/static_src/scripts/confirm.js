/*
 * The red button of a form that asks for a number is alive once it is typed: [data-enables] has the number. The server
 * asks for it too.
 */
(() => {
  "use strict";

  function follow(field) {
    const right = field.value.trim().replace(/^#/, "") === field.dataset.enables;
    for (const button of field.form.elements) if (button.matches(".btn-danger")) button.disabled = !right;
  }

  document.addEventListener("input", ({ target }) => { if (target.matches("[data-enables]")) follow(target); });
  document.addEventListener("htmx:load", ({ detail }) => detail.elt.querySelectorAll("[data-enables]").forEach(follow));
})();
