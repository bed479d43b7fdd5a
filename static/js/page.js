// Leaving fast, and what a screen reader and a lost connection need after a swap.
(() => {
  const root = document.documentElement;
  const leave = (href) => {
    root.hidden = true;
    document.title = "…";
    location.replace(href);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-exit]");
    if (!link) return;
    event.preventDefault();
    leave(link.href);
  });
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    const exit = document.querySelector("a[data-exit]");
    presses = event.key === "Shift"
      ? [...presses, event.timeStamp].filter((at) => event.timeStamp - at < 5000)
      : [];
    if (exit && presses.length > 2) leave(exit.href);
  });

  const focus = (place) => {
    if (!place) return;
    place.tabIndex = -1;
    place.focus({ preventScroll: place.matches("h1") });
  };
  document.addEventListener("htmx:afterSettle", () => {
    const main = document.getElementById("main");
    const status = document.getElementById("status");
    if (!main) return;
    if (status) status.textContent = main.dataset.status || "";
    focus(main.querySelector(".error-summary") || main.querySelector("h1"));
  });
  focus(document.querySelector(".error-summary"));
  const unsaved = (event) => {
    const template = document.getElementById("not-saved");
    const main = document.getElementById("main");
    if (!template || !main) return;
    main.querySelector("[data-not-saved]")?.remove();
    const form = event.target.closest("form");
    const place = form?.querySelector(".actions") || main.querySelector("main > *");
    place.before(template.content.cloneNode(true));
    focus(main.querySelector("[data-not-saved]"));
  };
  for (const name of ["responseError", "sendError", "timeout"]) {
    document.addEventListener(`htmx:${name}`, unsaved);
  }
})();
