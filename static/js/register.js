// Registering (S06): who somebody may already be, while one types, and groups that fold on a phone. Without this file
// saving checks all the same, and every group stays open.
"use strict";

(() => {
  const form = document.querySelector("form[data-alike]");

  // Who somebody may already be. What was typed is sent, so that it stands in no address.
  const place = form.querySelector("#alike");
  const COMPARED = [
    "given_names", "prefix", "surname", "born", "mobile", "phone", "postcode", "house_number", "addition", "bsn",
  ];
  let running = null, shown = "";

  async function look() {
    if (running) running.abort();
    const asking = running = new AbortController();
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", ...COMPARED]) body.append(name, form.elements[name].value);
    try {
      const answer = await fetch(form.dataset.alike, {
        method: "POST", body, signal: asking.signal, credentials: "same-origin", cache: "no-store", redirect: "manual",
      });
      if (!answer.ok) return;
      const part = (await answer.text()).trim();
      if (asking !== running || part === shown) return;
      shown = part;
      place.innerHTML = part;
      if (part) bring();
    } catch {
      // Broken off, or no connection: saving checks again.
    }
  }

  // On a phone it may stand just out of sight; the field that somebody is in stays in sight.
  function bring() {
    place.scrollIntoView({ block: "nearest" });
    if (form.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("change", (event) => {
    if (COMPARED.includes(event.target.name)) look();
  });
  if (["born", "mobile", "bsn"].some((name) => form.elements[name].value)) look();

  // Groups that are filled in fold when somebody goes on to the next one, on a phone only.
  const narrow = matchMedia("(max-width: 599.98px)");
  const sections = [...form.querySelectorAll("details.etf-section")];
  const fieldsIn = (section) =>
    [...section.querySelectorAll("input:not([type=hidden]), select")].filter((field) => field.name);

  function inWords(field) {
    if (field.type === "checkbox") return field.checked ? field.labels[0].textContent.trim() : "";
    if (field.name === "bsn") return field.value && "•••";
    if (field.options) return field.selectedOptions[0]?.text ?? "";
    return field.value.trim();
  }

  const isFilled = (section) =>
    !section.querySelector(".is-invalid") &&
    fieldsIn(section).every((field) => !field.required || field.value.trim()) &&
    fieldsIn(section).some((field) =>
      field.options ? !field.selectedOptions[0]?.defaultSelected : field.type === "checkbox" ? field.checked : field.value !== field.defaultValue);

  function say(section) {
    const words = section.open ? [] : fieldsIn(section).map(inWords).filter(Boolean);
    section.querySelector("[data-filled]").textContent = words.join(", ");
  }

  function fold() {
    if (!narrow.matches) return;
    const here = document.activeElement;
    for (const section of sections) {
      if (section.dataset.left && !section.contains(here) && isFilled(section)) section.open = false;
      delete section.dataset.left;
    }
    if (here && form.contains(here)) here.scrollIntoView({ block: "nearest" });
  }

  for (const section of sections) {
    section.addEventListener("toggle", () => say(section));
    section.addEventListener("focusout", () => (section.dataset.left = "yes"));
    section.addEventListener("focusin", (event) => {
      // After the tap itself has landed: what moves under a finger is missed.
      if (!event.target.matches("summary")) setTimeout(fold, 300);
    });
  }
  const adapt = () => {
    form.classList.toggle("etf-folds", narrow.matches);
    // The summary says the same.
    for (const section of sections) section.parentElement.firstElementChild.classList.toggle("visually-hidden", narrow.matches);
    if (!narrow.matches) for (const section of sections) section.open = true;
  };
  narrow.addEventListener("change", adapt);
  adapt();
})();
