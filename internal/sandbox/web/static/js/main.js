// The page starts here: it reads everything once, then listens for changes and reads again what changed.

import { listen } from "./api.js";
import { loadHome } from "./home.js";
import { loadViews } from "./modal.js";
import { openChannel } from "./rail.js";
import { loadMail, loadPhones } from "./side.js";
import { loadMessages } from "./stage.js";
import { loadChannels, loadWorkspace, memory, on, store } from "./store.js";
import { loadThread } from "./thread.js";

const app = document.getElementById("app");

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

const again = {
  workspace: soon(async () => { await loadWorkspace(); await loadChannels(); settle(); await loadViews(); }),
  channels: soon(loadChannels), messages: soon(loadMessages), thread: soon(() => loadThread()), views: soon(loadViews), home: soon(loadHome),
  phones: soon(loadPhones), mail: soon(loadMail),
};

// settle opens a conversation when the one that was open is not there for this person.
function settle() {
  if (store.channels.some((c) => c.id === store.channel)) return;
  const last = memory.get(`open.${store.user}`, {});
  const first = store.channels.find((c) => !c.is_im && c.members.includes(store.user)) || store.channels[0];
  if (store.channels.some((c) => c.id === last.channel)) openChannel(last.channel, last.tab);
  else openChannel(first ? first.id : "");
}

let lastSeq = 0;

function changed(e) {
  if (e.source === "discord") return undefined; // its own page shows it
  // A gap means that the stream dropped events for being slow: then everything is read again.
  if (e.source === "slack") {
    if (lastSeq && e.seq > lastSeq + 1) everything();
    lastSeq = e.seq;
  }
  if (e.source === "phones" || e.source === "mail") return again[e.source]();
  if (e.user_id && e.user_id !== store.user) return undefined;
  switch (e.type) {
    case "message": case "edit": case "delete": case "ephemeral":
      again.channels();
      if (e.channel === store.channel) again.messages();
      if (e.channel === store.thread?.channel) again.thread();
      return undefined;
    case "view_opened": case "view_updated": case "view_closed":
      return again.views();
    case "home":
      return again.home();
    default:
      return again.workspace();
  }
}

async function everything() {
  app.classList.remove("offline");
  for (const load of Object.values(again)) load();
}

on("person", async () => {
  store.channel = "";
  await loadChannels();
  settle();
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
