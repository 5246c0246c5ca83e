// Quick find (S05): answers under the field while somebody types. Without this file the field leads to the list.
"use strict";

(() => {
  const PAUSE = 250, SLOW = 2000;
  const box = document.querySelector("[data-find]");
  const field = box.querySelector("#quick-find"), form = field.form, panel = box.querySelector("#find-panel");
  const results = box.querySelector("[data-results]"), slow = box.querySelector("[data-slow]");
  const said = box.querySelector("[data-said]"), keypad = box.querySelector("[data-keypad]");
  let chosen = -1, shown = null, onAnswer = null, cameFrom = null, waiting = null, running = null, patience = null;

  field.type = "text";
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-haspopup": "listbox", enterkeyhint: "search",
  })) field.setAttribute(name, value);

  const typed = () => field.value.trim();
  const hits = () => [...results.querySelectorAll("[role=option]")];
  const isOpen = () => !panel.hidden;
  const isSettled = () => shown === typed();

  function open() {
    panel.hidden = false;
    box.classList.add("open");
  }

  function close() {
    stop();
    panel.hidden = true;
    box.classList.remove("open");
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    chosen = -1;
    shown = null;
  }

  // Back to where somebody came from, when Ctrl+K brought them here.
  function leave() {
    const back = cameFrom;
    close();
    cameFrom = null;
    if (back && back.isConnected && back !== document.body) back.focus();
    else field.blur();
  }

  function stop() {
    clearTimeout(waiting);
    clearTimeout(patience);
    if (running) running.abort();
    running = onAnswer = null;
  }

  async function ask() {
    const text = typed(), then = onAnswer;
    stop();
    onAnswer = then;
    const asking = running = new AbortController();
    slow.hidden = true;
    patience = setTimeout(() => complain(), SLOW);
    try {
      const address = `${box.dataset.find}?q=${encodeURIComponent(text)}`;
      const answer = await fetch(address, { signal: asking.signal, credentials: "same-origin", cache: "no-store" });
      // Logged out meanwhile: the list leads to the login page and back.
      if (answer.redirected) return form.submit();
      if (!answer.ok) throw new Error(String(answer.status));
      const part = await answer.text();
      if (asking === running && text === typed()) show(part, text);
    } catch (error) {
      if (error.name !== "AbortError" && asking === running) complain();
    }
  }

  function complain() {
    open();
    slow.hidden = false;
    said.textContent = slow.firstChild.textContent.trim();
  }

  function show(part, text) {
    clearTimeout(patience);
    running = null;
    slow.hidden = true;
    results.innerHTML = part;
    shown = text;
    chosen = -1;
    open();
    const found = hits().length > 0;
    field.setAttribute("aria-expanded", String(found));
    field.removeAttribute("aria-activedescendant");
    if (found) field.setAttribute("aria-controls", "find-list");
    else field.removeAttribute("aria-controls");
    const summary = results.querySelector("[data-status]").textContent.trim();
    said.textContent = summary || results.querySelector("p").textContent.trim();
    const then = onAnswer;
    onAnswer = null;
    if (then && found) then();
  }

  function choose(number) {
    const all = hits();
    if (!all.length) return;
    chosen = (number + all.length) % all.length;
    all.forEach((one, at) => one.setAttribute("aria-selected", String(at === chosen)));
    field.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
    const { open: openAt, book, checkIn } = all[chosen].dataset;
    const part = (name) => results.querySelector(`[data-action=${name}]`);
    part("open").href = openAt;
    part("book").hidden = !book;
    if (book) part("book").href = book;
    part("check_in").hidden = !checkIn;
    if (checkIn) part("check_in").action = checkIn;
  }

  // To the chosen household, else to the first. What is not answered yet is waited for.
  function go(where) {
    if (!isSettled()) {
      onAnswer = () => go(where);
      if (!running) ask();
      return;
    }
    const one = hits()[Math.max(chosen, 0)];
    if (one && one.dataset[where]) location.assign(one.dataset[where]);
  }

  field.addEventListener("input", () => {
    stop();
    waiting = setTimeout(ask, PAUSE);
  });

  field.addEventListener("click", () => isOpen() || ask());

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const move = () => choose(chosen < 0 && step < 0 ? -1 : chosen + step);
      if (isOpen() && isSettled()) move();
      else {
        onAnswer = move;
        ask();
      }
    } else if (event.key === "Enter" && (typed() || chosen >= 0)) {
      event.preventDefault();
      go(event.ctrlKey || event.metaKey ? "book" : "open");
    } else if (event.key === "Escape") {
      event.preventDefault();
      leave();
    }
  });

  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    field.focus();
  });

  // A press on a hit leaves the focus in the field.
  results.addEventListener("mousedown", (event) => {
    if (event.target.closest("[role=option]")) event.preventDefault();
  });
  results.addEventListener("click", (event) => {
    const one = event.target.closest("[role=option]");
    if (one) location.assign(one.dataset.open);
  });

  slow.querySelector("[data-again]").addEventListener("click", () => {
    field.focus();
    ask();
  });
  panel.querySelector("[data-close]").addEventListener("click", leave);
  keypad.addEventListener("click", () => {
    const digits = field.inputMode !== "numeric";
    field.inputMode = digits ? "numeric" : "text";
    keypad.setAttribute("aria-pressed", String(digits));
    field.focus();
  });

  box.addEventListener("focusout", (event) => {
    if (isOpen() && event.relatedTarget && !box.contains(event.relatedTarget)) close();
  });
  document.addEventListener("mousedown", (event) => {
    if (isOpen() && !box.contains(event.target)) close();
  });

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (document.activeElement !== field) cameFrom = document.activeElement;
    field.focus();
    field.select();
    if (!isOpen()) ask();
  });

  // Back from a page: what was open is closed.
  window.addEventListener("pagehide", close);
})();
