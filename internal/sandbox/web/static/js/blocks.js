// Block Kit blocks to DOM nodes: https://docs.slack.dev/reference/block-kit/blocks

import { chart } from "./chart.js";
import { h, icon, newID } from "./dom.js";
import { element } from "./elements.js";
import { fileCard } from "./files.js";
import { safeHref, textObject } from "./mrkdwn.js";
import { markdown, richText } from "./richtext.js";
import { dataTable, table } from "./table.js";

// blocks renders all of them on a surface: {use(block, el)} says what an element does and holds.
export function blocks(list, surface) {
  return (list || []).map((b) => block(b, surface));
}

// block renders one.
export function block(b, surface) {
  const make = MAKERS[b.type];
  const node = make ? make(b, surface) : h("div", { class: "block unknown" }, `This page does not show ${b.type} blocks.`);
  node.classList.add("block", `block-${b.type}`);
  if (b.block_id) node.dataset.block = b.block_id;
  return node;
}

const MAKERS = {
  section: (b, s) => h("div", null,
    h("div", { class: "section-main" },
      b.text && h("div", { class: "section-text" }, textObject(b.text)),
      b.fields && h("div", { class: "fields" }, b.fields.map((f) => h("div", null, textObject(f))))),
    b.accessory && h("div", { class: "accessory" }, control(b, b.accessory, s))),
  header: (b) => h("h3", null, textObject(b.text)),
  divider: () => h("hr"),
  context: (b) => h("div", null, b.elements.map((e) => (e.type === "image" ? h("img", { src: e.image_url, alt: e.alt_text }) : h("span", null, textObject(e))))),
  actions: (b, s) => h("div", { role: "group", "aria-label": "Actions" }, b.elements.map((e) => control(b, e, s))),
  context_actions: (b, s) => h("div", { role: "group", "aria-label": "Actions" }, b.elements.map((e) => control(b, e, s))),
  image: (b) => picture(b),
  rich_text: (b) => h("div", null, richText(b.elements)),
  markdown: (b) => h("div", null, markdown(b.text)),
  table: (b) => h("div", null, table(b)),
  data_table: (b, s) => h("div", null, dataTable(b, (el) => control(b, el, s))),
  data_visualization: (b) => h("div", null, chart(b)),
  file: (b) => h("div", null, b.file ? fileCard(b.file) : "File"),
  video: (b) => h("div", null, h("a", { href: safeHref(b.title_url || b.video_url) || "#", target: "_blank", rel: "noopener noreferrer" }, textObject(b.title))),
  alert: (b) => h("div", { class: `alert-${b.level || "default"}`, role: b.level === "error" ? "alert" : "note" }, icon({ warning: "alert", error: "alert", success: "check" }[b.level] || "info"), h("div", null, textObject(b.text))),
  card: (b, s) => h("div", null,
    b.hero_image && h("img", { class: "card-hero", src: b.hero_image.image_url, alt: b.hero_image.alt_text }),
    b.title && h("div", { class: "card-title" }, textObject(b.title)), b.subtitle && h("div", { class: "card-subtitle" }, textObject(b.subtitle)),
    b.body && h("div", null, textObject(b.body)), b.subtext && h("div", { class: "choice-hint" }, textObject(b.subtext)),
    b.actions && h("div", { class: "block-actions" }, b.actions.map((e) => control(b, e, s)))),
  input,
};

function control(b, el, surface) {
  return element(el, { label: el.placeholder?.text, ...surface.use(b, el) });
}

function picture(b) {
  const url = b.image_url || b.slack_file?.url;
  return h("figure", null, b.title && h("figcaption", null, textObject(b.title)),
    h("img", { src: url, alt: b.alt_text, loading: "lazy", onerror: (e) => e.target.replaceWith(h("div", { class: "image-missing" }, icon("eye"), b.alt_text || "Image")) }));
}

// input renders a labelled field. Its error, when there is one, stands under it in red.
function input(b, surface) {
  const id = newID("field");
  const note = `${id}-note`;
  const use = surface.use(b, b.element);
  const group = /checkboxes|radio_buttons/.test(b.element.type);
  const described = use.error || b.hint ? note : undefined;
  const node = h("div", { class: use.error ? "field invalid" : "field", "data-testid": `field-${b.block_id}` },
    h(group ? "div" : "label", { class: "label", for: group ? undefined : id }, textObject(b.label), b.optional && h("span", { class: "optional" }, " (optional)")),
    element(b.element, { ...use, id, describedby: described, invalid: Boolean(use.error), optional: b.optional, label: group ? b.label.text : undefined, dispatches: b.dispatch_action }),
    h("div", { class: "notes", id: note },
      use.error && h("p", { class: "error", role: "alert", "data-testid": `error-${b.block_id}` }, icon("alert"), h("span", null, use.error)),
      b.hint && h("p", { class: "hint" }, textObject(b.hint))));
  return node;
}
