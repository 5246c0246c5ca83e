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
    else count.textContent = count.dataset.notNow;
  });
}

// Arrow keys go from row to row while the focus is in the list (screens.md 2.0).
document.addEventListener("keydown", (event) => {
  const row = event.target.closest && event.target.closest("tr[data-test]");
  if (!row || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  if (event.target.matches("select, input:not([type=checkbox])")) return;
  let next = row;
  do next = event.key === "ArrowDown" ? next.nextElementSibling : next.previousElementSibling;
  while (next && next.hidden);
  const link = next && next.querySelector("a");
  if (!link) return;
  event.preventDefault();
  link.focus();
});

// With the focus in the list, `a` opens the choices of the row (S02).
document.addEventListener("keydown", (event) => {
  if (event.key !== "a" || event.ctrlKey || event.metaKey || event.altKey || !event.target.closest) return;
  const row = event.target.closest('tr[data-test="appointment"]'), menu = row && row.querySelector("details[data-letters]");
  if (!menu || menu.contains(event.target) || event.target.matches("select, input:not([type=checkbox])")) return;
  event.preventDefault();
  menu.open = true;
  menu.querySelector("button, a").focus();
});

// Back from a list: the focus is on the line that led to it (S04).
const led = "etf-line-that-led";
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest("main a[data-number]");
  if (link) sessionStorage.setItem(led, link.getAttribute("href"));
});
window.addEventListener("pageshow", (event) => {
  const [way] = performance.getEntriesByType("navigation");
  if (!event.persisted && (!way || way.type !== "back_forward")) return;
  const link = [...document.querySelectorAll("main a[data-number]")]
    .find((one) => one.getAttribute("href") === sessionStorage.getItem(led));
  if (link) link.focus();
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

// On a telephone what may wait is behind a tap; its heading, with the number, stays (S02 to S04).
if (matchMedia("(max-width: 599px)").matches) {
  for (const section of document.querySelectorAll("[data-fold]")) {
    const details = document.createElement("details"), summary = document.createElement("summary");
    const heading = section.querySelector("h2");
    summary.textContent = `${section.dataset.fold}: ${heading.textContent.trim()}`;
    details.append(summary, ...[...section.children].filter((one) => one !== heading));
    section.append(details);
  }
}

for (const place of document.querySelectorAll("[data-fetch]")) {
  fetch(place.dataset.fetch, { credentials: "same-origin" })
    .then((answer) => (answer.ok && !answer.redirected ? answer.text() : ""))
    .then((text) => { place.innerHTML = text; })
    .catch(() => {});
}
