// The agenda by arrow keys, and moving by dragging. Everything here is also a link or a form without this file.
"use strict";

(() => {
  const table = document.querySelector("[data-agenda]");
  if (!table) return;
  const status = document.querySelector("[data-agenda-status]");

  // Which cell stands at a row and column, also where one goes on over more rows.
  const places = [];
  [...table.tBodies[0].rows].forEach((row, down) => {
    places[down] ||= [];
    let across = 0;
    for (const cell of row.cells) {
      while (places[down][across]) across += 1;
      for (let more = 0; more < cell.rowSpan; more += 1) (places[down + more] ||= [])[across] = cell;
      across += 1;
    }
  });
  const inside = (cell) => cell && cell.querySelector("a, summary");

  const walk = (from, stepDown, stepAcross) => {
    const down = from.parentElement.sectionRowIndex;
    const across = places[down].indexOf(from);
    let [row, column] = [down + stepDown, across + stepAcross];
    while (places[row] && places[row][column]) {
      const cell = places[row][column];
      if (cell !== from && inside(cell)) return inside(cell).focus();
      row += stepDown;
      column += stepAcross;
    }
  };

  const STEPS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
  const PAGES = { PageDown: "later", PageUp: "earlier", Home: "today" };

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const menu = cell.querySelector("details");
    if (menu && (event.key === "ContextMenu" || (event.shiftKey && event.key === "F10"))) {
      menu.open = true;
      menu.querySelector("a").focus();
    } else if (menu && menu.open && event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (STEPS[event.key]) {
      walk(cell, ...STEPS[event.key]);
    } else if (PAGES[event.key]) {
      document.querySelector(`[data-agenda-page="${PAGES[event.key]}"]`).click();
    } else return;
    event.preventDefault();
  });

  // Dragging only chooses the time: the page behind it checks, and asks when and how it was told.
  let dragged = null;
  for (const block of table.querySelectorAll("[data-move]")) {
    block.draggable = true;
    block.addEventListener("dragstart", (event) => {
      dragged = block;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", block.dataset.move);
    });
    block.addEventListener("dragend", () => {
      if (dragged && status) status.textContent = table.dataset.notFree;
      dragged = null;
      for (const free of table.querySelectorAll(".here")) free.classList.remove("here");
    });
  }
  for (const free of table.querySelectorAll("[data-slot]")) {
    free.draggable = false;
    const cell = free.closest("td");
    cell.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      free.classList.add("here");
    });
    cell.addEventListener("dragleave", () => free.classList.remove("here"));
    cell.addEventListener("drop", (event) => {
      event.preventDefault();
      const to = dragged.dataset.move;
      dragged = null;
      window.location.assign(`${to}?slot=${encodeURIComponent(free.dataset.slot)}`);
    });
  }
})();
