// What is shown of a picture leaves the screen: after its seconds, when somebody looks elsewhere, or with Escape.
"use strict";
(() => {
  function putAway(glimpse) {
    if (!glimpse.isConnected) return;
    const away = glimpse.nextElementSibling?.matches("[data-away]") ? glimpse.nextElementSibling : null;
    const hadFocus = glimpse.contains(document.activeElement);
    glimpse.remove();
    if (!away) return;
    away.hidden = false;
    if (hadFocus) away.querySelector("button")?.focus();
  }

  function putAllAway() {
    const shown = document.querySelectorAll("[data-glimpse]");
    for (const glimpse of shown) putAway(glimpse);
    return shown.length > 0;
  }

  function watch() {
    for (const glimpse of document.querySelectorAll("[data-glimpse]:not([data-watched])")) {
      glimpse.dataset.watched = "";
      setTimeout(() => putAway(glimpse), Number(glimpse.dataset.glimpse) * 1000);
      if (document.hidden || !document.hasFocus()) putAway(glimpse);
    }
  }

  // A wish without a reason asks for the reason first, so that the next digit chooses it.
  function askWhy(event) {
    const wish = event.target.closest?.("[data-look]");
    const reasons = document.querySelectorAll("#previews input[name=reason]");
    if (!wish || !reasons.length || [...reasons].some((reason) => reason.checked)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    for (const other of document.querySelectorAll("[data-wished]")) delete other.dataset.wished;
    wish.dataset.wished = "";
    reasons[0].focus();
  }

  window.addEventListener("blur", putAllAway);
  window.addEventListener("pagehide", putAllAway);
  window.addEventListener("beforeprint", putAllAway);
  document.addEventListener("visibilitychange", () => document.hidden && putAllAway());
  document.addEventListener("click", askWhy, true);
  document.addEventListener("htmx:afterSwap", watch);
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape" && putAllAway()) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true,
  );
  watch();
})();
