// Modals: the form a person has open.

import { get, post } from "../api.js";
import { combobox } from "../combobox.js";
import { h, icon, newID, show } from "../dom.js";
import { attempt, avatar } from "../messages.js";
import { busy } from "../pop.js";
import { nameOf, on, store } from "../store.js";
import { uploadFile } from "./composer.js";
import { markdown } from "./markdown.js";
import { choicesOf, chosenOf } from "./parts.js";

let dialog = null;
let shown = "";
let values = {};
let notes = null;
let turn = 0;

// loadModal brings the dialog up to date.
export async function loadModal() {
  const mine = ++turn;
  const { modal } = await get("discord/modal", { user: store.user });
  if (mine !== turn) return;
  if (!modal) close();
  else if (shown !== modal.id) open(modal);
  else mark(modal);
}

function close() {
  dialog?.close();
  dialog?.remove();
  dialog = null;
  shown = "";
}

function open(m) {
  close();
  shown = m.id;
  values = { ...m.values };
  const notice = h("div", { class: "modal-notice", role: "alert", "data-testid": "modal-notice", hidden: true });
  notes = { notice, fields: new Map() };
  const send = h("button", { type: "submit", class: "button primary", "data-testid": "modal-submit" }, "Submit");
  const form = h("form", { novalidate: true, class: "dialog-form", onsubmit: (e) => { e.preventDefault(); submit(send); } },
    h("header", { class: "dialog-head" }, avatar(store.bot, "avatar small"), h("h2", { id: "modal-title" }, m.title),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", "data-testid": "modal-x", onclick: dismiss }, icon("close"))),
    h("div", { class: "dialog-body" }, h("p", { class: "modal-about" }, icon("alert"), h("span", null, "This form will be submitted to ", h("strong", null, nameOf(store.bot)), ".")), notice, h("div", { class: "view-blocks" }, m.components.map(part))),
    h("footer", { class: "dialog-foot" }, h("button", { type: "button", class: "button", "data-testid": "modal-close", onclick: dismiss }, "Cancel"), send));
  dialog = h("dialog", { class: "dialog", "aria-labelledby": "modal-title", "data-testid": "modal", oncancel: (e) => { e.preventDefault(); dismiss(); } }, form);
  document.body.append(dialog);
  dialog.showModal();
  mark(m);
  (dialog.querySelector(".view-blocks textarea, .view-blocks input:not([type=file])") || send).focus();
}

// mark shows what is wrong with what was sent.
function mark(m) {
  show(notes.notice, m.notice && icon("alert"), m.notice && h("span", null, m.notice));
  notes.notice.hidden = !m.notice;
  for (const [id, field] of notes.fields) {
    const wrong = m.errors?.[id];
    field.root.classList.toggle("invalid", Boolean(wrong));
    show(field.note, wrong && h("p", { class: "error" }, icon("alert"), h("span", null, wrong)));
  }
  notes.fields.get(Object.keys(m.errors || {})[0])?.root.scrollIntoView({ block: "nearest" });
}

function part(c) {
  if (c.type === 10) return h("div", null, markdown(c.content));
  const inner = c.type === 18 ? c.component : c.components[0];
  const id = newID("field");
  const note = h("div", { class: "notes" });
  const root = h("div", { class: "field", "data-testid": `field-${inner.custom_id}` },
    h("label", { class: "label", for: id }, c.label || inner.label, inner.required !== false && inner.type !== 23 && h("span", { class: "needed" }, " *")),
    c.description && h("p", { class: "hint" }, c.description), input(inner, id), note);
  notes.fields.set(inner.custom_id, { root, note });
  return root;
}

function input(c, id) {
  const set = (list) => { values[c.custom_id] = list; };
  const now = values[c.custom_id] || [];
  switch (c.type) {
    case 4: {
      const props = { id, class: "text-input", placeholder: c.placeholder, maxlength: c.max_length || 4000, value: now[0] || "", "data-testid": `input-${c.custom_id}`, oninput: (e) => set([e.target.value]) };
      return c.style === 2 ? h("textarea", { rows: 4, ...props }) : h("input", { type: "text", autocomplete: "off", ...props });
    }
    case 19: return files(c, id, set);
    case 21: case 22: return h("div", { class: "choices" }, c.options.map((o) => tick(c, o, set)));
    case 23: return h("input", { type: "checkbox", id, checked: now[0] === "true", onchange: (e) => set([String(e.target.checked)]) });
    default: {
      const all = choicesOf(c);
      return combobox({
        id, chosen: chosenOf(c, now), multi: (c.max_values || 1) > 1, max: c.max_values, placeholder: c.placeholder, clearable: c.required === false, testid: `input-${c.custom_id}`,
        load: (q) => all.filter((o) => `${o.text} ${o.description || ""}`.toLowerCase().includes(q.toLowerCase())), onchange: (chosen) => set(chosen.map((o) => o.value)),
      });
    }
  }
}

function tick(c, o, set) {
  const one = c.type === 21;
  const change = (e) => {
    const had = values[c.custom_id] || [];
    set(one ? [o.value] : e.target.checked ? [...had, o.value] : had.filter((v) => v !== o.value));
  };
  return h("label", { class: "choice" }, h("input", { type: one ? "radio" : "checkbox", name: c.custom_id, checked: (values[c.custom_id] || []).includes(o.value), onchange: change }),
    h("span", null, o.label, o.description && h("span", { class: "choice-hint" }, o.description)));
}

function files(c, id, set) {
  let added = [];
  const list = h("ul", { class: "file-list" });
  const draw = () => {
    set(added.map((f) => f.id));
    show(list, added.map((f) => h("li", null, icon("file"), h("span", null, f.name), h("button", { type: "button", class: "icon-button", "aria-label": `Remove ${f.name}`, onclick: () => { added = added.filter((x) => x !== f); draw(); } }, icon("close")))));
  };
  const pick = h("input", {
    type: "file", id, class: "file-hidden", multiple: (c.max_values || 1) > 1, "data-testid": `input-${c.custom_id}`,
    onchange: async (e) => {
      for (const file of [...e.target.files]) {
        const one = await attempt(() => uploadFile(file));
        if (one) added = [...added, one];
      }
      e.target.value = "";
      draw();
    },
  });
  return h("div", null, h("label", { class: "drop" }, icon("clip"), "Add files", pick), list);
}

async function dismiss() {
  await attempt(() => post("discord/dismiss", { user: store.user }));
  await loadModal();
}

async function submit(button) {
  if (button.disabled) return;
  await busy(button, () => attempt(() => post("discord/submit", { user: store.user, fields: values })));
  await loadModal();
}

on("person", () => close());
