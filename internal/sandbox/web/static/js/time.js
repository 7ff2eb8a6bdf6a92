// Dates as people read them, in the current person's time zone.

import { timeZone } from "./store.js";

// format writes a Date with Intl's options.
export function format(date, options) {
  return new Intl.DateTimeFormat("en-US", { timeZone: timeZone(), ...options }).format(date);
}

// clock is the time of day.
export const clock = (date) => format(date, { hour: "numeric", minute: "2-digit" });

// fromTS reads a Slack timestamp.
export const fromTS = (ts) => new Date(parseFloat(ts) * 1000);

// dayKey tells days apart.
export const dayKey = (date) => format(date, { year: "numeric", month: "2-digit", day: "2-digit" });

function daysAgo(date) {
  const noon = (d) => Date.parse(`${new Intl.DateTimeFormat("en-CA", { timeZone: timeZone() }).format(d)}T12:00:00Z`);
  return Math.round((noon(new Date()) - noon(date)) / 86400000);
}

// dayName is "Today", "Yesterday" or the date.
export function dayName(date) {
  const near = { 0: "Today", 1: "Yesterday", [-1]: "Tomorrow" }[daysAgo(date)];
  return near || format(date, { weekday: "long", month: "long", day: "numeric", year: thisYear(date) ? undefined : "numeric" });
}

const thisYear = (date) => format(date, { year: "numeric" }) === format(new Date(), { year: "numeric" });

function ordinal(n) {
  const tens = n % 100;
  if (tens >= 11 && tens <= 13) return `${n}th`;
  return n + ({ 1: "st", 2: "nd", 3: "rd" }[n % 10] || "th");
}

export function longDate(date, withWeekday) {
  const day = ordinal(Number(format(date, { day: "numeric" })));
  const month = format(date, { month: "long" });
  const weekday = withWeekday ? `${format(date, { weekday: "long" })}, ` : "";
  return `${weekday}${month} ${day}, ${format(date, { year: "numeric" })}`;
}

export function ago(date) {
  const seconds = (date - Date.now()) / 1000;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, size] = units.find(([, n]) => Math.abs(seconds) >= n) || ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

function pretty(date, otherwise, capital) {
  const near = { 0: "today", 1: "yesterday", [-1]: "tomorrow" }[daysAgo(date)];
  if (!near) return otherwise;
  return capital ? near[0].toUpperCase() + near.slice(1) : near;
}

// tokens fills the braces of Slack's date formatting: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
export function tokens(seconds, pattern) {
  const date = new Date(seconds * 1000);
  const short = format(date, { month: "short", day: "numeric", year: "numeric" });
  const values = {
    date_num: () => new Intl.DateTimeFormat("en-CA", { timeZone: timeZone() }).format(date),
    date_slash: () => format(date, { year: "numeric", month: "2-digit", day: "2-digit" }),
    date: () => longDate(date), date_long: () => longDate(date, true), date_short: () => short,
    date_pretty: () => pretty(date, longDate(date)), date_long_pretty: () => pretty(date, longDate(date, true)),
    date_short_pretty: () => pretty(date, short),
    time: () => clock(date), time_secs: () => format(date, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
    ago: () => ago(date), day_divider_pretty: () => dayName(date),
  };
  const text = pattern.replace(/\{(\w+)\}/g, (all, name) => (values[name] ? values[name]() : all));
  return text && text[0].toUpperCase() + text.slice(1) === text ? text : pattern.startsWith("{") ? text[0].toUpperCase() + text.slice(1) : text;
}
