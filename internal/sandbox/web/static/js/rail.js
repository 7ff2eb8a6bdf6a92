// The left rail: the workspace, who we are, channels, direct messages and the app.

import { h, icon, show } from "./dom.js";
import { avatar } from "./messages.js";
import { menu } from "./pop.js";
import { channelName, members, memory, nameOf, on, store, tell, unread } from "./store.js";

const rail = document.getElementById("rail");

// openChannel shows a conversation.
export function openChannel(id, tab = "messages") {
  store.channel = id;
  store.tab = tab;
  store.thread = null;
  memory.set(`open.${store.user}`, { channel: id, tab });
  document.getElementById("app").classList.remove("show-rail");
  tell("channel");
}

// become switches to another person, with the conversation they had open.
export function become(user) {
  store.user = user;
  memory.set("user", user);
  store.thread = null;
  tell("person");
}

function chooser() {
  const me = store.byID.get(store.user);
  if (!me) return h("div", { class: "person" }, "Nobody is here yet");
  const open = (e) => menu(e.currentTarget, members().map((u) => ({ label: person(u), testid: `person-${u.name}`, run: () => become(u.id) })), "Choose a person");
  return h("button", { type: "button", class: "person", "data-testid": "person-chooser", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `You are ${nameOf(me.id)}${me.title ? `, ${me.title}` : ""}. Choose another person`, onclick: open },
    avatar(me.id), h("span", { class: "person-text" }, h("span", { class: "person-you" }, "You are"), h("strong", { title: nameOf(me.id) }, nameOf(me.id)), h("span", { class: "person-title" }, me.title || me.name)), icon("down"));
}

function person(u) {
  return h("span", { class: "person-row" }, avatar(u.id, "avatar small"), h("span", null, h("strong", null, nameOf(u.id)), u.title && h("span", { class: "menu-hint" }, u.title)));
}

function badge(n) {
  return n > 0 && h("span", { class: "badge", "data-testid": "unread", "aria-label": `${n} unread` }, n > 99 ? "99+" : String(n));
}

function row(c, sign, testid, label, count) {
  const here = store.channel === c.id && (c.id !== store.app || true);
  return h("li", null, h("button", {
    type: "button", class: `row${here ? " here" : ""}${count > 0 ? " unread" : ""}`, "aria-current": here ? "page" : undefined, "data-testid": testid, title: label, onclick: () => openChannel(c.id, c.id === store.app ? "messages" : undefined),
  }, sign, h("span", { class: "row-name" }, label), badge(count)));
}

function section(title, rows, empty) {
  return h("section", { class: "rail-section", "aria-label": title }, h("h2", null, title), rows.length ? h("ul", null, rows) : h("p", { class: "rail-none" }, empty));
}

// look leads to the same company in the other chat, where there are two.
function look() {
  if (!store.discord) return false;
  const here = document.body.classList.contains("discord");
  return h("a", { class: "look", href: here ? "./" : "discord.html", "data-testid": "look", title: here ? "Show this company's Slack" : "Show this company's Discord" }, here ? "Slack" : "Discord");
}

function draw() {
  const focused = rail.contains(document.activeElement) ? document.activeElement.dataset.testid : "";
  const channels = store.channels.filter((c) => !c.is_im && !c.is_mpim && !c.is_archived).sort((a, b) => a.name.localeCompare(b.name));
  const people = store.channels.filter((c) => (c.is_im || c.is_mpim) && c.id !== store.app);
  const app = store.channels.find((c) => c.id === store.app);
  const scroll = rail.querySelector(".rail-scroll")?.scrollTop || 0;
  show(rail,
    h("div", { class: "rail-head" }, h("img", { src: "icon.svg", alt: "", class: "rail-logo" }), h("div", null, h("strong", { title: store.company }, store.company), h("span", null, document.body.classList.contains("discord") ? "Callout demo server" : "Callout demo workspace")), look()),
    chooser(),
    h("div", { class: "rail-scroll" },
      section("Channels", channels.map((c) => row(c, icon(c.is_private ? "lock" : "hash"), `channel-${c.name}`, c.name, unread(c))), "No channels yet"),
      people.length > 0 && section("Direct messages", people.map((c) => row(c, avatar(c.members.find((m) => m !== store.user) || store.user, "avatar tiny"), `dm-${channelName(c)}`, channelName(c), unread(c))), ""),
      section("Apps", app ? [row(app, avatar(store.bot, "avatar tiny"), "app-callout", nameOf(store.bot), unread(app))] : [], "The app is not installed yet")));
  rail.querySelector(".rail-scroll").scrollTop = scroll;
  if (focused) rail.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
}

on("workspace channels channel read", draw);
