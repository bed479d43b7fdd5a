// The queue renews itself politely, and keys move in it.
(() => {
  const list = () => document.getElementById("queue-live");
  const page = document.getElementById("content");
  const news = document.getElementById("queue-news");
  const show = document.getElementById("queue-show");
  const help = document.getElementById("queue-keys");
  if (!list() || !news) return;
  // htmx notes the address of the page in the browser; nothing is to stay there.
  const forget = () => sessionStorage.removeItem("htmx-current-path-for-history");
  forget();

  const rows = (place) => [...place.querySelectorAll("tr[id]")];
  const controls = (row) => [...row.querySelectorAll("a, button, input")];
  const changed = (field) => {
    if (field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  };
  const dirty = () => [...page.querySelectorAll("input, select, textarea")].some(changed);
  const busy = () => list().matches(":hover") || list().contains(document.activeElement) || dirty();

  const say = (words, offers) => {
    if (news.textContent !== words) news.textContent = words;
    show.hidden = !offers;
  };
  const frame = (fresh) => {
    for (const part of fresh.querySelectorAll("[data-frame]")) {
      const old = document.getElementById(part.id);
      if ("count" in part.dataset) {
        const count = Number(part.dataset.count);
        document.title = (count ? `(${count}) ` : "") + document.title.replace(/^\(\d+\) /, "");
      }
      if (old && old.innerHTML !== part.innerHTML) old.replaceChildren(...part.childNodes);
    }
  };

  let asked = false;
  let place = {};
  const ours = (event) => event.detail.target === list();
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (!ours(event) || xhr.status !== 200) return;
    const fresh = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const next = fresh.getElementById("queue-live");
    event.detail.shouldSwap = false;
    // Signed out meanwhile: what patients said does not stay on the screen.
    if (!next) return location.reload();
    frame(fresh);
    const known = new Set(rows(list()).map((row) => row.id));
    const added = rows(next).map((row) => row.id).filter((id) => !known.has(id));
    const differs = next.dataset.facts !== list().dataset.facts;
    if (!asked && busy()) {
      if (differs) say(added.length ? `${added.length} new.` : "The list has changed.", true);
      return;
    }
    const at = document.activeElement.closest("#queue-live tr[id]");
    place = {
      row: asked ? added[0] || rows(next)[0]?.id : at?.id,
      control: at && !asked ? controls(at).indexOf(document.activeElement) : 0,
      ticked: rows(list()).flatMap((row) => [...row.querySelectorAll("input:checked")].map((box) => box.id)),
    };
    say(added.length && !asked ? `${added.length} new in the list.` : "", false);
    asked = false;
    event.detail.shouldSwap = true;
  });
  document.addEventListener("htmx:afterSettle", () => {
    forget();
    for (const id of place.ticked || []) {
      const box = document.getElementById(id);
      if (box) box.checked = true;
    }
    const row = place.row && document.getElementById(place.row);
    if (row) (controls(row)[place.control] || controls(row)[0])?.focus();
    place = {};
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (ours(event) && event.detail.xhr.status === 204) say("", false);
    if (!event.detail.successful) say("The list could not be renewed. It is tried again.", false);
    asked = false;
  });
  show.addEventListener("click", () => {
    asked = true;
    htmx.trigger(list(), "refresh");
  });

  help.hidden = false;
  if ("off" in help.dataset) return;
  const go = (row, by) => {
    const all = rows(list());
    const to = row ? all[all.indexOf(row) + by] : all[by > 0 ? 0 : all.length - 1];
    to?.querySelector("a")?.focus();
  };
  const keys = {
    j: (row) => go(row, 1),
    k: (row) => go(row, -1),
    ArrowDown: (row) => row && go(row, 1),
    ArrowUp: (row) => row && go(row, -1),
    c: (row) => row?.querySelector("form[data-claim]")?.requestSubmit(),
    "?": () => {
      help.open = !help.open;
      help.querySelector("summary").focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    const at = document.activeElement;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (at.closest("input, select, textarea, [contenteditable]")) return;
    const act = Object.hasOwn(keys, event.key) && keys[event.key];
    const row = at.closest("#queue-live tr[id]");
    if (!act || (event.repeat && event.key === "c") || (event.key.startsWith("Arrow") && !row)) return;
    event.preventDefault();
    act(row);
  });
})();
