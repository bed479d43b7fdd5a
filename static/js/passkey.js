// What allauth's passkey scripts leave out: showing the button where it can work, and saying what went wrong.
(() => {
  // A passkey belongs to a name; an address in numbers has none.
  const able = window.PublicKeyCredential && !/^[\d.:[\]]+$/.test(location.hostname);
  const shown = able ? "[data-passkey]" : "[data-no-passkey]";
  for (const part of document.querySelectorAll(shown)) part.hidden = false;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const said = document.getElementById("passkey-said");
    if (said) said.textContent = said.dataset.said;
  });
})();
