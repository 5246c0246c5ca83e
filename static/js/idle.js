// The idle limit and drafts. Without this file a session ends after 30 minutes all the same.
// What was typed goes to the server only; nothing stays in this browser, which may be a shared one.
"use strict";

(() => {
  const dialog = document.querySelector("#idle");
  const status = document.querySelector("#idle-status");
  const offer = document.querySelector("#concept-offer");
  const secret = /password|wachtwoord|token|secret|credential|bsn|^code$/i;
  const others = new BroadcastChannel("etf-idle");
  const warnAfter = Number(dialog.dataset.warnAfter) * 1000;
  const endAfter = Number(dialog.dataset.endAfter) * 1000;
  let since = Date.now();
  let kept = false;

  const post = (address, fields) => {
    const body = new FormData(dialog.querySelector("form"));
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return fetch(address, { method: "POST", body, redirect: "manual", keepalive: true });
  };

  // Forms of this page that somebody may have begun to fill in.
  const fieldsOf = () =>
    [...document.querySelectorAll("main form")]
      .filter((form) => form.method === "post" && !offer?.contains(form))
      .flatMap((form) => [...form.elements])
      .filter((field) => field.name && !secret.test(field.name) && field.matches("input, select, textarea"))
      .filter((field) => !["hidden", "password", "file", "submit", "button"].includes(field.type));

  const isTicked = (field) => field.type === "checkbox" || field.type === "radio";

  const isChanged = (field) => {
    if (isTicked(field)) return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  };

  const filledIn = () => {
    const found = {};
    for (const field of fieldsOf()) {
      const values = (found[field.name] ??= []);
      if (field.options) values.push(...[...field.selectedOptions].map((option) => option.value));
      else if (!isTicked(field) || field.checked) values.push(field.value);
    }
    return found;
  };

  const keepConcept = async () => {
    if (!fieldsOf().some(isChanged)) return;
    const concept = JSON.stringify({ page: location.pathname, fields: filledIn() });
    const answer = await post(dialog.dataset.concept, { concept }).catch(() => null);
    kept = answer?.status === 204;
  };

  const start = () => {
    since = Date.now();
    status.textContent = "";
    if (dialog.open) dialog.close();
  };

  const end = () => {
    const page = new URLSearchParams({ next: location.pathname + location.search, ended: kept ? "concept" : "1" });
    location.replace(`${dialog.dataset.login}?${page}`);
  };

  const stay = async () => {
    const answer = await post(dialog.dataset.keep, {}).catch(() => null);
    if (answer?.status !== 204) return end();
    start();
    others.postMessage("active");
  };

  let warned = 0;
  let announced = 0;
  setInterval(async () => {
    const idle = Date.now() - since;
    if (idle < warnAfter) return;
    if (idle >= endAfter) {
      end();
    } else if (warned !== since) {
      warned = since;
      dialog.showModal();
      await keepConcept();
    } else if (idle >= (warnAfter + endAfter) / 2 && announced !== since) {
      announced = since;
      status.textContent = status.dataset.lastMinute;
    }
  }, 500);

  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    stay();
  });
  // Escape closes a dialog; here it means the same as the button.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  others.addEventListener("message", start);
  others.postMessage("active");

  const putBack = (fields) => {
    for (const field of fieldsOf()) {
      const values = fields[field.name];
      if (!values) continue;
      if (isTicked(field)) field.checked = values.includes(field.value);
      else if (field.options) for (const option of field.options) option.selected = values.includes(option.value);
      else field.value = values.shift() ?? "";
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };

  offer?.querySelector("[data-put-back-button]").addEventListener("click", async () => {
    const address = `${offer.dataset.concept}?${new URLSearchParams({ page: location.pathname })}`;
    const answer = await fetch(address);
    if (answer.status === 200) putBack((await answer.json()).fields);
    const done = document.createElement("p");
    done.setAttribute("role", "status");
    done.textContent = offer.dataset.putBack;
    offer.replaceChildren(done);
  });
})();
