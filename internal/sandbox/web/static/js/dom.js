// Building and keeping DOM nodes. Text is always set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

// h makes an element: h("button", {class: "b", onclick: f, "aria-label": "x"}, child, "text", [more]).
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

// s makes an SVG element.
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(el, props, children) {
  for (const [key, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) el.addEventListener(key.slice(2), value);
    else if (key === "style") for (const [name, v] of Object.entries(value)) name.startsWith("--") ? el.style.setProperty(name, v) : (el.style[name] = v);
    else if (key === "value") el.value = value;
    else if (key === "checked" || key === "disabled" || key === "hidden") el[key] = Boolean(value);
    else el.setAttribute(key, value === true ? "" : value);
  }
  add(el, children);
  return el;
}

function add(el, children) {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue;
    if (Array.isArray(child)) add(el, child);
    else el.append(child);
  }
}

// show replaces what an element holds.
export function show(el, ...children) {
  el.replaceChildren();
  add(el, children);
}

// keep makes the children of parent match items, touching only the nodes that changed: items are
// {key, same, make}; a node is made anew when its "same" string differs. Focus and scroll survive.
export function keep(parent, items) {
  const old = new Map();
  for (const node of parent.children) old.set(node.dataset.key, node);
  const wanted = new Set(items.map((i) => i.key));
  for (const [key, node] of old) if (!wanted.has(key)) node.remove();
  let at = parent.firstElementChild;
  for (const item of items) {
    let node = old.get(item.key);
    if (node && node.keptAs === item.same) {
      if (node === at) at = at.nextElementSibling;
      else parent.insertBefore(node, at);
      continue;
    }
    const fresh = item.make(node);
    fresh.dataset.key = item.key;
    fresh.keptAs = item.same;
    if (node) {
      if (node === at) at = at.nextElementSibling;
      node.replaceWith(fresh);
      if (fresh.nextElementSibling !== at) parent.insertBefore(fresh, at);
    } else parent.insertBefore(fresh, at);
  }
}

let lastID = 0;

// newID returns an id for labels and the like.
export function newID(prefix = "x") {
  lastID += 1;
  return `${prefix}-${lastID}`;
}

// debounce calls f once, ms after the last call.
export function debounce(f, ms) {
  let timer;
  const run = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => f(...args), ms);
  };
  run.cancel = () => clearTimeout(timer);
  return run;
}

const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4.5 9h16M3.5 15h16",
  lock: "M6.5 11h11v8.5h-11zM9 11V8a3 3 0 0 1 6 0v3",
  close: "M6 6l12 12M18 6 6 18",
  back: "M14.5 5.5 8 12l6.5 6.5",
  down: "M6.5 9.5 12 15l5.5-5.5",
  menu: "M4 7h16M4 12h16M4 17h16",
  phone: "M8 3.5h8a1.5 1.5 0 0 1 1.5 1.5v14a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 19V5A1.5 1.5 0 0 1 8 3.5zM11 17.8h2",
  mail: "M4 6h16v12H4zM4.5 6.5 12 13l7.5-6.5",
  bolt: "M13 3 5.5 13.5H11L10 21l7.5-10.5H12z",
  send: "M4.5 12 19.5 5l-5 15-3.2-6.3z",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  thread: "M4.5 5.5h15v10h-8l-4 3.5v-3.5h-3z",
  file: "M7 3.5h6.5L18 8v12.5H7zM13 3.5V8.5h5",
  open: "M13.5 4.5h6v6M19.5 4.5l-9 9M17 13.5v6H4.5V7h6",
  clip: "M17.5 11.5 11 18a4 4 0 0 1-5.7-5.7l7-7a2.7 2.7 0 0 1 3.8 3.8l-6.6 6.6a1.3 1.3 0 0 1-1.9-1.9l6-6",
  eye: "M2.8 12S6 6 12 6s9.2 6 9.2 6-3.2 6-9.2 6-9.2-6-9.2-6zM12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z",
  alert: "M12 4 3 19.5h18zM12 10v4.5M12 17v.01",
  check: "M5 12.5l4.5 4.5L19 7.5",
  info: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 11v5M12 8v.01",
};

// icon draws one of our line icons.
export function icon(name) {
  return s("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, s("path", { d: PATHS[name] }));
}
