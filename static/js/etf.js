// Extras only: every page and form works without this file.
"use strict";

// A second click on a button sends nothing; the one-time token guards where there is no JavaScript.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});

// A long form that is marked so is only sent by its button: Enter in a field would send it half filled in (S06).
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !field.matches("form[data-no-enter] input")) return;
  if (!["submit", "button", "checkbox", "radio"].includes(field.type)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print], [data-show-password]");
  if (!button) return;
  if ("print" in button.dataset) window.print();
  else {
    const field = document.getElementById(button.dataset.showPassword);
    field.type = field.type === "password" ? "text" : "password";
    button.setAttribute("aria-pressed", String(field.type === "text"));
  }
});

// Buttons that only work with JavaScript are shown by it.
for (const hidden of document.querySelectorAll("[data-needs-script]")) hidden.hidden = false;

// allauth's script tells of a passkey that was refused or broken off; people read it on the page.
document.addEventListener("allauth.error", (event) => {
  const text = document.querySelector("[data-passkey-error]");
  if (!text) return;
  event.preventDefault();
  text.hidden = false;
});

// Rows to do something with together: how many are chosen, and a word when none is.
for (const form of document.querySelectorAll("[data-bulk]")) {
  const number = form.querySelector("[data-chosen]"), none = form.querySelector("[data-none]");
  const chosen = () => [...form.elements].filter((one) => one.type === "checkbox" && one.checked).length;
  const count = () => {
    none.hidden = true;
    number.textContent = chosen() ? `${chosen()} ${number.dataset.chosen}` : "";
  };
  for (const box of form.elements) box.addEventListener("change", count);
  window.addEventListener("pageshow", count);
  form.addEventListener("submit", (event) => {
    if (chosen()) return;
    event.preventDefault();
    none.hidden = false;
  });
}

// Re-planning: the first time of each row at once; every row can still be changed.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-choose-proposals]")) return;
  for (const select of event.target.form.querySelectorAll("select")) {
    if (!select.value && select.options.length > 1) select.selectedIndex = 1;
  }
});

// The choices of a row (S11): with the row's menu in focus, a letter goes to the choice that starts with it, Esc closes it.
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest && event.target.closest("details[data-letters]");
  if (!menu || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key.length === 1 && event.key.trim()) {
    const choices = [...menu.querySelectorAll("button, a")];
    const fitting = choices.filter((one) => one.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()));
    if (!fitting.length) return;
    event.preventDefault();
    menu.open = true;
    fitting[(fitting.indexOf(document.activeElement) + 1) % fitting.length].focus();
  }
});
