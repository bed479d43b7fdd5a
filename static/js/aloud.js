// Reading the question aloud, when asked, by a voice of the device itself.
(() => {
  const speech = window.speechSynthesis;
  if (!speech) return;
  const tag = (language) => language.replace("_", "-").toLowerCase();
  const button = () => document.querySelector("[data-aloud]");
  const question = () => document.querySelector("fieldset.question");
  // A voice from elsewhere would be sent the question.
  const voice = () => {
    const legend = question()?.querySelector("legend");
    if (!legend) return undefined;
    const wanted = tag(legend.closest("[lang]").lang);
    const own = speech.getVoices().filter((one) => one.localService === true);
    const near = (one) => tag(one.lang).split("-")[0] === wanted.split("-")[0];
    return own.find((one) => tag(one.lang) === wanted) || own.find(near);
  };
  const say = (reading) => {
    const one = button();
    if (one) one.textContent = reading ? one.dataset.stop : one.dataset.start;
  };
  const stop = () => {
    speech.cancel();
    say(false);
  };
  const read = () => {
    const chosen = voice();
    if (!chosen) return;
    const parts = [...question().querySelectorAll("legend, .choice label")];
    parts.forEach((part, place) => {
      const words = new SpeechSynthesisUtterance(part.textContent.replace(/\s+/g, " ").trim());
      words.voice = chosen;
      words.lang = chosen.lang;
      if (place === parts.length - 1) words.onend = () => say(false);
      speech.speak(words);
    });
    say(true);
  };
  const show = () => {
    const one = button();
    if (one) one.hidden = !voice();
  };
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-aloud]");
    if (!pressed) return;
    const reading = pressed.textContent === pressed.dataset.stop;
    if (reading) stop();
    else read();
  });
  document.addEventListener("htmx:afterSettle", () => {
    stop();
    show();
  });
  addEventListener("pagehide", () => speech.cancel());
  speech.addEventListener?.("voiceschanged", show);
  show();
})();
