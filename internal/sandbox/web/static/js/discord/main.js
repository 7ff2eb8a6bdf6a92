// The Discord look starts here. The rail, the phones and the mailbox are those of the other page: they show what is in the store.

import { get, listen } from "../api.js";
import { openChannel } from "../rail.js";
import { loadMail, loadPhones } from "../side.js";
import { memory, members, on, store, tell } from "../store.js";
import { loadModal } from "./modal.js";
import { loadMessages, loadThread } from "./stage.js";

const app = document.getElementById("app");
store.discord = true;
store.threads = [];

// soon joins calls that come together into one, and never runs two at once.
function soon(work) {
  let due = false;
  let running = false;
  const run = async () => {
    due = false;
    running = true;
    try {
      await work();
    } catch { /* the stream says when the sandbox is back, and then all is read again */ }
    running = false;
    if (due) run();
  };
  return () => {
    if (due) return;
    due = true;
    if (!running) setTimeout(run, 15);
  };
}

async function loadGuild() {
  const w = await get("discord/workspace");
  Object.assign(store, { company: w.company, bot: w.bot, since: w.since, number: w.number, users: w.users });
  store.byID = new Map(w.users.map((u) => [u.id, u]));
  const people = members();
  if (!people.some((u) => u.id === store.user)) {
    const last = memory.get("discord.user", "");
    store.user = people.some((u) => u.id === last) ? last : people[0]?.id || "";
  }
  tell("workspace");
}

async function loadChannels() {
  if (!store.user) return;
  const user = store.user;
  const answer = await get("discord/channels", { user });
  if (user !== store.user) return; // somebody else was chosen meanwhile
  Object.assign(store, { channels: answer.channels, threads: answer.threads, app: answer.app });
  tell("channels");
}

// settle opens a conversation when the one that was open is not there for this person.
function settle() {
  if (store.channels.some((c) => c.id === store.channel)) return;
  const last = memory.get(`open.${store.user}`, {});
  const first = store.channels.find((c) => !c.is_im) || store.channels[0];
  openChannel(store.channels.some((c) => c.id === last.channel) ? last.channel : first ? first.id : "");
}

const again = {
  guild: soon(async () => { await loadGuild(); await loadChannels(); settle(); await loadModal(); }),
  channels: soon(loadChannels), below: soon(async () => { await loadChannels(); await loadMessages(); }), messages: soon(loadMessages), thread: soon(loadThread), modal: soon(loadModal), phones: soon(loadPhones), mail: soon(loadMail),
};

let lastSeq = 0;

function changed(e) {
  if (e.source === "phones" || e.source === "mail") return again[e.source]();
  if (e.source !== "discord") return undefined;
  // A gap means that the stream dropped events for being slow: then everything is read again.
  if (lastSeq && e.seq > lastSeq + 1) everything();
  lastSeq = e.seq;
  if (e.user_id && e.user_id !== store.user) return undefined;
  switch (e.type) {
    case "message": case "edit": case "delete":
      if (store.threads.some((t) => t.id === e.channel)) again.below(); // the message above it counts them
      else again.channels();
      if (e.channel === store.channel) again.messages();
      if (e.channel === store.thread) again.thread();
      return undefined;
    case "modal":
      return again.modal();
    default:
      return again.guild();
  }
}

function everything() {
  app.classList.remove("offline");
  for (const load of Object.values(again)) load();
}

on("person", async () => {
  memory.set("discord.user", store.user);
  store.channel = "";
  await loadChannels();
  settle();
  await loadModal();
});

document.getElementById("scrim").addEventListener("click", () => app.classList.remove("show-rail", "show-side"));
document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") app.classList.remove("show-rail", "show-side");
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") again.messages();
});

everything();
listen(changed, everything, () => app.classList.add("offline"));
