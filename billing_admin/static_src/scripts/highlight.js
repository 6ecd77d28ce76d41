/*
 * A figure that a swap changed is marked for a moment: [data-figure="name"], its name once on a page. So is one of a new
 * name where there were figures before.
 */
(() => {
  "use strict";

  const figures = new Map(); // name → text before the last swap
  const drawnBefore = new Set(); // ids of what held figures before it was swapped

  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    for (const element of target.querySelectorAll("[data-figure]")) {
      figures.set(element.dataset.figure, element.textContent);
      if (target.id) drawnBefore.add(target.id);
    }
  });

  document.addEventListener("htmx:load", ({ detail: { elt: root } }) => {
    const news = [...drawnBefore].some((id) => root.closest(`#${CSS.escape(id)}`));
    for (const element of [root, ...root.querySelectorAll("[data-figure]")]) {
      const name = element.dataset?.figure;
      if (!name) continue;
      const before = figures.get(name);
      figures.set(name, element.textContent);
      if (before === element.textContent || (before === undefined && !news)) continue;
      element.classList.add("figure-changed");
      setTimeout(() => element.classList.remove("figure-changed"), 2500);
    }
  });

  document.getElementById("dialog")?.addEventListener("close", () => drawnBefore.delete("dialog-body"));
})();
