// Embeds and components of messages: https://discord.com/developers/docs/components/reference

import { post } from "../api.js";
import { combobox } from "../combobox.js";
import { debounce, h, icon } from "../dom.js";
import { card } from "../files.js";
import { attempt } from "../messages.js";
import { busy } from "../pop.js";
import { members, nameOf, store } from "../store.js";
import { clock } from "../time.js";
import { inline, longDay, markdown } from "./markdown.js";

const STYLES = { 1: "primary", 2: "", 3: "success", 4: "danger", 5: "" };
const CHOOSING = 900; // milliseconds after the last change before a choice of several is sent

// safe is an address that may be opened.
const safe = (url) => (/^https?:\/\//.test(url || "") ? url : undefined);

// fileURL is where the page reads a file of the guild.
export function fileURL(a) {
  return `/ui/discord/files/${encodeURIComponent(a.id)}/${encodeURIComponent(a.filename)}`;
}

// media is the page's own address of a picture: the guild's addresses are another server's.
function media(url) {
  const m = (url || "").match(/attachments\/\d+\/(\d+)\/([^/?]+)$/);
  return m ? fileURL({ id: m[1], filename: m[2] }) : undefined;
}

// attachment shows a file.
export function attachment(a) {
  return card({ name: a.filename, mimetype: a.content_type, bytes: a.size, url: fileURL(a), alt: a.description });
}

// embed shows an embed.
export function embed(e) {
  const colour = e.color === undefined || e.color === null ? undefined : `#${e.color.toString(16).padStart(6, "0")}`;
  const foot = [e.footer?.text, e.timestamp && `${longDay(new Date(e.timestamp))} ${clock(new Date(e.timestamp))}`].filter(Boolean).join(" • ");
  return h("div", { class: "embed", style: colour && { borderLeftColor: colour }, "data-testid": "embed" },
    e.thumbnail && media(e.thumbnail.url) && h("img", { class: "embed-thumb", src: media(e.thumbnail.url), alt: "" }),
    e.author && h("div", { class: "embed-author" }, e.author.name),
    e.title && h("div", { class: "embed-title" }, safe(e.url) ? h("a", { href: e.url, target: "_blank", rel: "noopener noreferrer" }, inline(e.title)) : inline(e.title)),
    e.description && h("div", null, markdown(e.description)),
    e.fields?.length > 0 && h("div", { class: "embed-fields" }, e.fields.map((f) => h("div", { class: f.inline ? "inline" : "" }, h("strong", null, inline(f.name)), markdown(f.value)))),
    e.image && media(e.image.url) && h("img", { class: "embed-image", src: media(e.image.url), alt: "" }),
    foot && h("div", { class: "subtext" }, foot));
}

// component shows one component of a message.
export function component(c, m) {
  const inside = () => (c.components || []).map((x) => component(x, m));
  switch (c.type) {
    case 1: return h("div", { class: "block-actions" }, inside());
    case 2: return button(c, m);
    case 3: case 5: case 6: case 7: case 8: return select(c, m);
    case 9: return h("div", { class: "block-section" }, h("div", { class: "section-main" }, inside()), h("div", { class: "accessory" }, component(c.accessory, m)));
    case 10: return h("div", null, markdown(c.content));
    case 11: return media(c.media.url) ? h("img", { class: "embed-thumb", src: media(c.media.url), alt: c.description || "" }) : false;
    case 12: return h("div", { class: "gallery" }, c.items.map((i) => media(i.media.url) && h("img", { src: media(i.media.url), alt: i.description || "" })));
    case 13: return false; // it stands below, with the message's files
    case 14: return h("hr", { class: c.divider === false ? "plain" : "" });
    case 17: return h("div", { class: "embed container", style: c.accent_color ? { borderLeftColor: `#${c.accent_color.toString(16).padStart(6, "0")}` } : undefined }, inside());
    default: return h("span", { class: "unknown" }, `(component ${c.type})`);
  }
}

const ref = (m) => ({ channel: m.channel, id: m.id });

function button(c, m) {
  const label = [c.emoji?.name && !c.emoji.id && `${c.emoji.name} `, c.label];
  if (c.style === 5) return h("a", { class: "button", href: safe(c.url), target: "_blank", rel: "noopener noreferrer" }, label, icon("open"));
  const press = (e) => busy(e.currentTarget, () => attempt(() => post("discord/press", { user: store.user, at: ref(m), name: c.custom_id })));
  return h("button", { type: "button", class: `button ${STYLES[c.style] ?? ""}`, disabled: c.disabled, "data-testid": `action-${c.custom_id}`, onclick: press }, label);
}

// choicesOf lists what may be chosen in a select, as the combobox wants it.
export function choicesOf(c) {
  const people = () => members().map((u) => ({ text: nameOf(u.id), value: u.id, description: u.title }));
  const rooms = () => store.channels.filter((x) => !x.is_im).map((x) => ({ text: `#${x.name}`, value: x.id }));
  if (c.options) return c.options.map((o) => ({ text: o.label, value: o.value, description: o.description }));
  return { 5: people, 7: people, 8: rooms }[c.type]?.() || [];
}

// chosenOf is what stands in a select at first.
export function chosenOf(c, values) {
  return choicesOf(c).filter((o) => values.includes(o.value));
}

function select(c, m) {
  const all = choicesOf(c);
  const many = (c.max_values || 1) > 1;
  const send = (chosen) => attempt(() => post("discord/choose", { user: store.user, at: ref(m), name: c.custom_id, values: chosen.map((o) => o.value) }));
  const sendSoon = debounce(send, CHOOSING);
  const presets = (c.options || []).filter((o) => o.default).map((o) => o.value).concat((c.default_values || []).map((d) => d.id));
  return combobox({
    chosen: chosenOf(c, presets), multi: many, max: c.max_values, label: c.placeholder || "Choose", placeholder: c.placeholder, testid: `input-${c.custom_id}`,
    load: (q) => all.filter((o) => `${o.text} ${o.description || ""}`.toLowerCase().includes(q.toLowerCase())),
    onchange: (chosen) => (many ? sendSoon(chosen) : chosen.length && send(chosen)),
  });
}
