// The phones: a list of handsets, and the chosen one with its conversation and a field to text back.

import { photoURL, post, sendPhoto } from "./api.js";
import { h, icon, keep, show } from "./dom.js";
import { attempt } from "./messages.js";
import { avatar } from "./messages.js";
import { memory, nameOf, store, tell } from "./store.js";
import { clock, dayKey, dayName } from "./time.js";

let number = memory.get("phone", "");
let view = null;

const received = (p) => p.messages.filter((m) => m.direction !== "inbound" && m.status === "delivered");
const seen = () => memory.get("texts", {});
const fresh = (p) => Math.max(0, received(p).length - (seen()[p.number] || 0));

// freshTexts counts the texts that arrived on any phone since it was looked at.
export const freshTexts = () => store.phones.reduce((sum, p) => sum + fresh(p), 0);

const BEHAVIOURS = { "": "Reachable", unreachable: "Switched off", landline: "Landline", unknown: "Number not in use", filtered: "Blocked by the carrier" };

const errors = { 30003: "phone unreachable", 30005: "unknown number", 30006: "landline", 30007: "blocked by the carrier", 30001: "queue overflow", 30002: "account suspended", 30004: "blocked", 30008: "unknown error" };

// pretty groups a North American number; others stay as they are.
const pretty = (n) => n.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");

function current() {
  return store.phones.find((p) => p.number === number) || store.phones.find((p) => p.owner === nameOf(store.user)) || store.phones.find((p) => p.owner) || store.phones[0];
}

// drawPhones fills the panel.
export function drawPhones(body) {
  const p = current();
  if (!p) {
    view = null;
    show(body, h("p", { class: "empty" }, "No phone has been used yet. A technician's phone appears here with the first text."));
    return;
  }
  if (!view || view.number !== p.number || !view.root.isConnected) {
    view = handset(p);
    show(body, view.root);
  }
  keep(view.list, [...store.phones].sort((a, b) => Boolean(b.owner) - Boolean(a.owner)).map((x) => ({ key: x.number, same: `${x.owner}${fresh(x)}${x === p}${x.messages.at(-1)?.body}${x.opted_out}`, make: () => listRow(x, x === p) })));
  view.update(p);
  if (document.visibilityState === "visible" && fresh(p) > 0 && body.offsetParent) {
    memory.set("texts", { ...seen(), [p.number]: received(p).length });
    queueMicrotask(() => tell("phones-seen"));
  }
}

function listRow(p, here) {
  const last = p.messages.at(-1);
  const count = fresh(p);
  return h("button", { type: "button", class: here ? "phone-row here" : "phone-row", "aria-current": here ? "true" : undefined, "data-testid": `phone-switch-${p.number}`, title: `${p.owner || "Unknown"} ${p.number}`, onclick: () => choose(p.number) },
    avatar(p.owner || p.number, "avatar tiny"),
    h("span", { class: "phone-row-text" }, h("strong", null, p.owner || pretty(p.number)), h("span", null, last ? last.body : p.owner ? pretty(p.number) : "")),
    p.opted_out && h("span", { class: "tag" }, "STOP"), count > 0 && h("span", { class: "badge", "aria-label": `${count} new` }, String(count)));
}

function choose(n) {
  number = n;
  memory.set("phone", n);
  tell("phones-seen");
  view?.field.focus();
}

function handset(p) {
  const list = h("div", { class: "phone-list", role: "group", "aria-label": "Phones" });
  const talk = h("div", { class: "talk", role: "log", "aria-label": `Texts on ${p.owner || p.number}'s phone`, tabindex: "0" });
  const field = h("input", { type: "text", class: "talk-field", placeholder: "Text message", "aria-label": `Text from ${p.owner || p.number}`, autocomplete: "off", "data-testid": "phone-input" });
  const send = h("button", { type: "submit", class: "talk-send", "aria-label": "Send text", "data-testid": "phone-send" }, icon("send"));
  const pick = h("input", { type: "file", class: "file-hidden", accept: "image/*,application/pdf", "aria-label": `Photo from ${p.owner || p.number}`, "data-testid": "phone-photo", onchange: (e) => { photo(p.number, field, e.target.files[0]); e.target.value = ""; } });
  const form = h("form", { class: "talk-form", onsubmit: (e) => { e.preventDefault(); text(p.number, field); } }, h("label", { class: "talk-photo", title: "Send a photo, with what is typed as its words" }, icon("clip"), pick), field, send);
  const time = h("span");
  const company = [h("strong"), h("span")];
  const stop = h("p", { class: "talk-note", hidden: true }, "Texts to this phone are stopped. Text START to receive them again.");
  const behave = h("select", { class: "behave", "aria-label": "How this phone receives", "data-testid": "phone-behaviour", onchange: (e) => attempt(() => post("phones/behave", { from: p.number, behaviour: e.target.value })) },
    Object.entries(BEHAVIOURS).map(([value, label]) => h("option", { value }, label)));
  const phone = h("section", { class: "phone", "data-testid": `phone-${p.number}`, "aria-label": `Phone of ${p.owner || p.number}` },
    h("div", { class: "phone-status", "aria-hidden": "true" }, time, h("span", { class: "phone-island" }), h("span", { class: "phone-signal" })),
    h("header", { class: "phone-head" }, h("img", { src: "icon.svg", alt: "" }), company),
    talk, stop, form);
  const foot = h("label", { class: "phone-foot" }, h("span", null, pretty(p.number)), behave);
  let was = 0;
  return {
    number: p.number, field, list, root: h("div", { class: "phones" }, list, phone, foot),
    update(now) {
      time.textContent = clock(new Date());
      company[0].textContent = store.company;
      company[1].textContent = pretty(store.number);
      stop.hidden = !now.opted_out;
      if (document.activeElement !== behave) behave.value = now.behaviour;
      const atEnd = was === 0 || talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
      keep(talk, bubbles(now.messages));
      if (atEnd || now.messages.length > was) talk.scrollTop = talk.scrollHeight;
      was = now.messages.length;
    },
  };
}

function bubbles(messages) {
  const items = [];
  let day = "";
  for (const m of messages) {
    const when = new Date(m.created);
    if (dayKey(when) !== day) items.push({ key: `d${day = dayKey(when)}`, same: dayName(when), make: () => h("div", { class: "talk-day" }, `${dayName(when)} ${clock(when)}`) });
    items.push({ key: m.sid, same: m.status + m.body, make: () => bubble(m, when) });
  }
  if (!items.length) items.push({ key: "none", same: "", make: () => h("p", { class: "talk-day" }, "No texts yet") });
  return items;
}

function state(m) {
  if (m.direction === "inbound") return "Sent";
  const word = { queued: "Queued", sending: "On its way", sent: "On its way", delivered: "Delivered", undelivered: "Not delivered", failed: "Failed" }[m.status] || m.status;
  return m.error_code ? `${word}: ${errors[m.error_code] || m.error_code}` : word;
}

function bubble(m, when) {
  const out = m.direction === "inbound"; // seen from the phone, a text to the company goes out
  const bad = m.status === "undelivered" || m.status === "failed";
  const segments = `${m.segments} ${m.segments === 1 ? "segment" : "segments"}${m.encoding === "UCS-2" ? ", Unicode" : ""}`;
  return h("div", { class: `bubble-row ${out ? "out" : "in"}${bad ? " bad" : ""}`, "data-testid": out ? "sms-out" : "sms-in" },
    (m.media || []).map((x) => h("a", { href: photoURL(m.sid, x.sid), target: "_blank", rel: "noopener" }, x.type.startsWith("image/") ? h("img", { class: "talk-image", src: photoURL(m.sid, x.sid), alt: "Photo", loading: "lazy" }) : x.type)),
    m.body && h("div", { class: "bubble" }, linked(m.body)),
    h("div", { class: "bubble-about", title: `${m.encoding}, ${clock(when)}` }, `${state(m)} · ${segments}${m.automatic ? " · by Twilio" : ""}`));
}

function linked(text) {
  return text.split(/(https?:\/\/\S+)/).map((part) => (/^https?:/.test(part) ? h("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part) : part));
}

async function photo(from, field, file) {
  if (!file) return;
  const body = field.value.trim();
  field.value = "";
  await attempt(() => sendPhoto(from, body, file));
  field.focus();
}

async function text(from, field) {
  const body = field.value.trim();
  if (!body) return;
  field.value = "";
  await attempt(() => post("phones/text", { from, body }));
  field.focus();
}
