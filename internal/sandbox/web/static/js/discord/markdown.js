// Discord's markdown as its clients show it. What people typed is set as text, never as markup.

import { h } from "../dom.js";
import { nameOf, store } from "../store.js";
import { ago, clock, format } from "../time.js";

// Each rule of a line: what it looks like, and what becomes of it.
const INLINE = [
  [/^\\([^A-Za-z0-9\s])/, (m) => m[1]],
  [/^```(?:[a-z]+\n)?([\s\S]+?)```/, (m) => h("pre", { class: "code-block" }, h("code", null, m[1].replace(/^\n/, "")))],
  [/^`([^`]+)`/, (m) => h("code", null, m[1])],
  [/^\*\*([\s\S]+?)\*\*(?!\*)/, (m) => h("strong", null, inline(m[1]))],
  [/^__([\s\S]+?)__/, (m) => h("u", null, inline(m[1]))],
  [/^\*([^\s*][^*]*?)\*/, (m) => h("em", null, inline(m[1]))],
  [/^_([^_\s][^_]*?)_(?![A-Za-z0-9])/, (m) => h("em", null, inline(m[1]))],
  [/^~~([\s\S]+?)~~/, (m) => h("s", null, inline(m[1]))],
  [/^\|\|([\s\S]+?)\|\|/, (m) => h("span", { class: "spoiler", tabindex: "0" }, inline(m[1]))],
  [/^<@!?(\d+)>/, (m) => mention(`@${nameOf(m[1])}`, m[1] === store.user)],
  [/^<@&(\d+)>/, () => mention("@role")],
  [/^<#(\d+)>/, (m) => mention(`#${channelCalled(m[1])}`)],
  [/^@(everyone|here)\b/, (m) => mention(m[0], true)],
  [/^<t:(-?\d+)(?::([tTdDfFR]))?>/, (m) => stamp(Number(m[1]), m[2] || "f")],
  [/^\[([^\]]+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/, (m) => link(m[2], inline(m[1]))],
  [/^<(https?:\/\/[^\s>]+)>/, (m) => link(m[1], m[1])],
  [/^https?:\/\/[^\s<]+[^\s<.,:;"')\]]/, (m) => link(m[0], m[0])],
];

function mention(words, me) {
  return h("span", { class: me ? "mention mention-me" : "mention" }, words);
}

function channelCalled(id) {
  return [...store.channels, ...store.threads].find((c) => c.id === id)?.name || "unknown";
}

function link(href, words) {
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, words);
}

// longDay is a date as Discord writes it.
export const longDay = (date, style = "long") => format(date, { dateStyle: style });

function stamp(seconds, style) {
  const date = new Date(seconds * 1000);
  const words = {
    t: () => clock(date), T: () => format(date, { hour: "numeric", minute: "2-digit", second: "2-digit" }), d: () => format(date, { dateStyle: "short" }), D: () => longDay(date),
    f: () => `${longDay(date)} ${clock(date)}`, F: () => `${longDay(date, "full")} ${clock(date)}`, R: () => ago(date),
  }[style]();
  return h("time", { class: "stamp", title: date.toString() }, words);
}

// inline writes text without blocks.
export function inline(text) {
  const out = [];
  let plain = "";
  while (text) {
    const found = INLINE.map(([rule, make]) => [text.match(rule), make]).find(([m]) => m);
    if (!found) {
      plain += text[0];
      text = text.slice(1);
      continue;
    }
    if (plain) out.push(plain);
    plain = "";
    out.push(found[1](found[0]));
    text = text.slice(found[0][0].length);
  }
  if (plain) out.push(plain);
  return out;
}

// markdown writes text with its blocks: headings, small print, quotes and lists; the rest are lines.
export function markdown(text) {
  const out = [];
  let lines = [];
  const flush = () => {
    if (lines.length) out.push(h("div", { class: "message-text" }, inline(lines.join("\n"))));
    lines = [];
  };
  const block = (node) => { flush(); out.push(node); };
  let fenced = false;
  for (const line of (text || "").split("\n")) {
    const fences = (line.match(/```/g) || []).length;
    const heading = line.match(/^(#{1,3}) +(.+)/);
    const small = line.match(/^-# +(.+)/);
    const quote = line.match(/^> (.*)/);
    const item = line.match(/^( *)(?:[-*]|(\d+)\.) +(.+)/);
    if (fenced || fences % 2) lines.push(line);
    else if (heading) block(h(`h${heading[1].length + 2}`, { class: `md-h${heading[1].length}` }, inline(heading[2])));
    else if (small) block(h("div", { class: "subtext" }, inline(small[1])));
    else if (quote) block(h("blockquote", null, inline(quote[1])));
    else if (item) block(h("div", { class: `item indent-${Math.min(3, item[1].length >> 1)}` }, item[2] ? `${item[2]}. ` : "• ", inline(item[3])));
    else lines.push(line);
    if (fences % 2) fenced = !fenced;
  }
  flush();
  return out;
}
