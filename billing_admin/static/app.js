/*
 * What the pages do beyond plain links and forms. Everything here adds to HTML that works without it.
 *
 * Markup that this file answers to:
 *   a[data-dialog]            its URL is loaded into the dialog; a form inside the dialog is sent by htmx
 *   [data-dialog-close]       closes the dialog at once (Cancel)     [data-dialog-dismiss]  asks first if something was typed
 *   [data-figure="name"]      is marked for a moment when a swap changed its text
 *   .row-link                 the whole table row follows this link
 *   form[data-autosubmit]     is sent when one of its selects or dates changes
 *   [data-search]             is focused by “/”             [data-print]  prints the page
 * Events a server names in HX-Trigger: dialogClose · toast {"text", "level"} · any other, for panels that listen for it.
 */
"use strict";

(() => {
  const dialog = document.getElementById("dialog");
  const body = document.getElementById("dialog-body");
  const toasts = document.getElementById("toasts");
  const TARGET = "#dialog-body";
  const FIELDS = "input:not([type=hidden], [type=submit]), select, textarea";

  // ---- Toasts ----

  function arrangeToast(toast) {
    const level = toast.dataset.toast;
    if (level === "danger" || level === "attention") return; // stays until it was read and dismissed
    let timer;
    const start = () => { timer = setTimeout(() => toast.remove(), 6000); };
    const stop = () => clearTimeout(timer);
    toast.addEventListener("mouseenter", stop);
    toast.addEventListener("mouseleave", start);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("focusout", start);
    start();
  }

  function showToast(text, level = "good") {
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    toast.dataset.toast = level;
    toast.classList.add(`toast-${level}`);
    toast.querySelector("p").textContent = text;
    toasts.append(toast);
    arrangeToast(toast);
  }

  // ---- Theme: kept in a cookie, so that the server draws the right one at once ----

  function chooseTheme(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    document.cookie = `theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax`;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    }
  }

  // ---- Dialog ----

  let opener = null;
  let refused = false; // the server sent the form back: what was typed now stands in the fields' defaults

  function openDialog() {
    if (dialog.open) return;
    dialog.showModal();
    dialog.append(toasts); // only what is inside a modal dialog can be seen above it and be reached
  }

  function closeDialog() {
    if (!dialog.open) return;
    document.querySelector("main").before(toasts);
    dialog.close(); // its content goes with the close event, after htmx has announced all that the answer names
  }

  function somethingTyped() {
    if (refused) return true;
    return [...body.querySelectorAll("form:not([method=get]) :is(input, select, textarea), :is(input, select, textarea)[form]")].some((field) => {
      if (field.type === "hidden") return false;
      if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
      if (field.tagName === "SELECT") {
        const preset = [...field.options].some((option) => option.defaultSelected);
        return preset ? [...field.options].some((option) => option.selected !== option.defaultSelected) : field.selectedIndex > 0;
      }
      return field.value !== field.defaultValue;
    });
  }

  function guard(shown) {
    const strip = dialog.querySelector(".dialog-guard");
    strip.hidden = !shown;
    if (shown) strip.querySelector("[data-guard-keep]").focus();
  }

  function dismissDialog() {
    const strip = dialog.querySelector(".dialog-guard");
    if (!strip.hidden) { guard(false); focusFirst(); return; } // a second Esc goes back to the form
    if (somethingTyped()) guard(true);
    else closeDialog();
  }

  function focusFirst() {
    const first = body.querySelector("[data-error-summary]")
      || body.querySelector("[aria-invalid=true]")
      || body.querySelector("[autofocus]")
      || [...body.querySelectorAll(FIELDS)].find((field) => !field.disabled && !field.readOnly)
      || body.querySelector("#dialog-title");
    first?.focus();
  }

  if (dialog) {
    let pressedOutside = false;
    dialog.addEventListener("pointerdown", (event) => { pressedOutside = event.target === dialog; });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog && pressedOutside) dismissDialog();
    });
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); dismissDialog(); });
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault(); // the browser would close it on a second Esc whatever we say to the first
      dismissDialog();
    });
    dialog.addEventListener("close", () => {
      body.replaceChildren();
      drawnBefore.delete(body.id);
      guard(false);
      refused = false;
      returnFocus();
    });
  }

  // The panel that held the link may have been drawn anew meanwhile: then its successor with the same address is it.
  function returnFocus() {
    if (!opener) return;
    const successor = opener.isConnected ? opener
      : [...document.querySelectorAll("a[data-dialog]")].find((link) => link.href === opener.href);
    successor?.focus();
  }

  // What goes wrong is told by the listeners for htmx:sendError and htmx:responseError.
  function ask(method, url, context) {
    return htmx.ajax(method, url, { ...context, target: TARGET, swap: "innerHTML" }).catch(() => {});
  }

  function load(link) {
    if (link.ariaBusy === "true") return;
    if (!dialog.contains(link)) opener = link;
    link.ariaBusy = "true";
    ask("GET", link.href, { source: link }).finally(() => { link.ariaBusy = null; });
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;

    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
    if (target.closest("[data-toast-close]")) return target.closest(".toast").remove();
    if (target.closest("[data-theme-choice]")) return chooseTheme(target.closest("[data-theme-choice]").dataset.themeChoice);
    if (target.closest("[data-print]")) return window.print();
    if (target.closest("[data-guard-discard]")) return closeDialog();
    if (target.closest("[data-guard-keep]")) { guard(false); return focusFirst(); }
    if (target.closest("[data-dialog-dismiss]")) return dismissDialog();

    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (event.defaultPrevented) return;
    if (plain && dialog?.open && target.closest("[data-dialog-close]")) {
      event.preventDefault();
      return closeDialog();
    }
    const link = target.closest("a[data-dialog]");
    if (link && plain && dialog && window.htmx) {
      event.preventDefault();
      return load(link);
    }
    const anchor = target.closest("a[href^='#']");
    const field = anchor && document.getElementById(anchor.getAttribute("href").slice(1));
    if (field?.matches(FIELDS)) { // from the error summary to its field
      event.preventDefault();
      return field.focus();
    }
    const row = target.closest("tr");
    const rowLink = row?.querySelector(".row-link");
    if (rowLink && !target.closest("a, button, input, select, textarea, label, summary") && !String(getSelection())) {
      rowLink.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey, shiftKey: event.shiftKey }));
    }
  });

  // ---- Forms: sent once ----

  function buttonsOf(form) {
    return [...form.elements].filter((element) => element.type === "submit");
  }

  function setBusy(form, busy) {
    form.toggleAttribute("data-sending", busy);
    for (const button of buttonsOf(form)) {
      button.disabled = busy;
      button.ariaBusy = busy && button === form.lastSubmitter ? "true" : null;
    }
    if (!busy && document.activeElement === document.body) form.lastSubmitter?.focus(); // disabling it took the focus
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-sending")) return event.preventDefault();
    if (event.defaultPrevented || form.method === "dialog") return;
    form.lastSubmitter = event.submitter;
    const byHtmx = ["hx-get", "hx-post", "hx-boost"].some((name) => form.hasAttribute(name));
    if (byHtmx) return; // htmx:beforeRequest sees to it
    if (!body?.contains(form) || !window.htmx) {
      // After this event, or a disabled button would not be part of what is sent.
      if (form.method === "post") setTimeout(() => { if (!event.defaultPrevented) setBusy(form, true); });
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    const method = button?.getAttribute("formmethod") || form.getAttribute("method") || "get";
    const action = button?.hasAttribute("formaction") ? button.formAction : form.getAttribute("action") || location.href;
    const values = button?.name ? { [button.name]: button.value } : {};
    ask(method.toUpperCase(), action, { source: form, values });
  });

  // Coming back with the back button must not find a form that can no longer be sent.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sending]")) setBusy(form, false);
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form && event.target.matches("select, [type=date], [type=checkbox], [type=radio]")) form.requestSubmit();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    }
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const fold = document.querySelector(".bar-fold");
    if (fold?.checkVisibility()) fold.open = true;
    const search = [...document.querySelectorAll("[data-search]")].find((field) => field.checkVisibility());
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // ---- htmx ----

  const figures = new Map(); // name → text before the last swap
  const drawnBefore = new Set(); // ids of what held figures before it was swapped: a new name in there is news

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.tagName === "FORM") setBusy(event.detail.elt, true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.tagName === "FORM") setBusy(event.detail.elt, false);
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (xhr.status >= 400 && xhr.status !== 422) return;
    // A whole page in answer to a request for a part: the session has ended, or a link led out of the dialog.
    if (/^\s*<!doctype/i.test(xhr.responseText)) {
      event.detail.shouldSwap = false;
      if (xhr.responseText.includes('data-page="sign-in"')) location.reload();
      else location.assign(xhr.responseURL);
      return;
    }
    for (const element of target.querySelectorAll("[data-figure]")) {
      figures.set(element.dataset.figure, element.textContent);
      if (target.id) drawnBefore.add(target.id);
    }
    if (target === body) refused = xhr.status === 422;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== body) return;
    openDialog();
    guard(false);
    body.querySelector(".popup-body")?.scrollTo(0, 0);
  });

  // Last of all: htmx focuses what has autofocus when it settles, an error goes before that. Without a delay (base.html),
  // or it would take the focus back from somebody who is already typing.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === body && dialog.open) focusFirst();
  });

  document.addEventListener("htmx:load", (event) => markChanged(event.detail.elt));

  function markChanged(root) {
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
  }

  document.addEventListener("dialogClose", closeDialog);
  document.addEventListener("toast", (event) => showToast(event.detail.text, event.detail.level));
  document.addEventListener("htmx:afterSettle", () => {
    if (document.activeElement === document.body && !dialog?.open) returnFocus();
  });

  document.addEventListener("htmx:sendError", () => {
    showToast("The server did not answer. Check the connection and try again.", "danger");
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { status, responseText } = event.detail.xhr;
    const said = new DOMParser().parseFromString(responseText, "text/html").querySelector("[data-error-text]");
    const otherwise = status === 403 ? "Your account lacks the right that this needs."
      : status === 404 ? "This no longer exists. Reload the page to see what is there now."
      : "Something went wrong on the server. Nothing was saved.";
    showToast(said?.textContent.trim() || otherwise, "danger");
  });

  // ---- Tables that scroll inside themselves can be reached by keyboard while they do ----

  const widths = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });

  function watchWidths(root) {
    for (const wrap of root.querySelectorAll(".table-wrap")) widths.observe(wrap);
  }

  document.addEventListener("htmx:load", (event) => watchWidths(event.detail.elt));
  watchWidths(document);

  for (const toast of document.querySelectorAll(".toast")) arrangeToast(toast);
})();
