/*
 * The theme that somebody chose (button[data-theme-choice]), kept in a cookie, so that the server draws the right one at
 * once.
 */
(() => {
  "use strict";

  document.addEventListener("click", ({ target }) => {
    const chosen = target.closest("[data-theme-choice]")?.dataset.themeChoice;
    if (chosen === undefined) return;
    if (chosen) document.documentElement.dataset.theme = chosen;
    else delete document.documentElement.dataset.theme;
    document.cookie = `theme=${chosen}; path=/; max-age=${chosen ? 31536000 : 0}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    }
  });
})();
