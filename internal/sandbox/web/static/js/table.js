// The table block, and the data_table block with its sorting, filter and pages.

import { h, icon, show } from "./dom.js";
import { richText } from "./richtext.js";

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });

function cellNodes(cell, element) {
  if (!cell) return [];
  if (cell.type === "rich_text") return richText(cell.elements);
  if (cell.type === "raw_number") return [cell.text || number.format(cell.value)];
  if (cell.type === "action_cell") return [element ? element(cell.element) : ""];
  return [cell.text || ""];
}

function cellText(cell) {
  if (!cell) return "";
  if (cell.type === "action_cell") return cell.element?.text?.text || "";
  if (cell.type === "rich_text") return JSON.stringify(cell.elements.map((e) => e.elements?.map((x) => x.text)));
  return cell.text ?? String(cell.value ?? "");
}

// table renders rows; the first is the header.
export function table(block) {
  const settings = block.column_settings || [];
  const look = (i) => `align-${settings[i]?.align || "left"}${settings[i]?.is_wrapped ? " wrapped" : ""}`;
  const [head, ...rows] = block.rows;
  return h("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": "Table" }, h("table", { "data-testid": "table" },
    h("thead", null, h("tr", null, head.map((c, i) => h("th", { class: look(i), scope: "col" }, cellNodes(c))))),
    h("tbody", null, rows.map((row) => h("tr", null, row.map((c, i) => h("td", { class: look(i) }, cellNodes(c))))))));
}

// dataTable renders the interactive kind; element makes the button of an action cell.
export function dataTable(block, element) {
  const [head, ...rows] = block.rows;
  const size = block.page_size || 5;
  const rowHeader = block.row_header_column_index || 0;
  const numeric = head.map((_, i) => rows.every((r) => r[i]?.type === "raw_number"));
  const state = { by: -1, down: false, page: 0, words: "" };
  const body = h("tbody");
  const foot = h("div", { class: "data-table-foot" });
  const heads = head.map((c, i) => {
    const button = h("button", { type: "button", class: "sort", onclick: () => sortBy(i) }, cellText(c), h("span", { class: "sort-mark", "aria-hidden": "true" }));
    return h("th", { scope: "col", class: numeric[i] ? "align-right" : "", "aria-sort": "none" }, button);
  });

  function sortBy(i) {
    if (state.by === i && state.down) Object.assign(state, { by: -1, down: false });
    else Object.assign(state, { down: state.by === i, by: i });
    state.page = 0;
    draw();
  }

  function chosen() {
    const words = state.words.toLowerCase();
    const found = words ? rows.filter((r) => r.some((c) => cellText(c).toLowerCase().includes(words))) : [...rows];
    if (state.by >= 0) {
      const i = state.by;
      const order = numeric[i] ? (a, b) => a[i].value - b[i].value : (a, b) => cellText(a[i]).localeCompare(cellText(b[i]), undefined, { numeric: true });
      found.sort((a, b) => (state.down ? -order(a, b) : order(a, b)));
    }
    return found;
  }

  function draw() {
    const found = chosen();
    const pages = Math.max(1, Math.ceil(found.length / size));
    state.page = Math.min(state.page, pages - 1);
    const shown = found.slice(state.page * size, state.page * size + size);
    show(body, shown.map((row) => h("tr", null, row.map((c, i) => h(i === rowHeader ? "th" : "td", { scope: i === rowHeader ? "row" : undefined, class: numeric[i] ? "align-right" : "" }, cellNodes(c, element))))),
      shown.length === 0 && h("tr", null, h("td", { colspan: head.length, class: "none" }, "No row matches")));
    heads.forEach((th, i) => th.setAttribute("aria-sort", state.by === i ? (state.down ? "descending" : "ascending") : "none"));
    const turn = (step, label, name, off) => h("button", { type: "button", class: `icon-button turn-${step}`, "aria-label": label, disabled: off, onclick: () => { state.page += step; draw(); } }, icon(name));
    show(foot, h("span", null, found.length === 1 ? "1 row" : `${found.length} rows`),
      pages > 1 && h("span", { class: "pages" }, turn(-1, "Previous page", "back", state.page === 0), `${state.page + 1} of ${pages}`, turn(1, "Next page", "back", state.page === pages - 1)));
  }

  const filter = rows.length > size && h("input", { type: "search", class: "table-filter", placeholder: "Filter rows", "aria-label": "Filter rows", oninput: (e) => { state.words = e.target.value; state.page = 0; draw(); } });
  draw();
  return h("figure", { class: "data-table", "data-testid": "data-table" },
    h("figcaption", null, h("span", null, block.caption), filter),
    h("div", { class: "table-wrap" }, h("table", null, h("thead", null, h("tr", null, heads)), body)), foot);
}
