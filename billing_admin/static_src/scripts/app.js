/*
 * What the pages do beyond plain links and forms. Everything here adds to HTML that works without it.
 *
 * Markup that this file answers to:
 *   a[data-dialog]            its URL is loaded into the dialog; button[data-dialog] that of its form
 *   [data-dialog-close]       closes the dialog at once (Cancel)     [data-dialog-dismiss]  asks first if something was typed
 *   .row-link                 the whole table row follows this link
 *   form[data-download]       is answered with a file to save: the page stays
 *   form[data-autosubmit]     is sent when one of its fields was changed
 * Events a server names in HX-Trigger: dialogClose · toast {"text", "level"} · any other, for panels that listen for it.
 */
(() => {
  "use strict";

  const dialog = document.getElementById("dialog");
  const body = document.getElementById("dialog-body");
  const strip = dialog?.querySelector(".dialog-guard");
  const toasts = document.getElementById("toasts");
  const FIELDS = "input:not([type=hidden], [type=submit]), select, textarea";
  const on = (name, listener, capture = false) => document.addEventListener(name, listener, capture);

  // ---- Toasts: they stay until the next one, the next page or a click. What went wrong stays until the click ----

  function showToast(text, level = "good") {
    for (const shown of toasts.querySelectorAll(".toast:not([data-toast=danger])")) shown.remove();
    const there = [...toasts.querySelectorAll(`[data-toast=${level}] p`)].some((shown) => shown.textContent === text);
    if (there) return; // a panel that asks again and again fails again and again
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    toast.dataset.toast = level;
    toast.classList.add(`toast-${level}`);
    toast.querySelector("p").textContent = text;
    toasts.append(toast);
  }

  // ---- Dialog ----

  let opener = null;
  let unsaved = false; // something was typed, or the server sent the form back with what was typed

  function closeDialog(event) {
    event?.preventDefault();
    if (!dialog.open) return;
    document.querySelector("main").before(toasts);
    dialog.close(); // its content goes with the close event, after htmx has announced all that the answer names
  }

  function guard(shown) {
    strip.hidden = !shown;
    if (shown) strip.querySelector("[data-guard-keep]").focus();
  }

  function dismissDialog(event) {
    event?.preventDefault();
    if (!strip.hidden) keepEditing(); // a second Esc goes back to the form
    else if (unsaved) guard(true);
    else closeDialog();
  }

  function keepEditing() {
    guard(false);
    focusFirst();
  }

  function focusFirst() {
    const places = ["[data-error-summary]", "[aria-invalid=true]", "[autofocus]", `:is(${FIELDS}):enabled:not([readonly])`, "#dialog-title"];
    places.map((place) => body.querySelector(place)).find(Boolean)?.focus();
  }

  // The panel that held it may have been drawn anew meanwhile: then its successor is it, of the same id or address.
  function successor(lost) {
    const like = (other) => other.href === lost.href && other.formAction === lost.formAction && other.name === lost.name && other.value === lost.value;
    const all = [...document.querySelectorAll(lost.tagName)].filter((other) => other.checkVisibility() && like(other));
    return (lost.id && document.getElementById(lost.id)) || all.find((other) => other.textContent === lost.textContent) || all[0];
  }

  const seen = (element) => element?.isConnected && element.checkVisibility() && element;

  function refocus(lost) {
    const place = successor(lost) || seen(lost.cameFrom) || document.querySelector("main");
    place.returned = true; // nobody went there: nothing opens
    place.focus({ preventScroll: true });
    place.returned = false;
  }

  function returnFocus() {
    if (seen(opener)) opener.focus();
    else if (opener) refocus(opener);
    opener = null;
  }

  if (dialog) {
    let pressedOutside = false;
    dialog.addEventListener("pointerdown", ({ target }) => { pressedOutside = target === dialog; });
    dialog.addEventListener("click", ({ target }) => { if (pressedOutside && target === dialog) dismissDialog(); });
    dialog.addEventListener("cancel", dismissDialog);
    dialog.addEventListener("keydown", (event) => { // a browser closes it on a second Esc whatever we say to the first
      if (event.key === "Escape" && !event.defaultPrevented) dismissDialog(event);
    });
    body.addEventListener("input", ({ target }) => { unsaved ||= target.form?.getAttribute("method") === "post"; });
    dialog.addEventListener("close", () => {
      body.replaceChildren();
      guard(false);
      unsaved = false;
      returnFocus();
    });
  }

  function load(link, event, url = link.href) {
    event.preventDefault();
    if (link.ariaBusy === "true") return;
    if (!dialog.contains(link)) {
      opener = link;
      opener.cameFrom = document.activeElement;
    }
    link.ariaBusy = "true";
    // What goes wrong is told by the listeners for htmx:sendError and htmx:responseError.
    htmx.ajax("GET", url, { source: link, target: body, swap: "innerHTML" })
      .catch(() => {}).finally(() => { link.ariaBusy = null; });
  }

  // ---- Clicks and keys ----

  function closeMenus(event) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (event.type === "click" && menu.contains(event.target)) continue;
      menu.open = false;
      if (event.type === "keydown") menu.querySelector("summary").focus();
    }
  }

  on("click", (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    closeMenus(event);
    if (target.closest("[data-toast-close]")) return target.closest(".toast").remove();
    if (target.closest("[data-guard-discard]")) return closeDialog();
    if (target.closest("[data-guard-keep]")) return keepEditing();
    if (target.closest("[data-dialog-dismiss]")) return dismissDialog();
    if (event.defaultPrevented) return;
    const { ctrlKey, metaKey, shiftKey, altKey } = event;
    const plain = event.button === 0 && !(ctrlKey || metaKey || shiftKey || altKey);
    const link = plain && dialog && window.htmx && target.closest("[data-dialog]");
    const rowLink = target.closest("tr")?.querySelector(".row-link");
    if (plain && dialog?.open && target.closest("[data-dialog-close]")) closeDialog(event);
    else if (link?.form) load(link, event, `${link.formAction}?${new URLSearchParams(new FormData(link.form))}`);
    else if (link) load(link, event);
    else if (rowLink && !target.closest("a, button, input, select, textarea, label, summary") && !String(getSelection())) {
      rowLink.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
    }
  });

  // ---- Forms: sent once ----

  function setBusy(form, busy) {
    form.toggleAttribute("data-sending", busy);
    for (const button of [...form.elements].filter((element) => element.type === "submit")) {
      button.disabled = busy;
      button.ariaBusy = busy && button === form.lastSubmitter ? "true" : null;
    }
    if (!busy && document.activeElement === document.body) form.lastSubmitter?.focus(); // disabling it took the focus
  }

  // Before htmx hears of it. For a form that the browser sends, the buttons are disabled after this event, or the one
  // that was pressed would not be part of what is sent; for one that htmx sends, htmx:beforeRequest sees to it.
  on("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-sending")) {
      event.stopPropagation();
      return event.preventDefault();
    }
    form.lastSubmitter = event.submitter;
    if (form.method === "post" && !form.hasAttribute("data-download")) setTimeout(() => { if (!event.defaultPrevented) setBusy(form, true); });
  }, true);

  // Coming back with the back button must not find a form that can no longer be sent.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sending]")) setBusy(form, false);
  });

  on("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form && event.target.matches("select, [type=date], [type=search], [type=checkbox], [type=radio]")) form.requestSubmit();
  });

  on("keydown", (event) => {
    if (event.key === "Escape") closeMenus(event);
  });

  // ---- htmx ----

  const signInAgain = (element) => document.dispatchEvent(new CustomEvent("sessionEnded", { detail: { element } }));

  // Beside the button of a form that was not taken; else in a toast.
  function tell(element, text) {
    if (element.tagName !== "FORM") return showToast(text, "danger");
    document.dispatchEvent(new CustomEvent("unsent", { detail: { element, text } }));
  }

  for (const [name, busy] of [["htmx:beforeRequest", true], ["htmx:afterRequest", false]]) {
    on(name, ({ detail }) => { if (detail.elt.tagName === "FORM") setBusy(detail.elt, busy); });
  }

  let inside = null; // what had the focus in a part of the page that is drawn anew

  on("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    inside = target !== body && target.contains(document.activeElement) ? document.activeElement : null;
    const formAgain = [409, 422].includes(xhr.status);
    if (xhr.status >= 400 && !formAgain) return;
    // A whole page in answer to a request for a part: the session has ended, or a link led out of the dialog.
    if (/^\s*<!doctype/i.test(xhr.responseText)) {
      event.detail.shouldSwap = false;
      if (xhr.responseText.includes('data-page="sign-in"')) signInAgain(event.detail.requestConfig.elt);
      else location.assign(xhr.responseURL);
    } else if (target === body) unsaved = formAgain;
  });

  on("htmx:afterSwap", ({ detail }) => {
    if (detail.target !== body) return;
    if (!dialog.open) dialog.showModal();
    dialog.prepend(toasts); // only what is inside a modal dialog can be seen above it and be reached
    guard(false);
    body.querySelector(".popup-body")?.scrollTo(0, 0);
  });

  // Last of all: htmx focuses what has autofocus when it settles, an error goes before that. Without a delay (base.html),
  // or it would take the focus back from somebody who is already typing.
  on("htmx:afterSettle", ({ detail }) => {
    if (detail.target === body && dialog.open) focusFirst();
    else if (inside && !inside.isConnected && document.activeElement === document.body && !dialog?.open) refocus(inside);
  });

  on("focusin", ({ target }) => target.matches("[data-select]") && target.select()); // what is there to be copied
  on("dialogClose", () => closeDialog());
  on("toast", ({ detail }) => showToast(detail.text, detail.level));
  on("htmx:sendError", ({ detail: { elt } }) => tell(elt, "The server did not answer. Check the connection and try again."));
  on("htmx:responseError", ({ detail: { elt, xhr } }) => {
    if (xhr.responseText.includes('data-page="old-form"')) return signInAgain(elt);
    const said = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-error-text]");
    const otherwise = {
      403: "Your account lacks the right that this needs.",
      404: "This no longer exists. Reload the page to see what is there now.",
    }[xhr.status] || "Something went wrong on the server. Nothing was saved.";
    tell(elt, said?.textContent.trim() || otherwise);
  });
})();
