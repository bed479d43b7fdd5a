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
  // A page that comes back whole from memory asks the server first.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    const exit = document.querySelector("a[data-exit]");
    presses = event.key === "Shift"
      ? [...presses, event.timeStamp].filter((at) => event.timeStamp - at < 5000)
      : [];
    if (exit && presses.length > 2) leave(exit.href);
  });

  // htmx notes the address of the page in the browser; nothing is to stay there.
  const forget = () => sessionStorage.removeItem("htmx-current-path-for-history");
  forget();

  const focus = (place) => {
    if (!place) return;
    place.tabIndex = -1;
    place.focus({ preventScroll: place.matches("h1") });
  };
  // Switched in another window: then help and all else around the question follows too.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const said = /<html lang="([\w-]+)" dir="(\w+)"/.exec(event.detail.serverResponse);
    if (!event.detail.shouldSwap || !said || said[1] === root.lang) return;
    [root.lang, root.dir] = said.slice(1);
    Object.assign(event.detail, {
      target: document.body,
      selectOverride: "unset",
      swapOverride: "innerHTML show:window:top",
    });
  });
  document.addEventListener("htmx:afterSettle", () => {
    forget();
    const main = document.getElementById("main");
    const status = document.getElementById("status");
    if (!main) return;
    if (status) status.textContent = main.dataset.status || "";
    const asked = document.getElementById(location.hash.slice(1));
    focus(main.querySelector(".error-summary") || asked || main.querySelector("h1"));
  });
  focus(document.querySelector(".error-summary"));
  const unsaved = (event) => {
    const template = document.getElementById("not-saved");
    const main = document.getElementById("main");
    if (!template || !main) return;
    main.querySelector("[data-not-saved]")?.remove();
    const form = event.target.closest("form");
    const place = [...(form?.querySelectorAll(".actions") || [])].pop();
    (place || main.querySelector("h1")).before(template.content.cloneNode(true));
    focus(main.querySelector("[data-not-saved]"));
  };
  for (const name of ["responseError", "sendError", "timeout"]) {
    document.addEventListener(`htmx:${name}`, unsaved);
  }
})();
