/*
 * A form can be sent however long it stood open. Where the session has ended meanwhile, its page asks to sign in again,
 * in place, and sends what was typed. Where somebody else is signed in by now, that person gets a page of their own.
 * What could not be sent is said beside the button.
 *
 * Markup that this file answers to:
 *   meta[name=person]     the person signed in, data-name the username    [data-sign-in-place]  where the form goes
 *   form[data-sign-in]    the form of the sign-in page                    form[data-sign-out]   is sent as it is
 * Events: sessionEnded {element} asks to sign in and do again what the element does · unsent {element, text}.
 */
(() => {
  "use strict";

  const person = document.querySelector("meta[name=person]");
  const dialog = document.getElementById("sign-in-again");
  if (!person || !dialog) return;
  const UNREACHED = "The server did not answer. Nothing was sent; try again in a moment.";
  const again = new WeakMap(); // element → when it was last done again
  let asking = false;
  let passed = null;

  // Who is signed in ({person, token}), or the form that nobody has signed in by.
  async function ask(address, body) {
    const answer = await fetch(address, { method: body ? "POST" : "GET", body });
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) return { who: await answer.json() };
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = page.querySelector("[data-sign-in]");
    if (!form) throw new Error(`${address} was answered with neither.`);
    return { form };
  }

  function show(form) {
    form.classList.remove("panel", "alone-panel");
    form.querySelector("h1")?.remove();
    dialog.querySelector("[data-sign-in-place]").replaceChildren(form);
    const name = form.elements.username; // the second step has none
    if (name) name.value ||= person.dataset.name;
    (name ? (name.value ? form.elements.password : name) : form.elements.code).focus();
  }

  // Resolves with who signed in, or with nothing once the dialog is closed.
  function signIn(form) {
    return new Promise((resolve) => {
      const end = new AbortController();
      const close = (who) => { end.abort(); dialog.close(); resolve(who); };
      dialog.addEventListener("close", () => close(), { signal: end.signal });
      dialog.addEventListener("submit", async (event) => {
        event.preventDefault();
        const sent = event.target;
        if (event.submitter) event.submitter.disabled = true;
        try {
          const { who, form: refused } = await ask(sent.action, new FormData(sent));
          if (who) close(who);
          else show(refused);
        } catch {
          if (event.submitter) event.submitter.disabled = false;
          say(sent, UNREACHED);
        }
      }, { signal: end.signal });
      dialog.showModal();
      show(document.adoptNode(form));
    });
  }

  // Whether the person whose page this is is signed in: then its forms have the token that counts now.
  async function goOn() {
    let { who, form } = await ask("/signed-in/");
    who ||= await signIn(form);
    if (!who) return false;
    if (String(who.person) !== person.content) {
      location.assign("/");
      return false;
    }
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = who.token;
    return true;
  }

  function say(form, text) {
    form.querySelector("[data-unsent]")?.remove();
    const said = Object.assign(document.createElement("p"), { className: "field-error", textContent: text });
    said.setAttribute("role", "alert");
    said.dataset.unsent = "";
    const button = form.querySelector(".form-actions") || form.lastSubmitter || form.querySelector("[type=submit]");
    button?.before(said);
  }

  async function whenSignedIn(form, act) {
    if (asking) return;
    asking = true;
    try {
      if (await goOn()) act();
    } catch {
      say(form, UNREACHED);
    } finally {
      asking = false;
    }
  }

  // Forms that the browser sends itself. Those that htmx sends are seen to by what is answered.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    form.querySelector("[data-unsent]")?.remove();
    if (event.defaultPrevented || form.getAttribute("method") !== "post" || form.matches("[data-sign-in], [data-sign-out]")) return;
    if (passed === form) {
      passed = null;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    whenSignedIn(form, () => {
      passed = form;
      form.requestSubmit(submitter);
    });
  });

  document.addEventListener("sessionEnded", ({ detail: { element } }) => {
    if (Date.now() - again.get(element) < 5000) return;
    whenSignedIn(element, () => {
      again.set(element, Date.now());
      if (element.tagName === "FORM") element.requestSubmit(element.lastSubmitter);
      else if (element.matches("a, button")) element.click();
    });
  });

  document.addEventListener("unsent", ({ detail: { element, text } }) => say(element, text));
})();
