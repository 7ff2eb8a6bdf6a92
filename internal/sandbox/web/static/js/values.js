// The value of an input in the form in which the sandbox takes it, from Block Kit's initial values or a view's state.

import { channelName, nameOf, store, timeZone } from "./store.js";

const option = (o) => ({ text: o.text?.text ?? o.text, value: o.value, description: o.description?.text });
const byID = (id) => ({ value: id, text: store.byID.has(id) ? nameOf(id) : channelLabel(id) });

function channelLabel(id) {
  const c = store.channels.find((x) => x.id === id);
  return c ? (c.is_im ? "" : "#") + channelName(c) : id;
}

// isPress tells the elements that are pressed and hold nothing.
export const isPress = (el) => /^(button|icon_button|workflow_button|overflow|image)$/.test(el.type);

// isSelect tells the elements that a combobox shows.
export const isSelect = (el) => el.type.endsWith("_select");

// start is an element's value before anybody touches it: {value, chosen}. entry is its part of a view's state.
export function start(el, entry) {
  const pick = (name) => (entry ? entry[name] : el[name.replace("selected", "initial")]);
  if (isSelect(el)) {
    const many = el.type.startsWith("multi_");
    let chosen;
    if (/static|external/.test(el.type)) chosen = many ? pick("selected_options") : [pick("selected_option")];
    else {
      const kind = el.type.replace("multi_", "").replace("s_select", "");
      chosen = many ? pick(`selected_${kind}s`) : [pick(`selected_${kind}`)];
    }
    return selected(el, (chosen || []).filter(Boolean).map((c) => (typeof c === "string" ? byID(c) : option(c))));
  }
  switch (el.type) {
    case "checkboxes": return { value: JSON.stringify((pick("selected_options") || []).map((o) => o.value)) };
    case "radio_buttons": return { value: pick("selected_option")?.value || "" };
    case "datepicker": return { value: pick("selected_date") || "" };
    case "timepicker": return { value: pick("selected_time") || "" };
    case "datetimepicker": return { value: String(pick("selected_date_time") || "") };
    case "file_input": return { value: JSON.stringify((entry?.files || []).map((f) => f.id)), files: entry?.files || [] };
    case "rich_text_input": return { value: entry?.rich_text_value?.elements?.[0]?.elements?.map((e) => e.text).join("") || "" };
  }
  return { value: String((entry ? entry.value : el.initial_value) ?? "") };
}

// selected is the value of a select with these choices.
export function selected(el, chosen) {
  const many = el.type.startsWith("multi_");
  return { chosen, value: many ? (chosen.length ? JSON.stringify(chosen.map((c) => c.value)) : "") : chosen[0]?.value || "" };
}

// choices are the options a select offers by itself; null when the app must be asked.
export function choices(el) {
  const kind = el.type.replace("multi_", "");
  if (kind === "external_select") return null;
  if (kind === "users_select") return store.users.filter((u) => !u.deleted).map((u) => ({ ...byID(u.id), description: u.title }));
  if (kind === "channels_select") return store.channels.filter((c) => !c.is_im && !c.is_private).map((c) => byID(c.id));
  if (kind === "conversations_select") return store.channels.map((c) => byID(c.id));
  const groups = el.option_groups || [{ options: el.options || [] }];
  return groups.flatMap((g) => g.options.map((o) => ({ ...option(o), group: g.label?.text })));
}

function offset(at, zone) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(at).map((p) => [p.type, Number(p.value)]));
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) - Math.floor(at / 1000) * 1000;
}

// toUnix reads "2026-03-01T09:00" in the person's zone.
export function toUnix(local) {
  if (!local) return "";
  const asUTC = Date.parse(`${local}:00Z`);
  const first = asUTC - offset(asUTC, timeZone());
  return String(Math.round((asUTC - offset(first, timeZone())) / 1000));
}

// toLocal is the reverse.
export function toLocal(unix) {
  if (!unix) return "";
  const at = Number(unix) * 1000;
  return new Date(at + offset(at, timeZone())).toISOString().slice(0, 16);
}
