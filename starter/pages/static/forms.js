// How many characters a text may still have; no form sent twice; a filter that fails loads its page.
"use strict";

for (const area of document.querySelectorAll("textarea[data-limit]")) {
  const told = document.getElementById(`${area.id}-count`);
  const limit = Number(area.dataset.limit);
  const say = () => {
    const left = limit - [...area.value].length;
    const many = Math.abs(left) > 1 ? "s" : "";
    const number = Math.abs(left).toLocaleString("fr");
    told.textContent = left < 0 ? `${number} caractère${many} de trop.` : `Il reste ${number} caractère${many}.`;
    told.classList.toggle("error", left < 0);
  };
  told.setAttribute("aria-live", "polite");
  area.addEventListener("input", say);
  say();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, pathInfo } = event.detail;
  const arrived = new URL(xhr.responseURL || location.href).pathname;
  if (xhr.status < 400 && arrived === new URL(pathInfo.finalRequestPath, location.href).pathname) return;
  event.preventDefault();
  location.assign(pathInfo.finalRequestPath);
});
