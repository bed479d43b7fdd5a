// Whoever walks away leaves nothing on the screen: warned first, and one press goes on.
(() => {
  const template = document.getElementById("idle");
  if (!template) return;
  const idle = template.dataset.idle * 1000;
  const warnAt = idle - template.dataset.warning * 1000;
  let last = Date.now();
  let asked = last;
  let before;
  let gone = 0;
  // Another window of this browser has the same session: busy there is busy here.
  const windows = window.BroadcastChannel && new BroadcastChannel("idle");
  const warning = () => document.querySelector("[data-idle-warning]");
  const warn = () => {
    before = document.activeElement;
    // The template may have come anew, in another language.
    const { content } = document.getElementById("idle") || template;
    document.querySelector("main").prepend(content.cloneNode(true));
    // Seen wherever the page was scrolled to, and one key away.
    warning().querySelector("button").focus();
  };
  const stay = () => {
    last = Date.now();
    if (warning()) {
      warning().remove();
      before?.focus({ preventScroll: true });
    }
  };
  const active = () => {
    stay();
    windows?.postMessage("busy");
    // The server counts from the last page: whoever reads for long is still here.
    if (last - asked < idle / 4) return;
    asked = last;
    fetch(location.href, { redirect: "manual" }).catch(() => {});
  };
  for (const kind of ["pointerdown", "click", "keydown", "input", "wheel", "touchmove"]) {
    document.addEventListener(kind, active, { capture: true, passive: true });
  }
  windows?.addEventListener("message", stay);
  windows?.postMessage("busy");
  document.addEventListener("htmx:afterSettle", () => {
    last = asked = Date.now();
    warning()?.remove();
  });
  setInterval(() => {
    const rest = Date.now() - last;
    if (rest >= idle) {
      // Asked again only after a while: each time begins the way there anew.
      if (Date.now() - gone < 20_000) return;
      gone = Date.now();
      document.documentElement.hidden = true;
      location.replace(template.dataset.href);
    } else if (rest >= warnAt && !warning()) {
      warn();
    }
  }, 1000);
})();
