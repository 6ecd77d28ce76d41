/*
 * Rows ticked in a list, and tables that scroll inside themselves.
 *
 * Markup that this file answers to:
 *   [data-tick-all]  ticks every row of a list's page      [data-tick-every]  the same, for all pages      .table-wrap
 */
(() => {
  "use strict";

  const on = (name, listener) => document.addEventListener(name, listener);

  // All of its page, or of every page, in one go.
  on("change", ({ target }) => {
    const boxes = target.form ? [...target.form.elements].filter((box) => box.type === "checkbox") : [];
    const every = boxes.find((box) => box.matches("[data-tick-every]"));
    if (!every) return;
    const all = boxes.find((box) => box.matches("[data-tick-all]"));
    const rows = boxes.filter((box) => box !== every && box !== all);
    if (target === every || target === all) for (const box of boxes) if (box !== every || !target.checked) box.checked = target.checked;
    if (!target.checked) every.checked = false;
    all.checked = rows.every((box) => box.checked);
    all.indeterminate = !all.checked && rows.some((box) => box.checked);
  });

  // They can be reached by keyboard while they scroll.
  const widths = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  // The tab that is shown is seen, however many there are.
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 24;

  on("htmx:load", ({ detail }) => detail.elt.querySelectorAll(".table-wrap").forEach((wrap) => widths.observe(wrap)));
})();
