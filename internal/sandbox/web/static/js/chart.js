// The data_visualization block as inline SVG: bar, line, area and pie. Drawn for the width it has, again when that changes.

import { h, s } from "./dom.js";

const HEIGHT = 250;
const COLOURS = 12;
const colour = (i) => `var(--chart-${(i % COLOURS) + 1})`;
const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

// chart renders the block with its title and legend; a table of the values is there for screen readers.
export function chart(block) {
  const c = block.chart;
  const pie = c.type === "pie";
  const names = pie ? c.segments.map((x) => [x.label, h("span", null, number.format(x.value))]) : c.series.map((x) => x.name);
  const canvas = h("div", { class: "chart-canvas" });
  const box = h("figure", { class: `chart chart-${c.type}`, "data-testid": "chart" },
    h("figcaption", { class: "chart-title" }, block.title),
    canvas,
    (pie || names.length > 1) && h("ul", { class: "chart-legend" }, names.map((n, i) => h("li", null, h("i", { style: { background: colour(i) } }), n))));
  const draw = (width) => canvas.replaceChildren((pie ? drawPie : drawAxes)(c, Math.max(220, Math.round(width)), block.title));
  let drawn = 0;
  new ResizeObserver(([entry]) => {
    const width = entry.contentRect.width;
    // Not at once: a change of size inside the observer's own round would start another round.
    if (width > 0 && Math.abs(width - drawn) > 1) requestAnimationFrame(() => draw(drawn = width));
  }).observe(canvas);
  return box;
}

function drawPie(c, width, title) {
  const size = Math.min(width, 210);
  const [cx, cy, r] = [size / 2, size / 2, size / 2 - 6];
  const total = c.segments.reduce((sum, x) => sum + x.value, 0);
  let angle = -Math.PI / 2;
  const slices = c.segments.map((seg, i) => {
    const part = seg.value / total;
    const from = angle;
    angle += part * 2 * Math.PI;
    const label = `${seg.label}: ${number.format(seg.value)} (${Math.round(part * 100)} %)`;
    const at = (a, k = r) => `${(cx + k * Math.cos(a)).toFixed(2)} ${(cy + k * Math.sin(a)).toFixed(2)}`;
    const shape = part > 0.9999
      ? s("circle", { cx, cy, r, fill: colour(i) })
      : s("path", { d: `M${cx} ${cy}L${at(from)}A${r} ${r} 0 ${part > 0.5 ? 1 : 0} 1 ${at(angle)}Z`, fill: colour(i), class: "slice" });
    const middle = (from + angle) / 2;
    const [x, y] = at(part > 0.9999 ? 0 : middle, part > 0.9999 ? 0 : r * 0.68).split(" ");
    return s("g", { class: "mark" }, shape, s("title", null, label), part >= 0.06 && s("text", { x, y, class: "slice-label", "text-anchor": "middle", "dominant-baseline": "central" }, `${Math.round(part * 100)}%`));
  });
  return s("svg", { viewBox: `0 0 ${size} ${size}`, width: size, height: size, role: "img", "aria-label": `${title}: ${c.segments.map((x) => `${x.label} ${x.value}`).join(", ")}` }, slices);
}

// ticks are round values that enclose low and high.
export function ticks(low, high, count = 4) {
  const span = high - low || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((k) => k >= rough);
  const out = [];
  for (let v = Math.floor(low / step) * step; v < high + step * 0.999; v += step) out.push(Number(v.toFixed(10)));
  return out;
}

function drawAxes(c, width, title) {
  const values = c.series.flatMap((x) => x.data.map((d) => d.value));
  const scale = ticks(Math.min(0, ...values), Math.max(0, ...values));
  const [low, high] = [scale[0], scale.at(-1)];
  const labels = scale.map((v) => short.format(v));
  const yTitle = c.axis_config.y_label;
  const xTitle = c.axis_config.x_label;
  const box = {
    left: Math.max(...labels.map((l) => l.length)) * 6.6 + 12 + (yTitle ? 18 : 0),
    right: width - 10, top: 10, bottom: HEIGHT - 26 - (xTitle ? 18 : 0),
  };
  const y = (v) => box.bottom - ((v - low) / (high - low || 1)) * (box.bottom - box.top);
  const grid = scale.map((v, i) => s("g", null,
    s("line", { x1: box.left, x2: box.right, y1: y(v), y2: y(v), class: v === 0 ? "axis" : "grid" }),
    s("text", { x: box.left - 8, y: y(v), class: "tick", "text-anchor": "end", "dominant-baseline": "central" }, labels[i])));
  const categories = c.axis_config.categories;
  const band = (box.right - box.left) / categories.length;
  const at = { x: (i) => box.left + band * (i + 0.5), y, band, box };
  return s("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-label": describe(c, title) },
    grid, categoryLabels(categories, at, box),
    c.type === "bar" ? bars(c, at) : curves(c, at, c.type === "area"),
    yTitle && s("text", { x: 11, y: (box.top + box.bottom) / 2, class: "axis-title", "text-anchor": "middle", transform: `rotate(-90 11 ${(box.top + box.bottom) / 2})` }, yTitle),
    xTitle && s("text", { x: (box.left + box.right) / 2, y: HEIGHT - 6, class: "axis-title", "text-anchor": "middle" }, xTitle));
}

const describe = (c, title) => `${title}. ${c.series.map((x) => `${x.name}: ${x.data.map((d) => `${d.label} ${d.value}`).join(", ")}`).join("; ")}`;

function categoryLabels(categories, at, box) {
  const longest = Math.max(...categories.map((c) => c.length));
  const fits = Math.max(4, Math.floor((at.band - 6) / 6.2));
  const every = longest <= fits || fits >= 8 ? 1 : Math.ceil((Math.min(longest, 10) * 6.2 + 8) / at.band);
  const room = Math.max(4, Math.floor((at.band * every - 6) / 6.2));
  return categories.map((c, i) => i % every === 0 && s("text", { x: at.x(i), y: box.bottom + 17, class: "tick", "text-anchor": "middle" },
    c.length > room ? `${c.slice(0, room - 1)}…` : c, s("title", null, c)));
}

const value = (series, category) => series.data.find((d) => d.label === category)?.value ?? 0;

function bars(c, at) {
  const n = c.series.length;
  const group = Math.min(at.band * 0.72, 30 * n + 24);
  const wide = Math.max(1.5, group / n - (n > 1 ? 2 : 0));
  return c.axis_config.categories.map((category, i) => c.series.map((series, k) => {
    const v = value(series, category);
    const [top, bottom] = [at.y(Math.max(0, v)), at.y(Math.min(0, v))];
    const x = at.x(i) - group / 2 + k * (group / n) + (n > 1 ? 1 : 0);
    const radius = Math.min(3, wide / 2, (bottom - top) / 2);
    return s("g", { class: "mark" },
      s("rect", { x, y: top, width: wide, height: Math.max(bottom - top, v ? 1 : 0), rx: radius, fill: colour(k) }),
      n === 1 && wide > 16 && s("text", { x: x + wide / 2, y: v < 0 ? bottom + 12 : top - 4, class: "bar-label", "text-anchor": "middle" }, short.format(v)),
      s("title", null, `${category}, ${series.name}: ${number.format(v)}`));
  }));
}

function curves(c, at, filled) {
  return c.series.map((series, k) => {
    const points = c.axis_config.categories.map((category, i) => [at.x(i), at.y(value(series, category)), category]);
    const path = points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
    return s("g", null,
      filled && s("path", { d: `${path}L${points.at(-1)[0]} ${at.y(0)}L${points[0][0]} ${at.y(0)}Z`, fill: colour(k), class: "area" }),
      s("path", { d: path, class: "curve", stroke: colour(k) }),
      points.map(([x, y, category]) => s("g", { class: "mark" }, s("circle", { cx: x, cy: y, r: 3.2, fill: colour(k) }), s("circle", { cx: x, cy: y, r: 10, fill: "transparent" }),
        s("title", null, `${category}, ${series.name}: ${number.format(value(series, category))}`))));
  });
}
