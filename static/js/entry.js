// Entering a form by keys: a digit chooses the answer with that number and goes on.
(() => {
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  document.querySelector("[data-quick-help]")?.removeAttribute("hidden");
  const letters = { d: "declined", n: "blank" };
  const next = (item) => {
    const items = [...sheet.querySelectorAll(".sheet__item")];
    const following = items[items.indexOf(item) + 1];
    if (!following) return sheet.querySelector("button[type=submit]");
    return following.querySelector("input:checked") || following.querySelector("[type=radio]");
  };
  // Only while a question has the focus, so no key is taken from anything else.
  sheet.addEventListener("keydown", (event) => {
    const item = event.target.closest(".sheet__item");
    if (!item || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const digit = item.hasAttribute("data-quick") && /^[0-9]$/.test(event.key);
    const value = digit ? event.key : letters[event.key.toLowerCase()];
    const radio = value && item.querySelector(`[type=radio][value="${value}"]`);
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    next(item)?.focus();
  });
})();
