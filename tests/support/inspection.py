"""What a page has to hold to that only a browser sees, and that axe does not look for."""

from playwright.sync_api import Page

PROBES = """({finger, least}) => {
  const found = [];
  const patient = document.body.classList.contains("patient");
  const main = document.scrollingElement || document.documentElement;
  const style = (one) => getComputedStyle(one);
  const name = (one) => one.outerHTML.replace(/\\s+/g, " ").slice(0, 120);
  const seen = (one) => one.checkVisibility({
    checkOpacity: true, checkVisibilityCSS: true, contentVisibilityAuto: true,
  }) && one.getBoundingClientRect().width > 1 && one.getBoundingClientRect().height > 1;
  const target = (one) => {
    const label = one.labels?.[0];
    return ["radio", "checkbox"].includes(one.type) && label ? label : one;
  };
  const controls = [...document.querySelectorAll(
    "a[href], button, summary, input:not([type=hidden]), select, textarea, [tabindex='0']"
  )].filter((one) => !one.disabled && seen(target(one)));

  // Help is in the first view, and nothing lies over it.
  if (patient) {
    const help = document.querySelector("a[href='/help/']");
    const box = help?.getBoundingClientRect();
    const top = box ? box.top + main.scrollTop : 0;
    if (!help || !seen(help)) found.push("help: the link to help cannot be seen");
    else if (top + box.height > innerHeight || box.right > innerWidth + 1 || box.left < -1) {
      found.push("help: the link to help is out of the first view");
    } else if (!main.scrollTop) {
      const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (!help.contains(at)) found.push("help: something lies over the link to help");
    }
  }

  // A finger needs room; a link in a sentence is as high as its line.
  for (const one of patient ? controls : []) {
    if (one.closest(".staff")) continue;
    const box = target(one).getBoundingClientRect();
    const inline = one.tagName === "A" && style(one).display === "inline"
      && one.parentElement.textContent.trim() !== one.textContent.trim();
    if (!inline && !one.matches(".skip") && (box.height < finger - 0.5 || box.width < finger - 0.5)) {
      found.push(`target: ${Math.round(box.width)} by ${Math.round(box.height)} px: ${name(one)}`);
    }
  }

  // Text as it is drawn: a drawing that is shrunk shrinks its words.
  const small = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !one || !seen(one)) continue;
    const scale = one.ownerSVGElement ? one.getScreenCTM()?.a ?? 1 : 1;
    if (parseFloat(style(one).fontSize) * scale < least - 0.01) small.add(one);
  }
  for (const one of small) {
    found.push(`text: ${style(one).fontSize}: ${name(one)}`);
  }

  // What the pointer takes for a button is one for the keyboard too.
  for (const one of document.body.querySelectorAll("*")) {
    if (style(one).cursor !== "pointer" || !seen(one)) continue;
    if (!one.closest("a[href], button, label, summary, input, select, option, textarea")) {
      found.push(`button: it can be pressed, but by no key: ${name(one)}`);
    }
  }

  // A chosen answer differs by more than its colour.
  const drawn = (input) => {
    const label = input.labels[0];
    return [input, label].map((one) => {
      const now = style(one);
      const shadow = now.boxShadow === "none";
      return [now.borderTopWidth, now.fontWeight, now.appearance, shadow].join();
    }).join();
  };
  const [choice] = [...document.querySelectorAll(".choice > input")].filter(
    (one) => one.labels.length && seen(one.labels[0]));
  if (choice) {
    const chosen = [...document.querySelectorAll("input")].filter((one) => one.checked);
    choice.checked = false;
    const without = drawn(choice);
    choice.checked = true;
    if (drawn(choice) === without) {
      found.push(`colour: a chosen answer differs by its colour alone: ${name(choice)}`);
    }
    choice.checked = false;
    for (const one of chosen) one.checked = true;
  }

  // Where the keyboard is can be seen, and is under nothing that sticks.
  const before = document.activeElement;
  const [x, y] = [scrollX, scrollY];
  // From the last to the first: a browser remembers which of a group it was at.
  for (const one of controls.reverse()) {
    if (one.closest("details:not([open])") && one.tagName !== "SUMMARY") continue;
    const ring = (one) => {
      const now = style(one);
      return now.outlineStyle !== "none" && parseFloat(now.outlineWidth) >= 2
        && !/^rgba\\(.*, 0\\)$/.test(now.outlineColor);
    };
    one.focus({ focusVisible: true });
    if (document.activeElement !== one) continue;
    if (!ring(one) && !(one.labels?.[0] && ring(one.labels[0]))) {
      found.push(`focus: the keyboard is here, and it does not show: ${name(one)}`);
    }
    const box = target(one).getBoundingClientRect();
    const places = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.8]].map(([across, down]) =>
      document.elementFromPoint(box.left + box.width * across, box.top + box.height * down));
    const free = places.some((at) => at && (target(one).contains(at) || at.contains(one)));
    if (!free && places.some(Boolean)) {
      found.push(`focus: it lies under something else: ${name(one)}`);
    }
  }
  if (before && before !== document.body) before.focus({ preventScroll: true });
  else {
    // The next Tab goes on from here: from the top, as on a page just come to.
    const top = document.createElement("span");
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus({ preventScroll: true });
    top.remove();
  }
  scrollTo(x, y);

  // Nothing is wider than the screen.
  if (main.scrollWidth > innerWidth) {
    found.push(`width: the page is ${main.scrollWidth} px wide on ${innerWidth} px`);
  }
  // Nothing of a patient stays in the browser.
  const kept = [...Object.keys(localStorage), ...Object.keys(sessionStorage)];
  if (patient && kept.length) found.push(`storage: the browser keeps ${kept.join(", ")}`);
  return found;
}"""
FINGER = 44  # CSS pixels either way: what a finger is given on a patient's page
LEAST = 12  # CSS pixels: the smallest words, those of drawings included


def inspect(page: Page) -> list[str]:
    """Return what is wrong with a page as it stands, as "rule: what and where".

    It leaves the page as it was: the focus, the place and what is chosen.
    """
    found: list[str] = page.evaluate(PROBES, {"finger": FINGER, "least": LEAST})
    return found
