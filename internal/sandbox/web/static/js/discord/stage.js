// The middle and the thread beside it: the name of the conversation, its messages and the field to type into.

import { get } from "../api.js";
import { h, icon, show } from "../dom.js";
import { attempt, avatar } from "../messages.js";
import { channelName, markRead, memory, nameOf, on, store, tell } from "../store.js";
import { composer } from "./composer.js";
import { keepMessages } from "./messages.js";

const bar = document.getElementById("bar");
const stage = document.getElementById("stage");
const thread = document.getElementById("thread");
const app = document.getElementById("app");

const current = () => store.channels.find((c) => c.id === store.channel);

// pane is a conversation on screen: its list of messages and what is typed below it.
function pane(testid) {
  const list = h("div", { class: "messages", role: "log", "data-testid": testid });
  const scroller = h("div", { class: "scroller", tabindex: "0" }, h("div", { class: "spring" }), list);
  return { list, scroller, foot: h("div"), shown: "", older: [], commands: [] };
}

const main = pane("messages");
const aside = pane("thread-messages");

// fill reads a conversation and brings its pane up to date.
async function fill(p, id, openThread) {
  const who = store.user;
  const first = p.shown !== `${who}/${id}`;
  const answer = await get("discord/messages", { user: who, channel: id });
  if (first) p.commands = (await get("discord/commands", { channel: id })).commands;
  if (who !== store.user || (openThread ? id !== store.channel : id !== store.thread)) return;
  if (first) {
    p.older = [];
    show(p.list);
    show(p.foot, composer({ channel: id, commands: p.commands, thread: !openThread, placeholder: placeholder(id, openThread), testid: openThread ? "composer" : "thread-composer" }));
  }
  const atEnd = first || p.scroller.scrollHeight - p.scroller.scrollTop - p.scroller.clientHeight < 120;
  p.shown = `${who}/${id}`;
  keepMessages(p.list, [...p.older.filter((m) => !answer.messages.some((x) => x.id === m.id)), ...answer.messages], p.commands, openThread);
  more(p, id, answer.more, openThread);
  if (atEnd) p.scroller.scrollTop = p.scroller.scrollHeight;
  if (document.visibilityState === "visible") markRead(id, answer.messages.at(-1)?.id);
  tell("read");
}

// intro stands where a conversation begins.
function intro(id, openThread) {
  if (!openThread) return h("div", { class: "intro" }, icon("thread"), h("h2", null, store.threads.find((t) => t.id === id)?.name || "Thread"), h("p", null, "This is where the thread begins. What you write here is kept with the record."));
  const c = current();
  if (c?.is_im) return h("div", { class: "intro" }, avatar(store.bot, "avatar big"), h("h2", null, nameOf(store.bot)), h("p", null, `What ${nameOf(store.bot)} tells you alone stands here. Commands are typed in the channels.`));
  return h("div", { class: "intro" }, icon("hash"), h("h2", null, `Welcome to #${c?.name || ""}!`), h("p", null, `This is where #${c?.name || ""} begins. ${c?.topic || ""}`));
}

// more offers the messages before those that are shown.
function more(p, id, there, openThread) {
  p.scroller.querySelectorAll(".more, .intro").forEach((node) => node.remove());
  if (!there) p.list.before(intro(id, openThread));
  if (!there || p.older.length) return;
  const load = async () => {
    const first = p.list.querySelector("[data-id]")?.dataset.id;
    const answer = await attempt(() => get("discord/messages", { user: store.user, channel: id, before: first }));
    if (answer) p.older = answer.messages;
    await fill(p, id, openThread);
  };
  p.list.before(h("button", { type: "button", class: "button quiet more", onclick: load }, "Show earlier messages"));
}

function placeholder(id, openThread) {
  if (!openThread) return "Message this thread";
  const c = current();
  return c?.is_im ? `Message @${nameOf(store.bot)}` : `Message #${c?.name || ""}`;
}

// openThread shows a thread beside its channel.
function openThread(id) {
  store.thread = id;
  aside.shown = "";
  loadThread();
}

// loadMessages reads the open conversation.
export async function loadMessages() {
  if (store.channel) await fill(main, store.channel, openThread);
}

// loadThread reads the open thread.
export async function loadThread() {
  const t = store.threads.find((x) => x.id === store.thread);
  thread.hidden = !t;
  app.classList.toggle("has-thread", Boolean(t));
  if (!t) return show(thread);
  show(thread, h("header", { class: "bar" }, h("div", { class: "bar-title" }, icon("thread"), h("h2", { title: t.name }, t.name)),
    h("button", { type: "button", class: "icon-button", "aria-label": "Close the thread", "data-testid": "close-thread", onclick: () => { store.thread = null; loadThread(); } }, icon("close"))), aside.scroller, aside.foot);
  return fill(aside, t.id, null);
}

function drawBar() {
  const c = current();
  const toggle = () => {
    if (innerWidth >= 1200) {
      app.classList.toggle("no-side");
      memory.set("no-side", app.classList.contains("no-side"));
    } else app.classList.add("show-side");
  };
  show(bar,
    h("button", { type: "button", class: "icon-button only-narrow", "aria-label": "Channels", onclick: () => app.classList.add("show-rail") }, icon("menu")),
    h("div", { class: "bar-title" }, c && (c.is_im ? avatar(store.bot, "avatar small") : icon(c.is_private ? "lock" : "hash")), h("h1", null, c ? (c.is_im ? nameOf(store.bot) : channelName(c)) : ""), h("span", { class: "bar-about" }, c?.topic || "")),
    h("button", { type: "button", class: "icon-button show-side", "aria-label": "Phones and mail", "data-testid": "show-side", onclick: toggle }, icon("phone"), h("span", { class: "dot", hidden: true })));
}

on("channel", () => {
  main.shown = "";
  for (const part of [main.list, main.foot]) show(part); // nothing may be typed into the channel that was left
  show(stage, store.channel ? [main.scroller, main.foot] : h("p", { class: "empty" }, "There is no channel here yet."));
  drawBar();
  loadThread();
  loadMessages();
});
on("channels", drawBar);
