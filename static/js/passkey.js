// What allauth's passkey scripts leave out: showing the button where it can work, and saying what went wrong.
(() => {
  if (window.PublicKeyCredential) {
    for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
  } else {
    for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = false;
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const said = document.getElementById("passkey-said");
    if (said) said.textContent = said.dataset.said;
  });
})();
