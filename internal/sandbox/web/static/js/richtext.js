// Block Kit's rich_text and markdown blocks to DOM nodes.

import { h } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { link, mention, safeHref } from "./mrkdwn.js";
import { store } from "./store.js";
import { tokens } from "./time.js";

// richText renders the elements of a rich_text block, gathering neighbouring lists into one tree.
export function richText(elements) {
  const out = [];
  for (let i = 0; i < elements.length; ) {
    if (elements[i].type !== "rich_text_list") {
      out.push(richPart(elements[i++]));
      continue;
    }
    const run = [];
    while (elements[i]?.type === "rich_text_list") run.push(elements[i++]);
    out.push(...lists(run));
  }
  return out;
}

function richPart(e) {
  if (e.type === "rich_text_preformatted") return h("pre", { class: "code-block" }, h("code", null, e.elements.map((x) => x.text || x.url || "")));
  if (e.type === "rich_text_quote") return h("blockquote", null, e.elements.map(richInline));
  return h("div", { class: "rich-section" }, e.elements.map(richInline));
}

function lists(run) {
  return run.map((l) => {
    const items = l.elements.map((item) => h("li", null, item.elements.map(richInline)));
    return h(l.style === "ordered" ? "ol" : "ul", { class: `rich-list indent-${Math.min(l.indent || 0, 6)}`, start: l.offset ? l.offset + 1 : undefined }, items);
  });
}

function richInline(e) {
  let node = inlineNode(e);
  const wrap = { bold: "strong", italic: "em", strike: "del", code: "code", underline: "u", highlight: "mark" };
  for (const [style, tag] of Object.entries(wrap)) if (e.style?.[style]) node = h(tag, null, node);
  return node;
}

function inlineNode(e) {
  switch (e.type) {
    case "link": return link(e.url, e.text);
    case "user": return mention(e.user_id);
    case "usergroup": return h("span", { class: "mention" }, `@${e.usergroup_id}`);
    case "channel": return h("span", { class: "mention" }, `#${store.channels.find((c) => c.id === e.channel_id)?.name || e.channel_id}`);
    case "emoji": return document.createTextNode(e.unicode ? String.fromCodePoint(...e.unicode.split("-").map((x) => parseInt(x, 16))) : emoji(e.name));
    case "date": return h("time", null, tokens(e.timestamp, e.format || "{date_short} {time}"));
    case "broadcast": return h("span", { class: "mention mention-me" }, `@${e.range}`);
    case "color": return h("span", { class: "colour" }, h("i", { style: { background: e.value } }), e.value);
  }
  return document.createTextNode(e.text || "");
}

// markdown renders standard Markdown as the markdown block takes it.
export function markdown(text) {
  const lines = String(text || "").split("\n");
  const out = [];
  let i = 0;
  const take = (test) => {
    const got = [];
    while (i < lines.length && test(lines[i])) got.push(lines[i++]);
    return got;
  };
  while (i < lines.length) {
    const line = lines[i];
    const heading = line.match(/^(#{1,6})\s+(.*?)\s*#*$/);
    if (!line.trim()) i++;
    else if (/^```/.test(line)) {
      i++;
      out.push(h("pre", { class: "code-block" }, h("code", null, take((l) => !/^```/.test(l)).join("\n"))));
      i++;
    } else if (heading) {
      out.push(h(`h${Math.min(heading[1].length + 2, 6)}`, { class: `md-h${heading[1].length}` }, md(heading[2])));
      i++;
    } else if (/^(-{3,}|\*{3,}|_{3,})\s*$/.test(line)) {
      out.push(h("hr"));
      i++;
    } else if (/^>/.test(line)) out.push(h("blockquote", null, markdown(take((l) => /^>/.test(l)).map((l) => l.replace(/^>\s?/, "")).join("\n"))));
    else if (/^\|.*\|\s*$/.test(line) && /^\|[\s:|-]+\|\s*$/.test(lines[i + 1] || "")) out.push(mdTable(take((l) => /^\|/.test(l))));
    else if (LIST.test(line)) out.push(mdList(take((l) => LIST.test(l) || /^\s{2,}\S/.test(l))));
    else out.push(h("p", null, md(take((l) => l.trim() && !/^(#{1,6}\s|```|>|\|)/.test(l) && !LIST.test(l)).join("\n") || lines[i++])));
  }
  return out;
}

const LIST = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;

function mdList(lines) {
  const first = lines[0].match(LIST);
  const depth = first[1].length;
  const list = h(/\d/.test(first[2]) ? "ol" : "ul", { class: "rich-list", start: /^\d/.test(first[2]) ? parseInt(first[2], 10) : undefined });
  for (let i = 0; i < lines.length; ) {
    const m = lines[i++].match(LIST);
    const nested = [];
    while (i < lines.length && (lines[i].match(/^\s*/)[0].length > depth)) nested.push(lines[i++]);
    const task = m?.[3].match(/^\[([ xX])\]\s+(.*)$/);
    const body = task ? [task[1] === " " ? "☐ " : "☑ ", ...md(task[2])] : md(m ? m[3] : lines[i - 1]);
    list.append(h("li", null, body, nested.length > 0 && (LIST.test(nested[0]) ? mdList(nested) : md(nested.join(" ")))));
  }
  return list;
}

function mdTable(lines) {
  const cells = (l) => l.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((c) => c.trim().replace(/\\\|/g, "|"));
  const align = cells(lines[1]).map((c) => (/^:.*:$/.test(c) ? "center" : /:$/.test(c) ? "right" : "left"));
  const row = (l, tag) => h("tr", null, cells(l).map((c, n) => h(tag, { class: `align-${align[n] || "left"}` }, md(c))));
  return h("div", { class: "table-wrap" }, h("table", null, h("thead", null, row(lines[0], "th")), h("tbody", null, lines.slice(2).map((l) => row(l, "td")))));
}

const MD = [
  [/^\\([\\`*_{}[\]()#+.!|~>-])/, (m) => document.createTextNode(m[1])],
  [/^`([^`]+)`/, (m) => h("code", null, m[1])],
  [/^!\[([^\]]*)\]\(([^)\s]+)\)/, (m) => link(m[2], m[1] || m[2])],
  [/^\[([^\]]+)\]\(([^)\s]+)\)/, (m) => (safeHref(m[2]) ? h("a", { href: m[2], target: "_blank", rel: "noopener noreferrer" }, md(m[1])) : document.createTextNode(m[1]))],
  [/^<@(\w+)>/, (m) => mention(m[1])],
  [/^<(https?:[^>]+)>/, (m) => link(m[1])],
  [/^https?:\/\/[^\s<)]+/, (m) => link(m[0])],
  [/^\*\*(\S(?:[^]*?\S)?)\*\*/, (m) => h("strong", null, md(m[1]))],
  [/^__(\S(?:[^]*?\S)?)__/, (m) => h("strong", null, md(m[1]))],
  [/^~~(\S(?:[^]*?\S)?)~~/, (m) => h("del", null, md(m[1]))],
  [/^\*(\S(?:[^*]*?\S)?)\*/, (m) => h("em", null, md(m[1]))],
  [/^_(\S(?:[^_]*?\S)?)_(?!\w)/, (m) => h("em", null, md(m[1]))],
];

function md(text) {
  const out = [];
  let plain = "";
  for (let i = 0; i < text.length; ) {
    const rest = text.slice(i);
    const hit = /[\\`!\[<h*_~]/.test(text[i]) && MD.map(([re, make]) => [rest.match(re), make]).find(([m]) => m);
    if (hit && !(text[i] === "_" && /\w/.test(text[i - 1] || " "))) {
      if (plain) out.push(withEmoji(plain));
      plain = "";
      out.push(hit[1](hit[0]));
      i += hit[0][0].length;
    } else plain += text[i++];
  }
  if (plain) out.push(withEmoji(plain));
  return out;
}
