// Things that come up over the page: menus, confirmations, short notices.

import { h, icon, newID, show } from "./dom.js";

// menu opens a list of actions at a button; items are {label, hint, run, danger, testid}. Arrow keys move, Escape closes.
export function menu(anchor, items, label) {
  const rows = items.map((item) => h("button", {
    type: "button", role: "menuitem", class: item.danger ? "menu-item danger" : "menu-item", tabindex: "-1", "data-testid": item.testid,
    onclick: () => { close(); item.run(); },
  }, h("span", { class: "menu-label" }, item.label), item.hint && h("span", { class: "menu-hint" }, item.hint)));
  const box = h("div", { class: "menu", role: "menu", popover: "manual", "aria-label": label }, rows.length ? rows : h("p", { class: "menu-none" }, "Nothing to choose here"));
  const away = (e) => { if (!box.contains(e.target) && e.target !== anchor) close(); };
  function close() {
    box.remove();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", away, true);
    if (box.hadFocus) anchor.focus();
  }
  box.addEventListener("keydown", (e) => {
    const i = rows.indexOf(document.activeElement);
    const to = { ArrowDown: (i + 1) % rows.length, ArrowUp: (i - 1 + rows.length) % rows.length, Home: 0, End: rows.length - 1 }[e.key];
    if (to !== undefined) rows[to]?.focus();
    else if (e.key === "Escape" || e.key === "Tab") { box.hadFocus = true; close(); } else return;
    e.preventDefault();
    e.stopPropagation();
  });
  (anchor.closest("dialog") || document.body).append(box);
  box.showPopover();
  place(box, anchor);
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", away, true);
  rows[0]?.focus();
  return close;
}

// place puts a fixed box under (or, without room, over) its anchor, inside the window.
export function place(box, anchor, wide) {
  const a = anchor.getBoundingClientRect();
  if (wide) box.style.width = `${a.width}px`;
  const b = box.getBoundingClientRect();
  const below = innerHeight - a.bottom - 8;
  const up = b.height > below && a.top > below;
  box.style.maxHeight = `${Math.max(120, up ? a.top - 12 : below)}px`;
  box.style.left = `${Math.max(8, Math.min(a.left, innerWidth - b.width - 8))}px`;
  box.style.top = up ? "auto" : `${a.bottom + 4}px`;
  box.style.bottom = up ? `${innerHeight - a.top + 4}px` : "auto";
}

// confirm asks before a button acts, with the app's own words; it resolves to true or false.
export function confirm(words) {
  const id = newID("confirm");
  return new Promise((resolve) => {
    const finish = (yes) => { box.close(); box.remove(); resolve(yes); };
    const box = h("dialog", { class: "dialog small", "aria-labelledby": id, "data-testid": "confirm", oncancel: (e) => { e.preventDefault(); finish(false); } },
      h("header", { class: "dialog-head" }, h("h2", { id }, words.title)),
      h("div", { class: "dialog-body" }, h("p", null, words.text)),
      h("footer", { class: "dialog-foot" },
        h("button", { type: "button", class: "button", "data-testid": "confirm-deny", onclick: () => finish(false) }, words.deny || "Cancel"),
        h("button", { type: "button", class: `button ${words.style === "danger" ? "danger" : "primary"}`, "data-testid": "confirm-accept", onclick: () => finish(true) }, words.confirm || "Yes")));
    document.body.append(box);
    box.showModal();
    box.querySelector(".dialog-foot .button:last-child").focus();
  });
}

// toast says something for a few seconds.
export function toast(text, kind = "info") {
  const node = h("div", { class: `toast ${kind}`, "data-testid": "toast" }, icon(kind === "error" ? "alert" : "info"), h("span", null, text));
  document.getElementById("toasts").append(node);
  setTimeout(() => node.remove(), 6000);
}

// spinnerOn shows that a button works, and takes it back.
export async function busy(button, work) {
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

export { show };
