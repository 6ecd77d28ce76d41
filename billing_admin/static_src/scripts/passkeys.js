/*
 * Passkeys: what a browser is to do stands in the page or is asked for, and what it answers is sent with the form.
 *
 * Markup that this file answers to, on a button of a form:
 *   [data-passkey=name]     the field that the answer goes into        [data-passkey-make]  makes one, else uses one
 *   [data-options]          what to do, as JSON; or [data-options-url] where that is asked for
 *   [data-passkey-instead=name]  a field that is not sent then         [data-passkey-said]  where what went wrong is said
 */
(() => {
  "use strict";

  const UNREACHED = "The server did not answer. Try again in a moment.";
  const WORDS = {
    InvalidStateError: "This device has a passkey for this account already.",
    NotAllowedError: "No passkey was used.",
    SecurityError: "The browser allows no passkey at this address.",
  };

  async function optionsOf(button) {
    if (button.dataset.options) return JSON.parse(button.dataset.options);
    let answer;
    try {
      const response = await fetch(button.dataset.optionsUrl, { headers: { Accept: "application/json" } });
      answer = await response.json();
    } catch {
      throw new Error(UNREACHED);
    }
    if (!answer.request_options) throw new Error(answer.said || UNREACHED);
    return answer.request_options;
  }

  async function ask(button) {
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) throw new Error("This browser knows no passkeys, or is too old for them.");
    const { publicKey } = await optionsOf(button);
    if (button.dataset.passkeyMake === undefined) {
      return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
    }
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
  }

  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-passkey]");
    if (!button) return;
    const form = button.form;
    const said = form.querySelector("[data-passkey-said]");
    const instead = form.elements.namedItem(button.dataset.passkeyInstead || "");
    said.hidden = true;
    button.disabled = true;
    try {
      form.elements.namedItem(button.dataset.passkey).value = JSON.stringify((await ask(button)).toJSON());
      if (instead) instead.disabled = true;
      form.requestSubmit();
    } catch (error) {
      said.textContent = WORDS[error.name] || error.message;
      said.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
})();
