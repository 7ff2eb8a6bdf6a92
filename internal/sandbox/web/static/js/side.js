// The right side: the technicians' phones, and the mailbox.

import { get } from "./api.js";
import { h, icon, show } from "./dom.js";
import { drawMail, freshMail } from "./mail.js";
import { drawPhones, freshTexts } from "./phones.js";
import { memory, on, store } from "./store.js";

const side = document.getElementById("side");
const app = document.getElementById("app");
let tab = memory.get("side", "phones");
const body = h("div", { class: "side-body", role: "tabpanel" });

if (memory.get("no-side", false)) app.classList.add("no-side");

// loadPhones reads the handsets and their texts.
export async function loadPhones() {
  store.phones = (await get("phones")).phones;
  draw();
}

// loadMail reads the mailbox.
export async function loadMail() {
  store.letters = (await get("mail")).letters.reverse();
  draw();
}

function tabButton(name, label, sign, fresh) {
  return h("button", { type: "button", role: "tab", class: "tab", "aria-selected": String(tab === name), "data-testid": `side-${name}`, onclick: () => { memory.set("side", tab = name); draw(); } },
    icon(sign), label, fresh > 0 && h("span", { class: "badge", "aria-label": `${fresh} new` }, fresh > 99 ? "99+" : String(fresh)));
}

function draw() {
  const [texts, letters] = [freshTexts(), freshMail()];
  const focused = document.activeElement?.getAttribute("data-testid");
  if (!body.isConnected) show(side, h("header", { class: "bar" }), body);
  show(side.firstElementChild,
    h("div", { class: "tabs", role: "tablist", "aria-label": "Phones and mail" }, tabButton("phones", "Phones", "phone", texts), tabButton("mail", "Mail", "mail", letters)),
    h("button", { type: "button", class: "icon-button only-drawer", "aria-label": "Close", "data-testid": "close-side", onclick: () => app.classList.remove("show-side") }, icon("close")));
  (tab === "phones" ? drawPhones : drawMail)(body);
  if (focused?.startsWith("side-")) side.querySelector(`[data-testid="${focused}"]`)?.focus();
  const dot = document.querySelector(".show-side .dot");
  if (dot) dot.hidden = texts + letters === 0;
}

on("workspace person phones-seen mail-seen side", draw);
