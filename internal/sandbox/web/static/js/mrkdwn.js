// Slack's own text formatting (mrkdwn) to DOM nodes: https://docs.slack.dev/messaging/formatting-message-text

import { h } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { nameOf, store } from "./store.js";
import { tokens } from "./time.js";

const unescape = (t) => t.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

// safeHref lets through the addresses a message may link to.
export function safeHref(url) {
  return /^(https?:|mailto:|tel:|\/ui\/)/i.test(url) ? url : null;
}

// link makes a link that opens beside the page; an address we do not trust stays text.
export function link(url, text) {
  const href = safeHref(url);
  if (!href) return document.createTextNode(text || url);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text || url.replace(/^(mailto|tel):/, ""));
}

// mention is a person's name as a small tag.
export function mention(id) {
  return h("span", { class: id === store.user ? "mention mention-me" : "mention" }, `@${nameOf(id)}`);
}

// textObject renders a Block Kit text object.
export function textObject(t) {
  if (!t) return [];
  if (t.type === "mrkdwn") return mrkdwn(t.text);
  return [t.emoji === false ? t.text : withEmoji(t.text)];
}

// mrkdwn renders a whole text: code blocks, quotes and lines.
export function mrkdwn(text) {
  const out = [];
  for (const [i, part] of String(text || "").split("```").entries()) {
    if (i % 2 === 1) out.push(h("pre", { class: "code-block" }, h("code", null, unescape(part.replace(/^\n|\n$/g, "")))));
    else out.push(...lines(part, i > 0));
  }
  return out;
}

function lines(text, afterBlock) {
  const out = [];
  let plain = [];
  let quote = [];
  const flush = () => {
    if (plain.length) out.push(...inline(plain.join("\n")));
    if (quote.length) out.push(h("blockquote", null, inline(quote.join("\n"))));
    plain = [];
    quote = [];
  };
  for (const line of (afterBlock ? text.replace(/^\n/, "") : text).split("\n")) {
    const quoted = line.match(/^(?:&gt;|>)\s?(.*)$/);
    if (quoted ? plain.length : quote.length) flush();
    (quoted ? quote : plain).push(quoted ? quoted[1] : line);
  }
  flush();
  return out;
}

const MARKS = { "*": "strong", _: "em", "~": "del" };

// inline renders one run of text. A mark opens at a word's start and closes at a word's end.
export function inline(text) {
  const out = [];
  let plain = "";
  const flush = () => {
    if (plain) out.push(unescape(withEmoji(plain)));
    plain = "";
  };
  for (let i = 0; i < text.length; ) {
    const found = special(text, i);
    if (found) {
      flush();
      out.push(found.node);
      i = found.end;
    } else plain += text[i++];
  }
  flush();
  return out;
}

function special(text, i) {
  const c = text[i];
  if (c === "<") {
    const end = text.indexOf(">", i);
    if (end > i + 1) return { node: reference(text.slice(i + 1, end)), end: end + 1 };
  }
  if (c === "`") {
    const end = text.indexOf("`", i + 1);
    if (end > i + 1 && !text.slice(i, end).includes("\n")) return { node: h("code", null, unescape(text.slice(i + 1, end))), end: end + 1 };
  }
  if (MARKS[c] && (i === 0 || /[\s(\[{"'“‘*_~>\-–—:;,.!?/|•]/.test(text[i - 1])) && /\S/.test(text[i + 1] || " ")) {
    for (let end = text.indexOf(c, i + 1); end > 0; end = text.indexOf(c, end + 1)) {
      if (end === i + 1) break;
      const inner = text.slice(i + 1, end);
      if (inner.includes("\n")) break;
      if (/\s$/.test(inner) || /\w/.test(text[end + 1] || " ")) continue;
      return { node: h(MARKS[c], null, inline(inner)), end: end + 1 };
    }
  }
  return null;
}

// reference renders what stands between angle brackets.
function reference(body) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : unescape(withEmoji(body.slice(bar + 1)));
  switch (body[0]) {
    case "@":
      return mention(target.slice(1));
    case "#": {
      const channel = store.channels.find((c) => c.id === target.slice(1));
      return h("span", { class: "mention" }, `#${channel?.name || label || target.slice(1)}`);
    }
    case "!":
      return command(target.slice(1), label);
  }
  return link(unescape(target), label);
}

function command(target, label) {
  const [name, seconds, pattern, href] = target.split("^");
  if (name === "date") {
    const text = pattern ? tokens(Number(seconds), unescape(pattern)) : label;
    const node = h("time", { datetime: new Date(seconds * 1000).toISOString(), title: new Date(seconds * 1000).toLocaleString() }, text);
    return href ? h("a", { href: safeHref(unescape(href)) || "#", target: "_blank", rel: "noopener noreferrer" }, node) : node;
  }
  if (["here", "channel", "everyone"].includes(name)) return h("span", { class: "mention mention-me" }, `@${name}`);
  return h("span", { class: "mention" }, label || `@${name.split("^").pop()}`);
}

// plain reduces a text to what a line in a list can show.
export function plain(text) {
  return unescape(withEmoji(String(text || "").replace(/<[^>|]*\|([^>]*)>/g, "$1").replace(/<@(\w+)>/g, (_, id) => `@${nameOf(id)}`).replace(/[*_~`]/g, "")));
}

export { emoji };
