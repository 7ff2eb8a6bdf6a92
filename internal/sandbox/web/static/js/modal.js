// Modals: the top of the current person's view stack, patched in place when the app updates it.

import { get, post } from "./api.js";
import { block } from "./blocks.js";
import { h, icon, keep, show } from "./dom.js";
import { attempt } from "./messages.js";
import { busy } from "./pop.js";
import { on, store } from "./store.js";
import { forget, formOf, keyOf, prune, surface } from "./view.js";

let dialog = null;
let parts = null;
let shown = null; // the view on top
let turn = 0;

// loadViews brings the dialog up to date with the stack.
export async function loadViews() {
  const mine = ++turn;
  const { views } = await get("views", { user: store.user });
  if (mine !== turn) return;
  forget(new Set(views.map((v) => v.id)));
  const top = views.at(-1);
  if (!top) close();
  else draw(top, views.length);
}

function close() {
  if (!dialog) return;
  dialog.close();
  dialog.remove();
  dialog = parts = shown = null;
  // Chromium gives the composer its focus back but not its caret, so it is focused anew.
  const composer = document.querySelector(".composer-input");
  composer?.blur();
  composer?.focus();
}

function open() {
  parts = {
    title: h("h2", { id: "modal-title" }), back: h("button", { type: "button", class: "icon-button", "aria-label": "Back", onclick: () => dismiss(false) }, icon("back")),
    notice: h("div", { class: "modal-notice", role: "alert", "data-testid": "modal-notice", hidden: true }),
    body: h("div", { class: "view-blocks" }), foot: h("footer", { class: "dialog-foot" }),
  };
  parts.scroll = h("div", { class: "dialog-body" }, parts.notice, parts.body);
  const form = h("form", { novalidate: true, onsubmit: submit, class: "dialog-form" },
    h("header", { class: "dialog-head" }, parts.back, parts.title,
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", "data-testid": "modal-x", onclick: () => dismiss(true) }, icon("close"))),
    parts.scroll, parts.foot);
  dialog = h("dialog", { class: "dialog", "aria-labelledby": "modal-title", "data-testid": "modal", oncancel: (e) => { e.preventDefault(); dismiss(false); } }, form);
  document.body.append(dialog);
  dialog.showModal();
}

function draw(view, depth) {
  if (!dialog) open();
  const fresh = shown?.id !== view.id;
  const back = focusMark();
  shown = view;
  const form = formOf(view);
  prune(view);
  parts.title.textContent = view.title;
  parts.back.hidden = depth < 2;
  const notice = view.notice || form.notice;
  parts.notice.hidden = !notice;
  show(parts.notice, notice && icon("alert"), notice && h("span", null, notice));
  if (fresh) show(parts.body);
  const sur = surface(view);
  keep(parts.body, (view.blocks || []).map((b, i) => ({
    key: b.block_id || `#${i}`, same: `${view.id} ${JSON.stringify(b)} ${form.errors[b.block_id] || ""}`, make: () => block(b, sur),
  })));
  show(parts.foot,
    h("button", { type: "button", class: "button", "data-testid": "modal-close", onclick: () => dismiss(false) }, view.close || "Cancel"),
    view.submit && h("button", { type: "submit", class: "button primary", "data-testid": "modal-submit" }, view.submit));
  if (fresh) {
    parts.scroll.scrollTop = 0;
    focusFirst(view);
  } else back();
}

// focusMark remembers where the caret is and returns how to go back there, should a patch have replaced the field.
function focusMark() {
  const at = document.activeElement;
  const id = at?.dataset?.testid;
  if (!dialog?.contains(at) || !id) return () => {};
  const range = at.selectionStart === undefined ? null : [at.selectionStart, at.selectionEnd];
  return () => {
    if (document.activeElement === at || !dialog) return;
    const now = dialog.querySelector(`[data-testid="${CSS.escape(id)}"]`);
    now?.focus();
    if (now && range && range[0] !== null) now.setSelectionRange?.(...range);
  };
}

function focusFirst(view) {
  const wanted = (view.blocks || []).find((b) => b.element?.focus_on_load);
  const root = wanted ? parts.body.querySelector(`[data-block="${CSS.escape(wanted.block_id)}"]`) : parts.body;
  const field = root?.querySelector("textarea, input:not([type=file]), .text-input");
  (field || parts.foot.querySelector("[type=submit]") || parts.foot.querySelector("button")).focus();
}

async function dismiss(all) {
  if (!shown) return;
  await attempt(() => post("dismiss", { user: store.user, view: shown.id, all }));
  await loadViews();
}

async function submit(e) {
  e.preventDefault();
  const view = shown;
  const button = parts.foot.querySelector("[type=submit]");
  if (!view.submit || button?.disabled) return;
  const form = formOf(view);
  document.activeElement?.blur?.(); // a field that still has the caret commits what it holds
  await busy(button, async () => {
    await form.queue;
    form.notice = "";
    try {
      const answer = await post("submit", { user: store.user, view: view.id, values: pending(view, form) });
      form.errors = answer.errors || {};
    } catch (problem) {
      form.errors = {};
      form.notice = problem.kind === "refused" || problem.kind === "offline" ? problem.message : "We had some trouble connecting. Try again?";
    }
  });
  await loadViews();
  if (shown?.id === view.id) {
    const wrong = parts.body.querySelector(".field.invalid");
    wrong?.querySelector("input, textarea")?.focus();
    wrong?.scrollIntoView({ block: "nearest" });
    if (form.notice || shown.notice) parts.scroll.scrollTop = 0;
  }
}

// pending is what the sandbox does not know yet.
function pending(view, form) {
  const values = {};
  for (const b of view.blocks || []) {
    if (b.type !== "input") continue;
    const key = keyOf(b, b.element);
    const now = form.values.get(key);
    if (now && (form.sent.get(key) !== now.value || /_input$/.test(b.element.type))) values[b.block_id] = now.value;
  }
  return values;
}

on("person", loadViews);
