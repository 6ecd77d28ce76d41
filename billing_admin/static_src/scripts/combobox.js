/*
 * A field to type into with lines to choose from below it: the box of the bar, the client of a form. htmx asks for the
 * lines, one request at a time and the newest text next; this file is keys and what screen readers are told.
 *
 * Markup that this file answers to:
 *   [role=combobox][aria-controls]     the field; its listbox          input[list]   becomes one, with what its datalist has
 *   select with more than a dozen      gets one in its place, and stays what is sent
 *   [data-choices-for]                 the text that the lines are for
 *   [role=option] with data-value      is written into the field       data-continues  the same, and asks for more
 *   meta[name=client]                  the client of the page, remembered as looked at last (its id, in this browser)
 */
(() => {
  "use strict";

  const isField = (element) => element instanceof Element && element.matches("[role=combobox]");
  const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
  const fieldOf = (list) => list && document.querySelector(`[role=combobox][aria-controls="${CSS.escape(list.id)}"]`);
  const optionsOf = (list) => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];
  const current = (field) => field.getAttribute("aria-expanded") === "true" && document.getElementById(field.getAttribute("aria-activedescendant"));
  const isFresh = (field) => !field.hasAttribute("hx-get") || listOf(field).querySelector("[data-choices-for]")?.dataset.choicesFor === typed(field);
  const typed = (field) => field.value.split(/\s+/).filter(Boolean).join(" ");

  const meant = (option) => option.dataset.value || option.href;

  function mark(field, option) {
    for (const other of listOf(field).querySelectorAll("[aria-selected=true]")) other.ariaSelected = "false";
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.ariaSelected = "true";
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function open(field, isOpen) {
    listOf(field).hidden = !isOpen;
    field.ariaExpanded = String(isOpen);
    if (!isOpen) mark(field, null);
  }

  // New lines: the first is marked once something was typed, so that Enter takes it.
  function arrange(field) {
    const list = listOf(field);
    const options = optionsOf(list);
    options.forEach((option, place) => { option.id = `${list.id}-${place}`; });
    open(field, document.activeElement === field && Boolean(list.textContent.trim()));
    const kept = options.find((option) => meant(option) === field.moved); // by the arrows, while the lines were on their way
    mark(field, !list.hidden && field.value ? kept || options[0] : null);
  }

  function take(field, option) {
    open(field, false);
    if (!option.dataset.value && !option.dataset.continues) {
      field.value = ""; // what the line leads to opens now
      return;
    }
    field.value = option.dataset.value || option.dataset.continues;
    field.taken = option.dataset.value; // no need to ask for it again
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // ---- Keys. Enter before the lines are there waits for the first; a second Enter sends the form ----

  const moves = { ArrowDown: 1, ArrowUp: -1 };

  function move(field, by) {
    if (listOf(field).hidden && field.chosen) return narrow(field);
    if (listOf(field).hidden) return open(field, Boolean(listOf(field).textContent.trim()));
    const options = optionsOf(listOf(field));
    const place = options.indexOf(current(field));
    if (!options.length) return;
    mark(field, options.at((place < 0 && by < 0 ? 0 : place) + by) || options[0]);
    field.moved = meant(current(field));
  }

  document.addEventListener("input", ({ target }) => { if (isField(target)) target.moved = null; }, true);

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!isField(field) || event.isComposing) return;
    const option = current(field);
    if (event.key in moves && !event.altKey) move(field, moves[event.key]);
    else if (event.key === "Enter" && option && isFresh(field)) option.click();
    else if (event.key === "Enter" && !field.awaited && field.value.trim() && !isFresh(field) && field.taken !== field.value) field.awaited = true;
    else if (event.key === "Escape" && field.ariaExpanded === "true") open(field, false);
    else if (event.key === "Escape" && field.hasAttribute("data-search")) field.blur();
    else return;
    event.preventDefault();
    event.stopPropagation(); // Esc closes the lines, not the dialog that the field stands in
  }, true);

  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("[role=listbox]")) event.preventDefault(); // the field keeps the focus
  });

  document.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]:not([aria-disabled])");
    const field = option && fieldOf(option.closest("[role=listbox]"));
    if (!field || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (option.dataset.value || option.dataset.continues) event.preventDefault();
    take(field, option);
  }, true);

  document.addEventListener("focusout", ({ target }) => { if (isField(target)) open(target, false); });

  // ---- Lines from the server ----

  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (!isField(elt)) return;
    const nothing = !elt.value.trim() && !recent().length;
    if (nothing) listOf(elt).replaceChildren();
    if (nothing || elt.returned || (elt.taken && elt.taken === elt.value)) {
      open(elt, false);
      return event.preventDefault();
    }
    delete parameters[elt.name];
    parameters.q = elt.value;
    if (!elt.value.trim()) parameters.recent = recent().join(",");
  });

  document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
    const field = target.matches("[role=listbox]") && fieldOf(target);
    if (!field) return;
    arrange(field);
    if (!field.awaited || !isFresh(field)) return;
    field.awaited = false;
    const options = optionsOf(target);
    const isSearch = field.hasAttribute("data-search");
    if (options.length === 1 || (options.length && isSearch)) options[0].click();
    else if (isSearch) field.form.requestSubmit();
  });

  document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
    if (isField(elt) && !successful) elt.awaited = false;
  });

  // ---- Lines of the page itself: the datalist of a field, or the options of a select ----

  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function narrow(field) {
    const isAsItWas = field.chosen?.() === field.value;
    if (isAsItWas) field.moved = field.value; // of all lines the chosen one is marked
    const words = isAsItWas ? [] : folded(field.value).split(/\s+/).filter(Boolean);
    const begins = (label) => words.every((word) => folded(label).split(/[\s(]+/).some((part) => part.startsWith(word)));
    const lines = field.offered.filter(begins).slice(0, field.chosen ? undefined : 12).map((label) => {
      const line = document.createElement("div");
      Object.assign(line, { className: "choice-line", role: "option", ariaSelected: "false", textContent: label });
      line.dataset.value = label;
      return line;
    });
    listOf(field).replaceChildren(...lines);
    arrange(field);
  }

  function enhance(field) {
    const datalist = field.list;
    field.removeAttribute("list");
    datalist.remove();
    becomeCombobox(field, [...datalist.options].map((option) => option.value));
  }

  function becomeCombobox(field, offered) {
    field.offered = offered;
    const list = document.createElement("div");
    Object.assign(list, { id: `${field.id}_box`, className: "choices", role: "listbox", hidden: true, ariaLabel: "Matches" });
    const box = Object.assign(document.createElement("div"), { className: "combobox" });
    const focused = document.activeElement === field;
    field.replaceWith(box);
    box.append(field, list);
    if (focused) field.focus();
    for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-autocomplete", "list"], ["aria-controls", list.id]]) field.setAttribute(name, value);
    field.addEventListener("input", () => { if (document.activeElement === field) narrow(field); });
  }

  const MANY = 12;

  // The select is hidden and says what is chosen; what is typed and is none of it gives way to that.
  function standIn(select) {
    const field = document.createElement("input");
    field.id = select.id || `${select.name}_typed`;
    field.autocomplete = "off";
    field.className = select.className;
    for (const name of ["aria-label", "aria-describedby", "aria-invalid", "autofocus", "title"]) if (select.hasAttribute(name)) field.setAttribute(name, select.getAttribute(name));
    for (const name of ["id", "aria-invalid", "autofocus"]) select.removeAttribute(name);
    field.chosen = () => select.selectedOptions[0]?.text.trim() ?? "";
    const focused = document.activeElement === select;
    select.hidden = true;
    select.before(field);
    becomeCombobox(field, [...select.options].map((option) => option.text.trim()));
    const show = () => { field.value = field.chosen(); };
    show();
    select.addEventListener("input", show);
    field.addEventListener("focus", () => field.select());
    field.addEventListener("click", () => {
      if (field.value === field.chosen()) field.select(); // what is typed now takes its place
      narrow(field);
    });
    field.addEventListener("change", () => {
      const typedSo = (current(field)?.textContent ?? field.value).trim(); // left with a line marked, that is meant
      const named = (is) => [...select.options].find(({ text }) => is(text.trim()));
      const option = named((text) => text === typedSo) ?? named((text) => folded(text) === folded(typedSo));
      if (option && !option.selected) {
        option.selected = true;
        for (const name of ["input", "change"]) select.dispatchEvent(new Event(name, { bubbles: true }));
      }
      show();
    });
    if (focused) field.focus();
  }

  document.addEventListener("htmx:load", ({ detail: { elt } }) => {
    elt.querySelectorAll("input[list]").forEach(enhance);
    for (const select of elt.querySelectorAll("select:not([multiple], [hidden], :disabled)")) if (select.length > MANY) standIn(select);
  });

  // ---- Clients looked at last: their ids alone, of the person signed in, until that person signs out ----

  const person = document.querySelector("meta[name=person]")?.content;
  const key = `recent ${person}`;
  const recent = () => JSON.parse((person && localStorage.getItem(key)) || "[]");

  for (const other of Object.keys(localStorage)) if (other.startsWith("recent ") && person && other !== key) localStorage.removeItem(other);
  const client = document.querySelector("meta[name=client]")?.content;
  if (person && client) {
    try {
      localStorage.setItem(key, JSON.stringify([client, ...recent().filter((id) => id !== client)].slice(0, 8)));
    } catch { /* full, or not allowed: it is as without */ }
  }
  document.addEventListener("submit", ({ target }) => { if (target.hasAttribute("data-sign-out")) localStorage.removeItem(key); });
})();
