// The mailbox: what was mailed, newest first, and one letter with its HTML and attachments.

import { card } from "./files.js";
import { h, icon, keep, newID, show } from "./dom.js";
import { avatar } from "./messages.js";
import { memory, store, tell } from "./store.js";
import { clock, dayName, format } from "./time.js";

let reading = "";
let box = "";
let kept = null;

const read = () => new Set(memory.get("mail", []));

// freshMail counts the letters nobody has opened.
export const freshMail = () => {
  const done = read();
  return store.letters.filter((l) => !done.has(l.id)).length;
};

const when = (l) => {
  const date = new Date(l.received);
  return dayName(date) === "Today" ? clock(date) : format(date, { month: "short", day: "numeric" });
};

const address = (from) => from.match(/<(.*)>/)?.[1] || from;
const sender = (from) => from.replace(/\s*<.*>$/, "").replace(/^"|"$/g, "") || from;

// drawMail fills the panel.
export function drawMail(body) {
  const letter = store.letters.find((l) => l.id === reading);
  if (letter) {
    if (kept?.id !== letter.id || !kept.node.isConnected) {
      kept = { id: letter.id, node: reader(letter) };
      show(body, kept.node);
    }
    return;
  }
  kept = null;
  if (!store.letters.length) {
    show(body, h("p", { class: "empty" }, "No mail yet. What Callout sends by e-mail arrives here."));
    return;
  }
  drawList(body);
}

function drawList(body) {
  const boxes = [...new Set(store.letters.flatMap((l) => l.to.map((t) => t.toLowerCase())))].sort();
  if (!boxes.includes(box)) box = "";
  const id = newID("mailbox");
  const shown = store.letters.filter((l) => !box || l.to.some((t) => t.toLowerCase() === box));
  const done = read();
  const list = h("div", { class: "mail-list" });
  keep(list, shown.map((l) => ({ key: l.id, same: "", make: () => row(l, !done.has(l.id)) })));
  show(body, h("div", { class: "mail-filter" }, h("label", { for: id }, "Mailbox"),
    h("select", { id, class: "behave", "data-testid": "mailbox", onchange: (e) => { box = e.target.value; drawList(body); } }, h("option", { value: "" }, "Everybody's"), boxes.map((b) => h("option", { value: b }, b)))), list);
  body.querySelector("select").value = box;
}

function row(l, fresh) {
  return h("button", { type: "button", class: fresh ? "mail-row fresh" : "mail-row", "data-testid": "mail-item", onclick: () => openLetter(l.id) },
    h("span", { class: "mail-row-head" }, h("strong", { title: l.to.join(", ") }, `To ${l.to.join(", ")}`), h("time", null, when(l))),
    h("span", { class: "mail-row-subject" }, l.subject || "(no subject)"),
    h("span", { class: "mail-row-text" }, l.attachments.length > 0 && icon("clip"), l.text.replace(/\s+/g, " ").slice(0, 120)));
}

function openLetter(id) {
  reading = id;
  memory.set("mail", [...read(), id].slice(-2000));
  tell("mail-seen");
  document.querySelector("[data-testid=mail-back]")?.focus();
}

function reader(l) {
  const html = l.has_html && h("iframe", { class: "mail-html", sandbox: "allow-popups", src: `/ui/mail/${l.id}/html`, title: l.subject || "Mail", "data-testid": "mail-html" });
  return h("article", { class: "mail-reader", "data-testid": "mail-reader" },
    h("button", { type: "button", class: "button quiet mail-back", "data-testid": "mail-back", onclick: () => { reading = ""; tell("mail-seen"); } }, icon("back"), "All mail"),
    h("h2", { class: "mail-subject", "data-testid": "mail-subject" }, l.subject || "(no subject)"),
    h("div", { class: "mail-people" }, avatar(sender(l.from)), h("div", null,
      h("div", null, h("strong", null, sender(l.from)), h("span", null, ` ${address(l.from)}`)),
      h("div", null, h("span", null, `to ${l.to.join(", ")} · ${format(new Date(l.received), { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" })}`)))),
    l.attachments.length > 0 && h("div", { class: "mail-files", "data-testid": "mail-attachments" }, l.attachments.map((a, n) => card({ name: a.name || `attachment ${n + 1}`, mimetype: a.type, bytes: a.size, url: `/ui/mail/${l.id}/attachments/${n}/${encodeURIComponent(a.name || "attachment")}` }))),
    html || h("pre", { class: "mail-text", "data-testid": "mail-text" }, l.text));
}
