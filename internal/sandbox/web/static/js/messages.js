// Messages as they stand in a channel, a direct message or a thread.

import { post } from "./api.js";
import { blocks } from "./blocks.js";
import { h, icon, keep } from "./dom.js";
import { fileCard } from "./files.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { menu, toast } from "./pop.js";
import { nameOf, store } from "./store.js";
import { clock, dayKey, dayName, format, fromTS } from "./time.js";
import { isPress, start } from "./values.js";

const TOGETHER = 300; // seconds within which messages of one person stand under one name

// avatar is a person's coloured initials, or the app's own sign.
export function avatar(id, className = "avatar") {
  if (id === store.bot) return h("span", { class: `${className} app-avatar`, "aria-hidden": "true" }, h("img", { src: "icon.svg", alt: "" }));
  if (id === "USLACKBOT") return h("span", { class: `${className} system-avatar`, "aria-hidden": "true" }, icon("info"));
  const name = nameOf(id);
  const letters = name.split(/\s+/).map((w) => [...w][0]).filter(Boolean);
  const hue = [...id].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 360, 7);
  return h("span", { class: className, style: { "--hue": hue }, "aria-hidden": "true" }, letters.length > 1 ? letters[0] + letters.at(-1) : letters[0] || "?");
}

// surface is what interactive elements of a message do.
function surface(m) {
  const at = { channel: m.channel, ts: m.ts };
  const who = store.user;
  return {
    use: (b, el) => {
      const target = { block_id: b.block_id, action_id: el.action_id };
      return {
        now: isPress(el) ? {} : start(el),
        oninput: () => {},
        oncommit: (now) => attempt(() => post("press", { user: who, at, element: target, value: now.value })),
        suggest: async (query) => (await post("suggest", { user: who, at, element: target, query })).options,
      };
    },
  };
}

// attempt runs something the app may fail at, and says so.
export async function attempt(work) {
  try {
    return await work();
  } catch (problem) {
    toast(problem.kind === "refused" ? problem.message : `${problem.message} (${problem.kind})`, "error");
    return undefined;
  }
}

// keepMessages brings a list element up to date. openThread is absent inside a thread.
export function keepMessages(list, messages, openThread) {
  const items = [];
  let before = null;
  for (const m of messages) {
    const when = fromTS(m.ts);
    if (!before || dayKey(fromTS(before.ts)) !== dayKey(when)) {
      items.push({ key: `day-${dayKey(when)}`, same: dayName(when), make: () => h("div", { class: "day", role: "separator" }, h("span", null, dayName(when))) });
      before = null;
    }
    const joined = before && before.user === m.user && !m.ephemeral === !before.ephemeral && m.ts - before.ts < TOGETHER && !before.reply_count && !m.notice;
    items.push({ key: m.ts + (m.ephemeral || ""), same: `${joined ? 1 : 0}${store.user}${JSON.stringify(m)}`, make: () => message(m, joined, openThread) });
    before = m;
  }
  keep(list, items);
}

function message(m, joined, openThread) {
  const when = fromTS(m.ts);
  const name = m.username || nameOf(m.user);
  const classes = ["message", joined && "joined", m.ephemeral && "ephemeral", m.notice && "notice"].filter(Boolean).join(" ");
  const full = format(when, { weekday: "long", month: "long", day: "numeric", hour: "numeric", minute: "2-digit" });
  return h("article", { class: classes, "data-testid": "message", "data-ts": m.ts, "aria-label": `${name}, ${full}` },
    joined ? h("time", { class: "message-time side-time", title: full }, clock(when).replace(/\s?[AP]M/i, "")) : avatar(m.user),
    h("div", { class: "message-body" },
      m.ephemeral && !joined && h("div", { class: "only-you" }, icon("eye"), "Only visible to you"),
      !joined && h("div", { class: "message-head" }, h("strong", null, name), (m.bot_id || m.user === store.bot) && h("span", { class: "tag" }, "App"), h("time", { class: "message-time", title: full }, clock(when))),
      content(m),
      (m.files || []).map(fileCard),
      openThread && m.reply_count > 0 && h("button", { type: "button", class: "thread-link", "data-testid": "thread-link", onclick: () => openThread(m) }, icon("thread"), m.reply_count === 1 ? "1 reply" : `${m.reply_count} replies`)),
    !m.ephemeral && !m.deleted && tools(m, openThread));
}

function content(m) {
  if (m.deleted) return h("div", { class: "message-text gone" }, "This message was deleted.");
  const edited = m.edited_ts && h("span", { class: "edited" }, " (edited)");
  const rich = m.blocks?.length ? blocks(m.blocks, surface(m)) : null;
  const attachments = (m.attachments || []).map((a) => attachment(a, m));
  const note = m.broadcast && m.thread_ts !== m.ts && h("div", { class: "edited" }, "replied to a thread");
  if (!rich) return [note, (m.text || !attachments.length) && h("div", { class: "message-text" }, mrkdwn(m.text), edited), attachments];
  return [note, h("div", { class: "blocks" }, rich), edited && h("div", null, edited), attachments];
}

function attachment(a, m) {
  const colour = { good: "var(--good)", warning: "var(--warn)", danger: "var(--danger)" }[a.color] || (a.color ? `#${a.color.replace("#", "")}` : "var(--line-strong)");
  return h("div", { class: "attachment", style: { borderLeftColor: colour } },
    a.pretext && h("div", null, mrkdwn(a.pretext)),
    a.title && h("div", { class: "card-title" }, textObject({ type: "mrkdwn", text: a.title })),
    a.text && h("div", { class: "message-text" }, mrkdwn(a.text)),
    a.fields && h("div", { class: "fields" }, a.fields.map((f) => h("div", null, h("strong", null, f.title), h("div", null, mrkdwn(f.value))))),
    a.blocks && h("div", { class: "blocks" }, blocks(a.blocks, surface(m))),
    !a.blocks && !a.text && a.fallback,
    a.footer && h("div", { class: "edited" }, a.footer));
}

function tools(m, openThread) {
  const shortcuts = store.shortcuts.filter((x) => x.type === "message");
  const reply = openThread ? [{ label: "Reply in thread", testid: "menu-reply", run: () => openThread(m) }] : [];
  const open = (e) => menu(e.currentTarget, [...reply, ...shortcuts.map((x) => ({
    label: x.name, hint: x.description, testid: `shortcut-${x.callback_id}`,
    run: () => attempt(() => post("shortcut", { user: store.user, at: { channel: m.channel, ts: m.ts }, callback_id: x.callback_id })),
  }))], "Message actions");
  return h("div", { class: "tools" },
    openThread && h("button", { type: "button", class: "icon-button only-hover", "aria-label": "Reply in thread", title: "Reply in thread", "data-testid": "reply-in-thread", onclick: () => openThread(m) }, icon("thread")),
    h("button", { type: "button", class: "icon-button", "aria-label": "Message actions", title: "Message actions", "aria-haspopup": "menu", "aria-expanded": "false", "data-testid": "message-menu", onclick: open }, icon("more")));
}
