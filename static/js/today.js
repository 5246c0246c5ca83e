// Extras of the first page: filter the rows by typing, say when the network is gone, fetch a part of another page.
"use strict";

const filter = document.querySelector("[data-row-filter]");
if (filter) {
  const rows = [...document.querySelectorAll('tr[data-test="appointment"]')];
  const count = document.querySelector("[data-row-count]");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const left = () => rows.filter((row) => !row.hidden);
  filter.addEventListener("input", () => {
    const words = plain(filter.value).split(" ").filter(Boolean);
    for (const row of rows) {
      const name = plain(row.querySelector("th").textContent);
      row.hidden = !words.every((word) => name.includes(word));
    }
    count.textContent = words.length ? `${left().length} ${count.dataset.words}` : "";
  });
  filter.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !filter.value.trim() || left().length !== 1) return;
    event.preventDefault();
    const button = left()[0].querySelector('form[action*="/melden/"] button');
    if (button && !button.disabled) button.click();
  });
}

// Arrow keys go from row to row while the focus is in the list (screens.md 2.0).
document.addEventListener("keydown", (event) => {
  const row = event.target.closest && event.target.closest("tr[data-test]");
  if (!row || !["ArrowDown", "ArrowUp"].includes(event.key) || event.target.matches("select, input")) return;
  let next = row;
  do next = event.key === "ArrowDown" ? next.nextElementSibling : next.previousElementSibling;
  while (next && next.hidden);
  const link = next && next.querySelector("a");
  if (!link) return;
  event.preventDefault();
  link.focus();
});

const banner = document.querySelector("[data-offline]");
if (banner) {
  const buttons = [...document.querySelectorAll("main form[method=post] button")];
  banner.id = banner.id || "offline";
  const show = () => {
    banner.hidden = navigator.onLine;
    for (const button of buttons) {
      button.disabled = !navigator.onLine;
      if (navigator.onLine) button.removeAttribute("aria-describedby");
      else button.setAttribute("aria-describedby", banner.id);
    }
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}

for (const place of document.querySelectorAll("[data-fetch]")) {
  fetch(place.dataset.fetch, { credentials: "same-origin" })
    .then((answer) => (answer.ok && !answer.redirected ? answer.text() : ""))
    .then((text) => { place.innerHTML = text; })
    .catch(() => {});
}
