// Block Kit's interactive elements. A surface (message, modal, Home) hands in what happens with a value.

import { upload } from "./api.js";
import { combobox } from "./combobox.js";
import { debounce, h, icon, newID, show } from "./dom.js";
import { textObject, safeHref } from "./mrkdwn.js";
import { busy, confirm, menu, toast } from "./pop.js";
import { choices, isSelect, selected, toLocal, toUnix } from "./values.js";
import { store } from "./store.js";

// element makes the control. use is {now: {value, chosen}, id, describedby, invalid, label, optional, oninput(now), oncommit(now), suggest(query)};
// oninput hears every key, oncommit a finished value; a button commits its press.
export function element(el, use) {
  if (isSelect(el)) return select(el, use);
  const make = { button, overflow, checkboxes: choice, radio_buttons: choice, datepicker: picker, timepicker: picker, datetimepicker: picker, file_input: files, image, workflow_button: button, icon_button: button }[el.type];
  if (make) return make(el, use);
  if (/_input$/.test(el.type)) return textInput(el, use);
  return h("span", { class: "unknown" }, `(${el.type})`);
}

function image(el) {
  return h("img", { class: "image-element", src: el.image_url, alt: el.alt_text, loading: "lazy" });
}

async function sure(el) {
  if (!el.confirm) return true;
  const t = (x) => x?.text;
  return confirm({ title: t(el.confirm.title), text: textObject(el.confirm.text), confirm: t(el.confirm.confirm), deny: t(el.confirm.deny), style: el.confirm.style });
}

function button(el, use) {
  const label = textObject(el.text);
  const look = `button ${el.style || ""}`;
  const press = async (e) => {
    const b = e.currentTarget;
    if (!(await sure(el))) return;
    await busy(b, () => use.oncommit({ value: el.value || "" }));
  };
  const name = el.accessibility_label || undefined;
  if (el.url && safeHref(el.url)) return h("a", { class: look, href: el.url, target: "_blank", rel: "noopener noreferrer", role: "button", "aria-label": name, onclick: () => use.oncommit({ value: el.value || "" }) }, label, icon("open"));
  return h("button", { type: "button", class: look, "aria-label": name, "data-testid": `action-${el.action_id}`, onclick: press }, label);
}

function overflow(el, use) {
  const open = (e) => menu(e.currentTarget, el.options.map((o) => ({
    label: textObject(o.text), hint: o.description && textObject(o.description),
    run: async () => {
      if (o.url && safeHref(o.url)) window.open(o.url, "_blank", "noopener");
      if (await sure(el)) use.oncommit({ value: o.value });
    },
  })), "More actions");
  return h("button", { type: "button", class: "button overflow", "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false", "data-testid": `action-${el.action_id}`, onclick: open }, icon("more"));
}

function select(el, use) {
  const fixed = choices(el);
  const matches = (o, q) => `${o.text} ${o.description || ""} ${o.group || ""}`.toLowerCase().includes(q);
  return combobox({
    id: use.id, label: use.id ? undefined : use.label || el.placeholder?.text, describedby: use.describedby, placeholder: el.placeholder?.text,
    chosen: use.now.chosen, multi: el.type.startsWith("multi_"), max: el.max_selected_items, clearable: Boolean(use.optional), testid: `input-${el.action_id}`,
    wait: !fixed, least: fixed ? 0 : el.min_query_length ?? 3,
    load: (query) => (fixed ? fixed.filter((o) => matches(o, query.toLowerCase())) : use.suggest(query)),
    onchange: async (chosen) => {
      if (!(await sure(el))) return;
      use.oncommit(selected(el, chosen));
    },
  });
}

function choice(el, use) {
  const many = el.type === "checkboxes";
  const name = newID("choice");
  const start = many ? JSON.parse(use.now.value || "[]") : [use.now.value];
  const box = h("div", { class: "choices", role: many ? "group" : "radiogroup", id: use.id, "aria-label": use.label, "aria-describedby": use.describedby, "data-testid": `input-${el.action_id}` },
    el.options.map((o) => h("label", { class: "choice" },
      h("input", { type: many ? "checkbox" : "radio", name, value: o.value, checked: start.includes(o.value) }),
      h("span", { class: "choice-text" }, h("span", null, textObject(o.text)), o.description && h("span", { class: "choice-hint" }, textObject(o.description))))));
  box.addEventListener("change", async () => {
    const on = [...box.querySelectorAll("input:checked")].map((i) => i.value);
    if (await sure(el)) use.oncommit({ value: many ? (on.length ? JSON.stringify(on) : "") : on[0] || "" });
  });
  return box;
}

function picker(el, use) {
  const type = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" }[el.type];
  const stamp = el.type === "datetimepicker";
  return h("input", {
    type, class: "text-input picker", id: use.id, "aria-label": use.id ? undefined : use.label || el.placeholder?.text || type, "aria-describedby": use.describedby, "data-testid": `input-${el.action_id}`,
    value: stamp ? toLocal(use.now.value) : use.now.value,
    onchange: (e) => use.oncommit({ value: stamp ? toUnix(e.target.value) : e.target.value }),
  });
}

const KINDS = { email_text_input: "email", url_text_input: "url" };

function textInput(el, use) {
  const long = el.multiline || el.type === "rich_text_input";
  const on = el.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  const soon = debounce((now) => use.oncommit(now), 300);
  const count = el.max_length && el.type === "plain_text_input" ? h("span", { class: "count", "aria-hidden": "true" }) : null;
  const input = h(long ? "textarea" : "input", {
    type: long ? undefined : KINDS[el.type] || "text", inputmode: el.type === "number_input" ? (el.is_decimal_allowed ? "decimal" : "numeric") : undefined,
    class: "text-input", id: use.id, rows: long ? 4 : undefined, placeholder: el.placeholder?.text, autocomplete: "off", value: use.now.value,
    "aria-label": use.id ? undefined : use.label, "aria-describedby": use.describedby, "aria-invalid": use.invalid ? "true" : undefined, "data-testid": `input-${el.action_id}`,
  });
  const tally = () => { if (count) { count.textContent = input.value.length > el.max_length * 0.7 ? `${input.value.length} / ${el.max_length}` : ""; count.classList.toggle("over", input.value.length > el.max_length); } };
  input.addEventListener("input", () => {
    tally();
    use.oninput({ value: input.value });
    if (use.dispatches && on.includes("on_character_entered")) soon({ value: input.value });
  });
  input.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || e.isComposing || !use.dispatches || !on.includes("on_enter_pressed") || (long && e.shiftKey)) return;
    e.preventDefault();
    use.oncommit({ value: input.value });
  });
  if (!use.dispatches) input.addEventListener("change", () => use.oncommit({ value: input.value }));
  tally();
  return count ? h("div", { class: "counted" }, input, count) : input;
}

function files(el, use) {
  let have = use.now.files || [];
  const types = (el.filetypes || []).map((t) => `.${t}`).join(",");
  const names = h("ul", { class: "file-list" });
  const commit = () => { draw(); use.oncommit({ value: have.length ? JSON.stringify(have.map((f) => f.id)) : "", files: have }); };
  const draw = () => show(names, have.map((f) => h("li", null, icon("file"), h("span", null, f.name), h("button", { type: "button", class: "icon-button", "aria-label": `Remove ${f.name}`, onclick: () => { have = have.filter((x) => x !== f); commit(); } }, icon("close")))));
  const addAll = async (chosen) => {
    for (const file of [...chosen].slice(0, (el.max_files || 10) - have.length)) {
      try {
        have = [...have, await upload(store.user, file)];
      } catch (problem) {
        toast(problem.message, "error");
      }
    }
    commit();
  };
  draw();
  const input = h("input", { type: "file", class: "file-hidden", id: use.id, multiple: (el.max_files || 10) > 1, accept: types || undefined, "aria-describedby": use.describedby, onchange: (e) => addAll(e.target.files) });
  return h("div", { class: "file-input", "data-testid": `input-${el.action_id}` },
    h("label", { class: "drop", ondragover: (e) => e.preventDefault(), ondrop: (e) => { e.preventDefault(); addAll(e.dataTransfer.files); } }, icon("clip"), h("span", null, "Add a file or drop it here"), input), names);
}
