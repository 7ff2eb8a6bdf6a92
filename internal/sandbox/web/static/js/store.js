// What the page knows: who we are, what is open, and what was read. One object, and a list of those who want to know.

import { get } from "./api.js";

export const store = {
  company: "", bot: "", since: "0", number: "", discord: false,
  users: [], byID: new Map(), commands: [], shortcuts: [],
  user: "", channel: "", tab: "messages", thread: null,
  channels: [], app: "", phones: [], letters: [],
};

const watchers = new Map();

// on calls f whenever what changed; several names may be given.
export function on(names, f) {
  for (const name of names.split(" ")) watchers.set(name, [...(watchers.get(name) || []), f]);
}

// tell says that something changed.
export function tell(name) {
  for (const f of watchers.get(name) || []) f();
}

// memory is the browser's own, by name; it may be switched off, then nothing is remembered.
export const memory = {
  get(name, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`callout.${name}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`callout.${name}`, JSON.stringify(value));
    } catch { /* nothing is remembered */ }
  },
};

// loadWorkspace reads people, commands and shortcuts.
export async function loadWorkspace() {
  const w = await get("workspace");
  Object.assign(store, { company: w.company, bot: w.bot, since: w.since, number: w.number, users: w.users, commands: w.commands, shortcuts: w.shortcuts, discord: w.discord });
  store.byID = new Map(w.users.map((u) => [u.id, u]));
  const people = members();
  if (!people.some((u) => u.id === store.user)) {
    const last = memory.get("user", "");
    store.user = people.some((u) => u.id === last) ? last : people[0]?.id || "";
  }
  tell("workspace");
}

// loadChannels reads the conversations of the current person.
export async function loadChannels() {
  if (!store.user) return;
  const user = store.user;
  const answer = await get("channels", { user });
  if (user !== store.user) return; // somebody else was chosen meanwhile
  store.channels = answer.channels;
  store.app = answer.app;
  tell("channels");
}

// members are the people one can be.
export function members() {
  return store.users.filter((u) => !u.is_bot && !u.deleted && u.id !== "USLACKBOT");
}

// nameOf is how a person is called on screen.
export function nameOf(id) {
  if (id === "USLACKBOT") return "Slackbot";
  const u = store.byID.get(id);
  return u ? u.real_name || u.name : id === store.bot ? "Callout" : id;
}

// channelName is how a conversation is called for the current person.
export function channelName(c) {
  if (!c.is_im) return c.name;
  const other = c.members.find((m) => m !== store.user) || store.user;
  return nameOf(other);
}

// readMark says up to where the current person has read a conversation.
export function readMark(channel) {
  return memory.get(`read.${store.user}`, {})[channel] || store.since;
}

// markRead remembers that the current person has read a conversation.
export function markRead(channel, ts) {
  if (!ts || ts <= readMark(channel)) return;
  memory.set(`read.${store.user}`, { ...memory.get(`read.${store.user}`, {}), [channel]: ts });
}

// unread counts what others wrote since.
export function unread(c) {
  const mark = readMark(c.id);
  return c.recent.filter((ts) => ts > mark).length;
}

// timeZone is the current person's, or the browser's.
export function timeZone() {
  const tz = store.byID.get(store.user)?.tz;
  try {
    if (tz && new Intl.DateTimeFormat("en", { timeZone: tz })) return tz;
  } catch { /* not a zone the browser knows */ }
  return undefined;
}
