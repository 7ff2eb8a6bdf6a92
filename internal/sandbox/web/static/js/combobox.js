// A select with type-ahead: static ones filter their options, external ones ask the app.
// It follows the combobox pattern of https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

import { debounce, h, icon, newID, show } from "./dom.js";
import { place } from "./pop.js";

const WAIT = 200; // milliseconds after the last key before the app is asked

// combobox makes the control. options: {chosen, multi, max, load(query), least, wait, placeholder, id, label, onchange, clearable,
// testid}. load returns [{text, value, description, group}] and may be asynchronous.
export function combobox(o) {
  const listID = newID("list");
  let chosen = o.chosen || [];
  let options = [];
  let active = -1;
  let open = false;
  let turn = 0;

  const input = h("input", {
    type: "text", class: "combo-input", role: "combobox", id: o.id, "aria-label": o.label, "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": listID, "aria-describedby": o.describedby, autocomplete: "off", spellcheck: "false", "data-testid": o.testid && `${o.testid}-input`,
  });
  const list = h("div", { class: "combo-list", role: "listbox", id: listID, popover: "manual", "aria-label": o.label || o.placeholder, "aria-multiselectable": o.multi ? "true" : undefined });
  const chips = h("span", { class: "chips" });
  const clear = h("button", { type: "button", class: "combo-clear", "aria-label": "Clear", tabindex: "-1", onclick: () => { take([]); input.focus(); } }, icon("close"));
  const box = h("div", { class: o.multi ? "combo multi" : "combo", "data-testid": o.testid }, chips, input, clear, h("span", { class: "combo-caret" }, icon("down")), list);

  function draw() {
    if (o.multi) {
      show(chips, chosen.map((c) => h("span", { class: "chip" }, c.text, h("button", { type: "button", "aria-label": `Remove ${c.text}`, onclick: () => take(chosen.filter((x) => x !== c)) }, icon("close")))));
      input.placeholder = chosen.length ? "" : o.placeholder || "Choose options";
      if (!open) input.value = "";
    } else {
      if (!open) input.value = chosen[0]?.text || "";
      input.placeholder = chosen[0]?.text || o.placeholder || "Choose an option";
    }
    clear.hidden = !o.clearable || chosen.length === 0;
  }

  function take(next) {
    chosen = next;
    draw();
    o.onchange(chosen);
  }

  function pick(option) {
    if (!option) return;
    if (!o.multi) {
      close();
      take([option]);
      input.value = option.text;
      return;
    }
    const had = chosen.some((c) => c.value === option.value);
    if (!had && o.max && chosen.length >= o.max) return;
    input.value = "";
    take(had ? chosen.filter((c) => c.value !== option.value) : [...chosen, option]);
    search("");
  }

  function note(text, kind) {
    options = [];
    active = -1;
    show(list, h("p", { class: kind ? `combo-note ${kind}` : "combo-note" }, text));
    input.removeAttribute("aria-activedescendant");
    if (open) place(list, box, true);
  }

  function drawOptions() {
    if (!options.length) return note("No results");
    let group = "";
    const rows = [];
    options.forEach((option, i) => {
      if (option.group && option.group !== group) rows.push(h("p", { class: "combo-group", role: "presentation" }, group = option.group));
      const selected = chosen.some((c) => c.value === option.value);
      rows.push(h("div", {
        class: "combo-option", role: "option", id: `${listID}-${i}`, "aria-selected": String(selected), "data-testid": "option",
        onpointerdown: (e) => { e.preventDefault(); pick(option); }, onpointermove: () => activate(i),
      }, h("span", { class: "option-text" }, option.text), option.description && h("span", { class: "option-hint" }, option.description), selected && icon("check")));
    });
    show(list, rows);
    if (open) place(list, box, true);
    activate(Math.max(0, options.findIndex((x) => x.value === chosen[0]?.value)));
  }

  function activate(i) {
    active = i;
    for (const node of list.querySelectorAll("[role=option]")) node.classList.toggle("active", node.id === `${listID}-${i}`);
    const node = list.querySelector(".active");
    if (node) input.setAttribute("aria-activedescendant", node.id);
    node?.scrollIntoView({ block: "nearest" });
  }

  async function search(query) {
    const mine = ++turn;
    if (query.length < (o.least || 0)) return note(`Type at least ${o.least} ${o.least === 1 ? "character" : "characters"}`);
    if (o.wait) note("Searching…", "searching");
    try {
      const found = await o.load(query);
      if (mine !== turn) return; // a newer question is under way
      options = found;
      drawOptions();
    } catch (problem) {
      if (mine === turn) note(problem.message || "The app did not answer", "error");
    }
  }
  const searchSoon = debounce(search, o.wait ? WAIT : 0);

  function unfold() {
    if (open) return;
    open = true;
    list.showPopover();
    place(list, box, true);
    input.setAttribute("aria-expanded", "true");
    addEventListener("scroll", follow, true);
    search("");
  }
  function follow(e) {
    if (!list.contains(e.target) && list.isConnected) place(list, box, true);
  }
  function close() {
    searchSoon.cancel();
    turn++;
    if (!open) return;
    open = false;
    if (list.isConnected) list.hidePopover();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    removeEventListener("scroll", follow, true);
    draw();
  }

  input.addEventListener("focus", () => input.select());
  input.addEventListener("pointerdown", () => {
    if (!open) input.addEventListener("click", () => input.select(), { once: true }); // what is typed next replaces what was chosen
    unfold();
  });
  input.addEventListener("blur", close);
  input.addEventListener("input", () => {
    unfold();
    if (o.wait) note("Searching…", "searching");
    searchSoon(input.value.trim());
  });
  input.addEventListener("keydown", (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step && !open) unfold();
    else if (step && options.length) activate((active + step + options.length) % options.length);
    else if (e.key === "Enter" && open) pick(options[active]);
    else if (e.key === "Escape" && open) close();
    else if (e.key === "Backspace" && o.multi && !input.value && chosen.length) return take(chosen.slice(0, -1));
    else return;
    e.preventDefault();
    e.stopPropagation();
  });
  box.addEventListener("pointerdown", (e) => {
    if (e.target.closest("button, .combo-list") || e.target === input) return;
    e.preventDefault();
    input.focus();
    unfold();
  });
  draw();
  return box;
}
