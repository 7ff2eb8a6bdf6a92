// The app's Home tab.

import { get, post } from "./api.js";
import { block } from "./blocks.js";
import { h, keep, show } from "./dom.js";
import { attempt } from "./messages.js";
import { nameOf, store } from "./store.js";
import { prune, surface } from "./view.js";

let page = null;

// drawHome shows the tab and tells the app that it was opened, as Slack does each time.
export function drawHome(stage) {
  page = h("div", { class: "home-blocks", "data-testid": "home" });
  show(stage, h("div", { class: "scroller home" }, page));
  loadHome();
  attempt(() => post("open-home", { user: store.user }));
}

// loadHome brings the tab up to date when it is on screen.
export async function loadHome() {
  if (!page?.isConnected) return;
  const { view } = await get("home", { user: store.user });
  if (!page?.isConnected) return;
  if (!view?.blocks?.length) {
    keep(page, [{ key: "empty", same: store.user, make: () => h("p", { class: "empty" }, `${nameOf(store.bot)} has not filled this page yet.`) }]);
    return;
  }
  prune(view);
  const sur = surface(view);
  keep(page, view.blocks.map((b, i) => ({ key: b.block_id || `#${i}`, same: view.id + JSON.stringify(b), make: () => block(b, sur) })));
}
