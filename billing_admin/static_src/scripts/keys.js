/*
 * Keys for what stands on the page. None does anything while somebody types or a dialog is open; a person can switch off
 * all but Ctrl-K, as for voice input, by a cookie.
 *
 * Markup that this file answers to:
 *   [data-key="c"], [data-key="g c"]   is clicked by this key, or these two        [data-search]  the box: / and Ctrl-K
 *   [data-keys-choice]                 switches them on and off                    .row-link      j, k, x and Enter
 *   form[data-enter-next]              Enter goes to the next field; beyond the last of [data-lines] a line is added
 *   [data-key="Ctrl Enter"]            is pressed from any field of its form; without one, what saves the popup
 */
(() => {
  "use strict";

  const root = document.documentElement;
  const dialog = document.getElementById("dialog");
  const inDialog = () => Boolean(document.querySelector("dialog[open]"));
  // Where somebody types, as long as it is seen: a field of a dialog that was closed keeps the focus for a moment.
  const TYPED = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
  let first = ""; // the first of two keys, for a moment
  let forget = 0;

  function focusSearch() {
    const fold = document.querySelector(".bar-fold");
    if (fold?.checkVisibility()) fold.open = true;
    const search = [...document.querySelectorAll("[data-search]")].find((field) => field.checkVisibility());
    search?.focus();
    search?.select();
  }

  // ---- Rows ----

  const rows = () => [...document.querySelectorAll("main tbody tr:has(.row-link)")];
  const currentRow = () => document.activeElement.closest("main tbody tr:has(.row-link)");

  function moveRow(by) {
    const all = rows();
    const place = all.indexOf(currentRow());
    const next = all[place < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, place + by))];
    next?.querySelector(".row-link").focus();
  }

  const actions = {
    "/": focusSearch,
    "?": showKeys,
    j: () => moveRow(1),
    k: () => moveRow(-1),
    x: () => currentRow()?.querySelector("input[type=checkbox]")?.click(),
  };

  // ---- What there is: made of the page itself ----

  function showKeys() {
    const box = document.getElementById("keys-template")?.content.cloneNode(true);
    if (!box) return;
    const list = box.querySelector("[data-keys-of-page]");
    const line = list.firstElementChild;
    const seen = new Set();
    for (const element of document.querySelectorAll("[data-key]")) {
      if (seen.has(element.dataset.key)) continue;
      seen.add(element.dataset.key);
      const copy = line.cloneNode(true);
      copy.querySelector("dt").replaceChildren(...element.dataset.key.split(" ").map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
      copy.querySelector("dd").textContent = element.textContent.trim();
      list.append(copy);
    }
    line.remove();
    for (const part of box.querySelectorAll("[data-keys-if]")) part.hidden = !document.querySelector(part.dataset.keysIf);
    document.getElementById("dialog-body").replaceChildren(box);
    dialog.showModal();
    document.getElementById("dialog-title").focus();
  }

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k" && !event.altKey && !event.shiftKey && !inDialog()) {
      event.preventDefault();
      return focusSearch();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && !"jk".includes(key)) return;
    if (root.dataset.keys === "off" || inDialog() || target.closest(TYPED)?.checkVisibility() || key.length > 1) return;
    const both = first ? `${first} ${key}` : key;
    const found = document.querySelector(`[data-key="${CSS.escape(both)}"]`);
    clearTimeout(forget);
    first = !first && document.querySelector(`[data-key^="${CSS.escape(key)} "]`) ? key : "";
    if (first) forget = setTimeout(() => { first = ""; }, 1500);
    const act = found ? () => found.click() : both === key && actions[key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // ---- Forms: Enter goes on in one of many fields, Ctrl-Enter finishes ----

  const goesOn = (form) => [...form.elements].filter((field) => field.matches("input:not([type=hidden]), select, textarea") && field.checkVisibility() && !field.disabled);

  // What Ctrl-Enter presses: in a popup the button that saves, never one that deletes.
  const finish = (form) => form?.querySelector('[data-key="Ctrl Enter"]')
    || (dialog?.open ? dialog : document.querySelector("main .popup"))?.querySelector(".form-actions .btn-primary[type=submit]");

  document.addEventListener("keydown", (event) => {
    const form = event.target.form;
    if (event.key !== "Enter" || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      const button = finish(form);
      if (button) event.preventDefault();
      return button?.click();
    }
    if (!form?.hasAttribute("data-enter-next") || !event.target.matches("input, select")) return;
    event.preventDefault();
    const fields = goesOn(form);
    const next = fields[fields.indexOf(event.target) + 1];
    const lines = event.target.closest("[data-lines]");
    if (lines && !lines.contains(next)) lines.querySelector("[name=add_line]")?.click();
    else next?.focus();
    if (next?.matches("input")) next.select();
  });

  // ---- On and off ----

  document.addEventListener("click", ({ target }) => {
    const choice = target instanceof Element && target.closest("[data-keys-choice]");
    if (!choice) return;
    const keys = choice.dataset.keysChoice;
    root.dataset.keys = keys;
    document.cookie = `keys=${keys}; path=/; max-age=${keys ? 31536000 : 0}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    for (const button of document.querySelectorAll("[data-keys-choice]")) button.ariaPressed = String(button.dataset.keysChoice === keys);
  });
})();
