// The field one types into: messages, slash commands with their autocomplete, and the global shortcuts.

import { post, upload } from "./api.js";
import { h, icon, newID, show } from "./dom.js";
import { attempt } from "./messages.js";
import { busy, menu, toast } from "./pop.js";
import { store } from "./store.js";

const drafts = new Map();

// composer makes the field for a conversation; thread is a root's timestamp inside a thread.
export function composer({ channel, thread, placeholder, testid = "composer" }) {
  const draft = `${store.user}/${channel}/${thread || ""}`;
  const listID = newID("commands");
  let found = [];
  let active = 0;

  const input = h("textarea", {
    rows: 1, class: "composer-input", placeholder, "aria-label": placeholder, value: drafts.get(draft) || "", "data-testid": testid,
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listID,
  });
  const list = h("div", { class: "slash", role: "listbox", id: listID, "aria-label": "Slash commands", hidden: true });
  const hint = h("div", { class: "slash-hint", hidden: true });
  const send = h("button", { type: "button", class: "icon-button send", "aria-label": "Send", title: "Send (Enter)", "data-testid": `${testid}-send`, onclick: submit }, icon("send"));
  const bolt = !thread && h("button", { type: "button", class: "icon-button", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu", "aria-expanded": "false", "data-testid": "shortcuts", onclick: shortcuts }, icon("bolt"));
  let files = [];
  const names = h("div", { class: "composer-files" });
  const drawFiles = () => { show(names, files.map((f) => h("span", { class: "tag" }, f.name))); grow(); };
  const pick = h("input", { type: "file", class: "file-hidden", multiple: true, "aria-label": "Add a file", "data-testid": `${testid}-file`, onchange: attach });
  const clip = h("label", { class: "icon-button", title: "Add a file" }, icon("clip"), pick);
  const box = h("div", { class: "composer" }, list, h("div", { class: "composer-box" }, hint, input, names,
    h("div", { class: "composer-foot" }, clip, bolt, h("span", { class: "composer-help" }, thread ? "Enter sends, Shift + Enter makes a new line" : "Type / for commands. Enter sends, Shift + Enter makes a new line"), send)));

  async function attach(e) {
    for (const file of [...e.target.files]) {
      const added = await attempt(() => upload(store.user, file));
      if (added) files = [...files, added];
    }
    e.target.value = "";
    drawFiles();
    input.focus();
  }

  function shortcuts(e) {
    const global = store.shortcuts.filter((x) => x.type !== "message");
    menu(e.currentTarget, global.map((x) => ({
      label: x.name, hint: x.description, testid: `shortcut-${x.callback_id}`,
      run: () => attempt(() => post("shortcut", { user: store.user, callback_id: x.callback_id })),
    })), "Shortcuts");
  }

  function grow() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 200)}px`;
    send.classList.toggle("ready", Boolean(input.value.trim()) || files.length > 0);
  }

  function suggest() {
    const typed = !thread && input.value.match(/^\/[^\s]*$/);
    const word = typed ? typed[0].toLowerCase() : "";
    const score = (c) => (c.command.startsWith(word) ? 0 : c.command.includes(word.slice(1)) ? 1 : c.description?.toLowerCase().includes(word.slice(1)) ? 2 : 3);
    found = typed ? store.commands.filter((c) => score(c) < 3).sort((a, b) => score(a) - score(b) || a.command.localeCompare(b.command)) : [];
    active = 0;
    draw();
    const command = !typed && store.commands.find((c) => c.usage_hint && new RegExp(`^${c.command}\\s*$`).test(input.value));
    hint.hidden = !command;
    if (command) show(hint, h("strong", null, command.command), ` ${command.usage_hint}`);
  }

  function draw() {
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    show(list, found.length > 0 && h("p", { class: "slash-title", role: "presentation" }, "Commands", h("span", null, "↑ ↓ to move, Tab or Enter to take")), found.map((c, i) => h("div", {
      class: i === active ? "slash-option active" : "slash-option", role: "option", id: `${listID}-${i}`, "aria-selected": String(i === active), "data-testid": "slash-option",
      onpointerdown: (e) => { e.preventDefault(); take(c); }, onpointermove: () => { if (i !== active) { active = i; mark(); } },
    }, h("span", { class: "slash-name" }, h("strong", null, c.command), c.usage_hint && h("span", null, ` ${c.usage_hint}`)), h("span", { class: "slash-about" }, c.description))));
    mark();
  }

  function mark() {
    for (const node of list.querySelectorAll("[role=option]")) {
      const on = node.id === `${listID}-${active}`;
      node.classList.toggle("active", on);
      node.setAttribute("aria-selected", String(on));
      if (on && !list.hidden) node.scrollIntoView({ block: "nearest" });
    }
    if (found.length) input.setAttribute("aria-activedescendant", `${listID}-${active}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function take(command) {
    input.value = `${command.command} `;
    changed();
    input.focus();
  }

  function changed() {
    drafts.set(draft, input.value);
    grow();
    suggest();
  }

  async function submit() {
    const text = input.value.trim();
    if (!text && !files.length) return;
    const sent = text.startsWith("/") ? [] : files;
    input.value = "";
    if (sent.length) files = [];
    drawFiles();
    changed();
    const work = () => post("type", { user: store.user, channel, thread_ts: thread, text, files: sent.map((f) => f.id) });
    try {
      await (text.startsWith("/") ? busy(send, work) : work());
    } catch (problem) {
      // Slack keeps what was typed when a command fails; its own words stand in the channel then.
      if (!input.value.trim()) input.value = text;
      if (sent.length) { files = [...sent, ...files]; drawFiles(); }
      changed();
      if (problem.kind === "refused" || problem.kind === "offline") toast(problem.message, "error");
    }
    if (box.isConnected) input.focus();
  }

  input.addEventListener("input", changed);
  input.addEventListener("blur", () => { list.hidden = true; });
  input.addEventListener("focus", suggest);
  input.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    const choosing = found.length > 0 && !list.hidden;
    const whole = choosing && found[active].command === input.value.trim();
    if (choosing && step) {
      active = (active + step + found.length) % found.length;
      mark();
    } else if (choosing && e.key === "Tab") take(found[active]);
    else if (choosing && e.key === "Escape") list.hidden = true;
    else if (e.key === "Enter" && !e.shiftKey && choosing && !whole) take(found[active]);
    else if (e.key === "Enter" && !e.shiftKey) submit();
    else return;
    e.preventDefault();
  });
  requestAnimationFrame(grow);
  return box;
}
