// The middle: the bar with the conversation's name, its messages and the composer; for the app also its Home tab.

import { get, post } from "./api.js";
import { composer } from "./composer.js";
import { h, icon, show } from "./dom.js";
import { drawHome } from "./home.js";
import { attempt, avatar, keepMessages } from "./messages.js";
import { openChannel } from "./rail.js";
import { channelName, markRead, memory, nameOf, on, store, tell } from "./store.js";

const bar = document.getElementById("bar");
const stage = document.getElementById("stage");
const app = document.getElementById("app");
let list = null;
let scroller = null;
let shownFor = "";
let older = [];

const current = () => store.channels.find((c) => c.id === store.channel);

function drawBar() {
  const c = current();
  const isApp = c && c.id === store.app;
  const sign = !c ? null : isApp ? avatar(store.bot, "avatar small") : c.is_im ? avatar(c.members.find((m) => m !== store.user) || store.user, "avatar small") : icon(c.is_private ? "lock" : "hash");
  const tab = (name, label) => h("button", { type: "button", role: "tab", class: "tab", "aria-selected": String(store.tab === name), "data-testid": `tab-${name}`, onclick: () => openChannel(store.app, name) }, label);
  show(bar,
    h("button", { type: "button", class: "icon-button only-narrow", "aria-label": "Show channels", "data-testid": "show-rail", onclick: () => app.classList.toggle("show-rail") }, icon("menu")),
    h("div", { class: "bar-title" }, sign, h("h1", null, c ? channelName(c) : ""), c && !c.is_im && h("span", { class: "bar-about" }, [c.topic || c.purpose, c.members.length && `${c.members.length} ${c.members.length === 1 ? "member" : "members"}`].filter(Boolean).join(" · "))),
    isApp && h("div", { class: "tabs", role: "tablist", "aria-label": nameOf(store.bot) }, tab("home", "Home"), tab("messages", "Messages")),
    h("button", { type: "button", class: "icon-button show-side", "aria-label": "Phones and mail", title: "Phones and mail", "data-testid": "show-side", "aria-pressed": String(!app.classList.contains("no-side")), onclick: toggleSide }, icon("phone"), h("span", { class: "dot", hidden: true })));
}

function toggleSide() {
  const narrow = matchMedia("(max-width: 1199px)").matches;
  app.classList.toggle(narrow ? "show-side" : "no-side");
  if (!narrow) memory.set("no-side", app.classList.contains("no-side"));
  tell("side");
  drawBar();
}

function drawStage() {
  drawBar();
  const c = current();
  shownFor = `${store.user}/${store.channel}/${store.tab}`;
  older = [];
  list = null;
  if (!c) {
    show(stage, h("p", { class: "empty" }, "Choose a conversation on the left."));
    return;
  }
  if (c.id === store.app && store.tab === "home") {
    drawHome(stage);
    return;
  }
  list = h("div", { class: "messages", role: "log", "aria-label": `Messages in ${channelName(c)}`, "data-testid": "messages" });
  const more = h("button", { type: "button", class: "button quiet more", hidden: true, onclick: loadOlder }, "Show earlier messages");
  scroller = h("div", { class: "scroller", tabindex: "0" }, h("div", { class: "spring" }), intro(c), more, list);
  scroller.more = more;
  scroller.atEnd = true;
  scroller.addEventListener("scroll", () => { scroller.atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60; }, { passive: true });
  // What loads late (charts, pictures) may not push the newest message out of sight.
  const kept = scroller;
  new ResizeObserver(() => requestAnimationFrame(() => { if (kept.atEnd) kept.scrollTop = kept.scrollHeight; })).observe(list);
  show(stage, scroller, foot(c));
  loadMessages();
  if (matchMedia("(hover: hover)").matches) stage.querySelector(".composer-input")?.focus();
}

function foot(c) {
  if (!c.members.includes(store.user)) {
    return h("div", { class: "join" }, h("span", null, `You are looking at #${c.name} from outside.`), h("button", { type: "button", class: "button primary", "data-testid": "join", onclick: () => attempt(() => post("join", { user: store.user, channel: c.id })) }, "Join channel"));
  }
  return composer({ channel: c.id, placeholder: `Message ${c.is_im ? channelName(c) : `#${c.name}`}` });
}

function intro(c) {
  if (c.id === store.app) return h("div", { class: "intro" }, avatar(store.bot, "avatar big"), h("p", null, h("strong", null, nameOf(store.bot)), " writes to you here: offers, reminders and answers."));
  if (c.is_im) return h("div", { class: "intro" }, h("p", null, "This is your conversation with ", h("strong", null, channelName(c)), "."));
  return h("div", { class: "intro" }, h("h2", null, `#${c.name}`), h("p", null, c.purpose || c.topic || "This is the beginning of the channel."));
}

// loadMessages brings the open conversation up to date.
export async function loadMessages() {
  if (!list) return;
  const asked = shownFor;
  const channel = store.channel;
  const answer = await attempt(() => get("messages", { user: store.user, channel }));
  if (!answer || asked !== shownFor || !list) return;
  const shown = answer.messages.filter((m) => !m.deleted || m.reply_count);
  const first = shown[0]?.ts || "";
  keepMessages(list, [...older.filter((m) => m.ts < first), ...shown], openThread);
  scroller.more.hidden = !answer.more || older.length > 0;
  if (scroller.atEnd) scroller.scrollTop = scroller.scrollHeight;
  if (document.visibilityState === "visible") {
    markRead(channel, shown.at(-1)?.ts);
    tell("read");
  }
}

async function loadOlder() {
  const first = list.querySelector("[data-ts]")?.dataset.ts;
  const answer = await attempt(() => get("messages", { user: store.user, channel: store.channel, before: first }));
  if (!answer) return;
  const height = scroller.scrollHeight;
  older = [...answer.messages, ...older];
  await loadMessages();
  scroller.more.hidden = !answer.more;
  scroller.scrollTop += scroller.scrollHeight - height;
}

// openThread shows a message's thread beside the conversation.
export function openThread(m) {
  store.thread = { channel: m.channel, ts: m.thread_ts || m.ts };
  tell("thread");
}

on("channel", drawStage);
on("channels", () => {
  const c = current();
  const joined = stage.querySelector(".join") && c?.members.includes(store.user);
  if (joined) drawStage();
  else drawBar();
});
