// A thread, beside the conversation it belongs to.

import { get } from "./api.js";
import { composer } from "./composer.js";
import { h, icon, show } from "./dom.js";
import { attempt, keepMessages } from "./messages.js";
import { channelName, on, store, tell } from "./store.js";

const pane = document.getElementById("thread");
const app = document.getElementById("app");
let list = null;
let scroller = null;

function close() {
  store.thread = null;
  tell("thread");
}

function draw() {
  const t = store.thread;
  pane.hidden = !t;
  app.classList.toggle("has-thread", Boolean(t));
  if (!t) {
    list = null;
    show(pane);
    return;
  }
  const c = store.channels.find((x) => x.id === t.channel);
  list = h("div", { class: "messages", "data-testid": "thread-messages" });
  scroller = h("div", { class: "scroller", tabindex: "0" }, list);
  show(pane,
    h("header", { class: "bar" }, h("div", { class: "bar-title" }, h("h2", null, "Thread"), h("span", { class: "bar-about" }, c ? (c.is_im ? channelName(c) : `#${c.name}`) : "")),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close thread", "data-testid": "close-thread", onclick: close }, icon("close"))),
    scroller, composer({ channel: t.channel, thread: t.ts, placeholder: "Reply in the thread", testid: "thread-composer" }));
  loadThread(true);
  pane.querySelector(".composer-input").focus();
}

// loadThread brings the open thread up to date.
export async function loadThread(fresh) {
  const t = store.thread;
  if (!t || !list) return;
  const answer = await attempt(() => get("thread", { user: store.user, channel: t.channel, ts: t.ts }));
  if (!answer || store.thread !== t) return;
  const atEnd = fresh || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  keepMessages(list, answer.messages);
  if (atEnd) scroller.scrollTop = scroller.scrollHeight;
}

on("thread", draw);
on("channel person", () => { if (!store.thread && !pane.hidden) draw(); });
