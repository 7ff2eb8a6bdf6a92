// Messages as they stand in a channel, a thread or a direct message.

import { post } from "../api.js";
import { h, icon, keep } from "../dom.js";
import { attempt, avatar } from "../messages.js";
import { menu } from "../pop.js";
import { nameOf, store } from "../store.js";
import { clock, dayKey, dayName, format } from "../time.js";
import { markdown } from "./markdown.js";
import { attachment, component, embed } from "./parts.js";

const TOGETHER = 420000; // milliseconds within which messages of one person stand under one name
const EPOCH = 1420070400000n; // https://discord.com/developers/docs/reference#snowflakes

// timeOf reads the time in an id.
export const timeOf = (id) => new Date(Number((BigInt(id) >> 22n) + EPOCH));

// keepMessages brings a list element up to date. openThread is absent inside a thread.
export function keepMessages(list, messages, commands, openThread) {
  const items = [];
  let before = null;
  for (const m of messages) {
    const when = timeOf(m.id);
    if (!before || dayKey(timeOf(before.id)) !== dayKey(when)) {
      items.push({ key: `day-${dayKey(when)}`, same: dayName(when), make: () => h("div", { class: "day", role: "separator" }, h("span", null, dayName(when))) });
      before = null;
    }
    const joined = before && before.author === m.author && !m.command && !m.reply_to && !m.notice && !m.ephemeral === !before.ephemeral && when - timeOf(before.id) < TOGETHER;
    const below = store.threads.find((t) => t.id === m.thread);
    items.push({ key: m.id, same: `${joined ? 1 : 0}${store.user}${below?.count || ""}${commands.length}${JSON.stringify(m)}`, make: () => message(m, joined, below, commands, openThread) });
    before = m;
  }
  keep(list, items);
}

function message(m, joined, below, commands, openThread) {
  const when = timeOf(m.id);
  const name = nameOf(m.author);
  const pinged = m.pinged?.some((id) => id === store.user || id === "everyone");
  const classes = ["message", joined && "joined", m.ephemeral && "ephemeral", m.notice && "notice", pinged && "pinged"].filter(Boolean).join(" ");
  const full = format(when, { weekday: "long", month: "long", day: "numeric", hour: "numeric", minute: "2-digit" });
  return h("article", { class: classes, "data-testid": "message", "data-id": m.id, "aria-label": `${name}, ${full}` },
    joined ? h("time", { class: "message-time side-time", title: full }, clock(when).replace(/\s?[AP]M/i, "")) : avatar(m.author),
    h("div", { class: "message-body" },
      m.command && h("div", { class: "used" }, h("strong", null, nameOf(m.asked_by)), " used ", h("span", { class: "mention" }, m.command)),
      !joined && h("div", { class: "message-head" }, h("strong", null, name), m.author === store.bot && h("span", { class: "tag" }, "APP"), h("time", { class: "message-time", title: full }, clock(when))),
      content(m),
      below && openThread && h("button", { type: "button", class: "thread-link", "data-testid": "thread-link", onclick: () => openThread(below.id) }, icon("thread"), `${below.name} · ${below.count === 1 ? "1 message" : `${below.count} messages`}`),
      m.ephemeral && h("div", { class: "only-you" }, icon("eye"), "Only you can see this • ", h("button", { type: "button", class: "link", "data-testid": "dismiss-message", onclick: () => attempt(() => post("discord/delete", { user: store.user, at: { channel: m.channel, id: m.id } })) }, "Dismiss message"))),
    !m.ephemeral && tools(m, below, commands, openThread));
}

function content(m) {
  if (m.loading) return h("div", { class: "message-text thinking" }, `${nameOf(m.author)} is thinking…`);
  const edited = m.edited && h("span", { class: "edited" }, " (edited)");
  return [
    m.content && h("div", null, markdown(m.content), edited),
    (m.embeds || []).map(embed),
    m.components?.length > 0 && h("div", { class: "blocks" }, m.components.map((c) => component(c, m))),
    (m.attachments || []).map(attachment),
    !m.content && edited && h("div", null, edited),
  ];
}

function tools(m, below, commands, openThread) {
  const mine = m.author === store.user ? [{ label: "Delete message", danger: true, testid: "menu-delete", run: () => attempt(() => post("discord/delete", { user: store.user, at: { channel: m.channel, id: m.id } })) }] : [];
  const items = [
    ...(below && openThread ? [{ label: "Open thread", testid: "menu-thread", run: () => openThread(below.id) }] : []),
    ...commands.filter((c) => c.type === 3).map((c) => ({
      label: c.name, hint: "Apps", testid: `message-command-${c.name}`,
      run: () => attempt(() => post("discord/message-command", { user: store.user, at: { channel: m.channel, id: m.id }, name: c.name })),
    })), ...mine,
  ];
  const open = (e) => menu(e.currentTarget, items, "Message actions");
  return h("div", { class: "tools" }, h("button", { type: "button", class: "icon-button", "aria-label": "Message actions", title: "Message actions", "aria-haspopup": "menu", "aria-expanded": "false", "data-testid": "message-menu", onclick: open }, icon("more")));
}
