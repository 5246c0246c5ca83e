// Moments of messages (S25): the examples follow what is typed; the server makes them. Without this file Check does.
"use strict";

(() => {
  const place = document.querySelector("[data-moments]");
  const form = place && place.closest("form");
  if (!form) return;
  let waiting = 0, running = null;

  async function show() {
    if (running) running.abort();
    const asking = running = new AbortController();
    try {
      const answer = await fetch(place.dataset.moments, {
        method: "POST", body: new FormData(form), signal: asking.signal, credentials: "same-origin", cache: "no-store",
        redirect: "manual",
      });
      if (!answer.ok) return;
      const part = await answer.text();
      if (asking === running && part.trim() !== place.innerHTML.trim()) place.innerHTML = part;
    } catch {
      // Broken off, or no connection: Check and saving say the same.
    }
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(show, 300);
  }
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
})();
