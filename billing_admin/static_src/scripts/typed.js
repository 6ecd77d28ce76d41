/*
 * What was typed into a form of a page is there again when somebody goes back to it. Pages are kept in no cache, so the
 * browser asks for them anew and forgets it. It is kept per entry of the tab's history, for the person signed in, and
 * goes when that person signs out or somebody else signs in.
 *
 * Markup that this file answers to:
 *   meta[name=person]     the person signed in        form[data-sign-out]  ends what is kept
 */
(() => {
  "use strict";

  const person = document.querySelector("meta[name=person]")?.content;
  if (!person) return;
  const mine = `typed ${person} `;
  const typedInto = new Set();
  const kept = (field) => field.name && field.name !== "csrfmiddlewaretoken" && !["file", "password", "submit", "button"].includes(field.type);
  const forms = () => [...document.querySelectorAll("main form[method=post]")];
  const fieldsOf = (form) => [...form.elements].filter(kept);
  const ticked = (field) => ["checkbox", "radio"].includes(field.type);

  for (const key of Object.keys(sessionStorage)) if (key.startsWith("typed ") && !key.startsWith(mine)) sessionStorage.removeItem(key);
  if (!history.state?.entry) history.replaceState({ ...history.state, entry: `${Date.now()}${Math.random()}` }, "");
  const place = mine + history.state.entry;

  // With what the server put into hidden fields: the same form sent again counts once, and sees what changed meanwhile.
  function keep() {
    const typed = {};
    forms().forEach((form, number) => {
      if (typedInto.has(form)) typed[number] = fieldsOf(form).map((field) => [field.name, ticked(field) ? field.checked : field.value]);
    });
    if (!Object.keys(typed).length) return;
    try {
      sessionStorage.setItem(place, JSON.stringify(typed));
    } catch { /* full, or not allowed: it is as without this file */ }
  }

  function restore() {
    const typed = JSON.parse(sessionStorage.getItem(place) || "{}");
    forms().forEach((form, number) => {
      if (!typed[number]) return;
      const left = [...typed[number]];
      for (const field of fieldsOf(form)) {
        const at = left.findIndex(([name]) => name === field.name);
        if (at < 0) continue;
        const [[, value]] = left.splice(at, 1);
        if (ticked(field)) field.checked = value;
        else field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
  }

  document.addEventListener("input", ({ target }) => { if (target.form) typedInto.add(target.form); });
  document.addEventListener("submit", ({ target }) => {
    if (!target.hasAttribute("data-sign-out")) return;
    typedInto.clear();
    sessionStorage.clear();
  });
  window.addEventListener("pagehide", keep);
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") restore();
})();
