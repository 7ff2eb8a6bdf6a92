// The field one types into: messages, and slash commands with their options and what the app offers for them.

import { post } from "../api.js";
import { debounce, h, icon, newID, show } from "../dom.js";
import { attempt } from "../messages.js";
import { busy, toast } from "../pop.js";
import { store } from "../store.js";

const drafts = new Map();
const WAIT = 200; // milliseconds after the last key before the app is asked

// uploadFile adds a file as a person.
export async function uploadFile(file) {
  const answer = await fetch(`/ui/discord/upload?${new URLSearchParams({ user: store.user, name: file.name })}`, { method: "POST", body: file });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.message), { kind: body.kind });
  return body;
}

// pathOf finds the command that was typed, down to its subcommand, and the rest of the words.
function pathOf(text, commands) {
  const words = text.match(/^\/([^\s]+)\s(.*)$/s);
  let at = words && commands.find((c) => c.type === 1 && c.name === words[1]);
  if (!at) return null;
  let rest = words[2];
  while (at.options?.[0]?.type <= 2) {
    const sub = rest.match(/^([^\s]+)\s(.*)$/s);
    const next = sub && at.options.find((o) => o.name === sub[1]);
    if (!next) return { at, rest };
    [at, rest] = [next, sub[2]];
  }
  return { at, rest };
}

// composer makes the field for a conversation.
export function composer({ channel, commands, thread, placeholder, testid }) {
  const draft = `${store.user}/${channel}`;
  const listID = newID("commands");
  let found = []; // {label, about, text}: taking one puts its text into the field
  let active = 0;
  let turn = 0;
  let files = [];

  const input = h("textarea", {
    rows: 1, class: "composer-input", placeholder, "aria-label": placeholder, value: drafts.get(draft) || "", "data-testid": testid,
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listID,
  });
  const list = h("div", { class: "slash", role: "listbox", id: listID, "aria-label": "Commands and options", hidden: true });
  const send = h("button", { type: "button", class: "icon-button send", "aria-label": "Send", title: "Send (Enter)", "data-testid": `${testid}-send`, onclick: submit }, icon("send"));
  const names = h("div", { class: "composer-files" });
  const pick = h("input", { type: "file", class: "file-hidden", multiple: true, "aria-label": "Add a file", "data-testid": `${testid}-file`, onchange: attach });
  const box = h("div", { class: "composer" }, list, h("div", { class: "composer-box" }, input, names,
    h("div", { class: "composer-foot" }, h("label", { class: "icon-button", title: "Add a file" }, icon("clip"), pick), h("span", { class: "composer-help" }, thread ? "Enter sends" : "Type / for commands. Enter sends, Shift + Enter makes a new line"), send)));

  async function attach(e) {
    for (const file of [...e.target.files]) {
      const added = await attempt(() => uploadFile(file));
      if (added) files = [...files, added];
    }
    e.target.value = "";
    drawFiles();
    input.focus();
  }

  function drawFiles() {
    show(names, files.map((f) => h("span", { class: "tag" }, f.name)));
    grow();
  }

  function grow() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 200)}px`;
    send.classList.toggle("ready", Boolean(input.value.trim()) || files.length > 0);
  }

  const askSoon = debounce(async (text, head, mine) => {
    const answer = await post("discord/suggest", { user: store.user, channel, text }).catch(() => ({ choices: [] }));
    if (mine === turn) offer(answer.choices.map((c) => ({ label: c.name, text: `${head}${c.name} ` })));
  }, WAIT);

  function suggest() {
    const mine = ++turn;
    askSoon.cancel();
    const text = input.value;
    if (!text.startsWith("/")) return offer([]);
    const path = pathOf(text, commands);
    if (!path) {
      const word = text.slice(1).toLowerCase();
      return offer(commands.filter((c) => c.type === 1 && (c.name.includes(word) || (word && c.description.toLowerCase().includes(word))))
        .sort((a, b) => b.name.startsWith(word) - a.name.startsWith(word) || a.name.localeCompare(b.name)).map((c) => ({ label: `/${c.name}`, about: c.description, text: `/${c.name} ` })));
    }
    return offer(optionsFor(path, text, mine));
  }

  // optionsFor lists what can come next: subcommands, options not yet given, or values of the one being typed.
  function optionsFor({ at, rest }, text, mine) {
    const all = at.options || [];
    const head = text.slice(0, text.length - rest.length);
    if (all[0]?.type <= 2) return all.filter((o) => o.name.startsWith(rest)).map((o) => ({ label: o.name, about: o.description, text: `${head}${o.name} ` }));
    const given = all.filter((o) => new RegExp(`(^|\\s)${o.name}:`).test(rest));
    const last = given.map((o) => ({ o, i: Math.max(rest.lastIndexOf(` ${o.name}:`) + 1, rest.startsWith(`${o.name}:`) ? 0 : -1) })).sort((a, b) => b.i - a.i)[0];
    if (last) {
      const typed = rest.slice(last.i + last.o.name.length + 1);
      const start = head + rest.slice(0, last.i + last.o.name.length + 1);
      const q = typed.toLowerCase();
      if (last.o.choices?.some((c) => c.name === typed.trim())) return next();
      if (last.o.choices) return last.o.choices.filter((c) => c.name.toLowerCase().includes(q.trim())).map((c) => ({ label: c.name, text: `${start}${c.name} ` }));
      if (last.o.type === 5) return ["True", "False"].filter((v) => v.toLowerCase().startsWith(q.trim())).map((v) => ({ label: v, text: `${start}${v} ` }));
      const names = typed.includes(" ") ? next() : []; // another option may begin here
      if (names.length && !names[0].soft) return names;
      if (last.o.autocomplete && !typed.endsWith(" ")) askSoon(text, start, mine);
      return names;
    }
    return next();

    // next lists the options whose names begin with the last word; with no word yet they are only a hint.
    function next() {
      const word = rest.match(/[^\s:]*$/)[0];
      return all.filter((o) => !given.includes(o) && o.name.startsWith(word)).map((o) => ({ label: o.name, about: `${o.description}${o.required ? " (required)" : ""}`, text: `${head}${rest.slice(0, rest.length - word.length)}${o.name}:`, soft: !word }));
    }
  }

  function offer(next) {
    found = next;
    active = 0;
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    show(list, found.map((c, i) => h("div", {
      class: "slash-option", role: "option", id: `${listID}-${i}`, "data-testid": "slash-option",
      onpointerdown: (e) => { e.preventDefault(); take(c); }, onpointermove: () => { if (i !== active) { active = i; mark(); } },
    }, h("span", { class: "slash-name" }, h("strong", null, c.label)), c.about && h("span", { class: "slash-about" }, c.about))));
    mark();
  }

  function mark() {
    for (const node of list.querySelectorAll("[role=option]")) {
      const here = node.id === `${listID}-${active}`;
      node.classList.toggle("active", here);
      node.setAttribute("aria-selected", String(here));
      if (here && !list.hidden) node.scrollIntoView({ block: "nearest" });
    }
    if (found.length) input.setAttribute("aria-activedescendant", `${listID}-${active}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function take(choice) {
    input.value = choice.text;
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
    const work = () => post("discord/type", { user: store.user, channel, text, files: sent.map((f) => f.id) });
    try {
      await (text.startsWith("/") ? busy(send, work) : work());
    } catch (problem) {
      if (!input.value.trim()) input.value = text;
      if (sent.length) { files = [...sent, ...files]; drawFiles(); }
      changed();
      if (problem.kind !== "no_response") toast(problem.message, "error"); // its own words stand in the channel then
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
    const sure = choosing && !found[active].soft && found[active].text.trim() !== input.value.trim();
    if (choosing && step) {
      active = (active + step + found.length) % found.length;
      found[active].soft = false;
      mark();
    } else if (choosing && (e.key === "Tab" || (e.key === "Enter" && sure))) take(found[active]);
    else if (choosing && e.key === "Escape") { list.hidden = true; e.stopPropagation(); } else if (e.key === "Enter" && !e.shiftKey) submit();
    else return;
    e.preventDefault();
  });
  input.addEventListener("keypress", (e) => {
    if (e.key === "Enter" && !e.shiftKey) e.preventDefault(); // it was sent
  });
  requestAnimationFrame(grow);
  return box;
}
