// The words of a message (S25): counts along while one types, as the server does. Without this file the button
// Check shows the same.
"use strict";

(() => {
  const panel = document.querySelector("[data-text-panel]");
  const field = document.querySelector("textarea[name=text]");
  if (!panel || !field) return;
  const live = JSON.parse(panel.dataset.live);
  const part = (name) => panel.querySelector(`[data-${name}]`);

  // 3GPP TS 23.038: the default alphabet, and its extension, of which each character takes two places.
  const BASIC = new Set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§" +
    "¿abcdefghijklmnopqrstuvwxyzäöñüà");
  const EXTENSION = new Set("^{}\\[~]|€\f");

  function measure(text) {
    const outside = [...new Set(text)].filter((ch) => !BASIC.has(ch) && !EXTENSION.has(ch)).sort();
    const sizes = [...text].map((ch) => (outside.length ? ch.length : 1 + EXTENSION.has(ch)));
    const length = sizes.reduce((sum, size) => sum + size, 0);
    const [limit, each] = outside.length ? [70, 67] : [160, 153];
    let parts = 1, room = each;
    if (length > limit) {
      for (const size of sizes) {
        if (size > room) { parts += 1; room = each; }
        room -= size;
      }
    }
    return { outside, length, limit, parts };
  }

  function fillIn(text, facts) {
    const named = /\{([\p{L}\p{N}_]*)\}/gu;
    const kept = text.replace(/\[([^[\]]*)\]/g, (_all, inner) =>
      [...inner.matchAll(named)].every((found) => facts[found[1]]) ? inner : "");
    return kept.replace(named, (_all, name) => facts[name] || "").trim();
  }

  function longest(text, form, sample) {
    const tried = sample.facts.map((facts) => {
      const full = fillIn(text, { ...facts, day: sample.full });
      const short = form === "sms" && measure(full).parts > 1;
      return { place: facts.location, text: short ? fillIn(text, { ...facts, day: sample.short }) : full };
    });
    const weight = ({ text: made, place }) => {
      if (form !== "sms") return [0, place.length];
      const { parts, length } = measure(made);
      return [parts, length];
    };
    return tried.reduce((most, one) => {
      const [a, b] = weight(one), [c, d] = weight(most);
      return a > c || (a === c && b > d) ? one : most;
    });
  }

  const inWords = (words, values) => words.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
  const chosen = (name) => document.querySelector(`select[name=${name}]`)?.value ?? live[name];

  // What is heard is said anew only when it changed.
  function say(name, text) {
    const place = part(name);
    place.hidden = !text;
    if (place.textContent !== text) place.textContent = text;
  }

  function show() {
    const form = chosen("form"), sample = live.samples[chosen("language")];
    const text = field.value.replace(/\r\n/g, "\n").trim();
    const most = form && sample && text ? longest(text, form, sample) : null;
    part("empty").hidden = Boolean(most);
    part("example").hidden = !most;
    part("place").textContent = most ? most.place : "";
    part("text").textContent = most ? most.text : "";
    const found = most && form === "sms" ? measure(most.text) : null;
    const values = found && { ...found, alphabet: found.outside.length ? "UCS-2" : "GSM-7", characters: found.outside.join(" ") };
    say("count", found ? inWords(found.parts > 1 ? live.words.more : live.words.one, values) : "");
    say("outside", found && found.outside.length ? inWords(live.words.outside, values) : "");
  }

  let waiting = 0;
  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(show, 300);
  }
  field.addEventListener("input", soon);
  document.querySelectorAll("select[name=form], select[name=language]").forEach((one) => one.addEventListener("change", show));
  show();
})();
