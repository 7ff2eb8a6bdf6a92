// File cards: name, kind and size, a look at PDFs and pictures, and the way to open them.

import { fileURL } from "./api.js";
import { h, icon } from "./dom.js";

// size writes bytes for people.
export function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

// kindOf is the short name of a file's type.
export function kindOf(name, mimetype) {
  if (mimetype === "application/pdf") return "PDF";
  const ext = (name || "").match(/\.([a-z0-9]{1,5})$/i);
  return ext ? ext[1].toUpperCase() : (mimetype || "file").split("/").pop().toUpperCase();
}

// fileCard shows a Slack file.
export function fileCard(file) {
  return card({ name: file.title || file.name, mimetype: file.mimetype, bytes: file.size, url: fileURL(file), alt: file.alt_txt });
}

// card shows any file the page can reach.
export function card({ name, mimetype, bytes, url, alt }) {
  const kind = kindOf(name, mimetype);
  const preview = h("div", { class: "file-preview", hidden: true });
  const pdf = mimetype === "application/pdf";
  const toggle = (e) => {
    const open = preview.hidden;
    if (open && !preview.firstChild) preview.append(h("iframe", { src: `${url}#toolbar=0&navpanes=0&view=FitH`, title: `Preview of ${name}` }));
    preview.hidden = !open;
    e.currentTarget.setAttribute("aria-expanded", String(open));
    e.currentTarget.querySelector("span").textContent = open ? "Hide" : "Preview";
  };
  const box = h("div", { class: "file", "data-testid": "file" },
    h("div", { class: "file-head" },
      h("span", { class: `file-kind kind-${kind.toLowerCase()}`, "aria-hidden": "true" }, kind),
      h("a", { class: "file-name", href: url, target: "_blank", rel: "noopener", title: name }, h("strong", null, name), h("span", null, `${kind} · ${size(bytes)}`)),
      pdf && h("button", { type: "button", class: "button quiet", "aria-expanded": "false", "data-testid": "file-preview", onclick: toggle }, icon("eye"), h("span", null, "Preview")),
      h("a", { class: "icon-button", href: url, target: "_blank", rel: "noopener", "aria-label": `Open ${name}`, "data-testid": "file-open" }, icon("open"))),
    /^image\/(?!svg)/.test(mimetype || "") && h("a", { href: url, target: "_blank", rel: "noopener" }, h("img", { class: "file-image", src: url, alt: alt || name, loading: "lazy" })),
    preview);
  return box;
}
