// What a modal and a Home tab share: values typed but not yet sent, and what their elements do.

import { post } from "./api.js";
import { attempt } from "./messages.js";
import { store } from "./store.js";
import { isPress, start } from "./values.js";

const forms = new Map();

// formOf is what the page remembers of an open view: values by block and action, and errors by block.
export function formOf(view) {
  if (!forms.has(view.id)) forms.set(view.id, { values: new Map(), sent: new Map(), errors: {}, notice: "", queue: Promise.resolve() });
  return forms.get(view.id);
}

// forget drops the forms of views that are no longer open.
export function forget(open) {
  for (const id of forms.keys()) if (!open.has(id)) forms.delete(id);
}

export const keyOf = (b, el) => `${b.block_id}/${el.action_id}`;

// elementsOf lists the interactive elements of a block.
export function elementsOf(b) {
  return [b.element, b.accessory, ...(b.type === "actions" || b.type === "context_actions" ? b.elements : [])].filter(Boolean);
}

// prune forgets what was typed into elements that an update took away, as Slack does.
export function prune(view) {
  const form = formOf(view);
  const there = new Set((view.blocks || []).flatMap((b) => elementsOf(b).map((el) => keyOf(b, el))));
  for (const key of form.values.keys()) {
    if (there.has(key)) continue;
    form.values.delete(key);
    form.sent.delete(key);
  }
}

// surface makes the elements of a view work. Inputs remember; everything else tells the app at once.
export function surface(view) {
  const form = formOf(view);
  const who = store.user;
  return {
    use(b, el) {
      const key = keyOf(b, el);
      const target = { block_id: b.block_id, action_id: el.action_id };
      const now = () => form.values.get(key) || start(el, view.state?.[b.block_id]?.[el.action_id]);
      const body = (value) => ({ user: who, view: view.id, element: target, value });
      return {
        now: isPress(el) ? {} : now(),
        error: form.errors[b.block_id],
        oninput: (value) => form.values.set(key, value),
        oncommit: (value) => {
          const press = b.type !== "input";
          if (!isPress(el)) form.values.set(key, value);
          if (!press && !b.dispatch_action && form.sent.get(key) === value.value) return form.queue;
          form.sent.set(key, value.value);
          form.queue = form.queue.then(() => (press ? act("press", body(value.value)) : note(b, body(value.value))));
          return form.queue;
        },
        suggest: async (query) => (await post("suggest", { user: who, view: view.id, element: target, query })).options,
      };
    },
  };
}

// act does something the app must answer; when it does not, the view itself says so (the sandbox sets its notice).
async function act(what, body) {
  try {
    await post(what, body);
  } catch (problem) {
    if (problem.kind === "refused" || problem.kind === "offline") await attempt(() => Promise.reject(problem));
  }
}

// note lets the sandbox remember a value, so that buttons in the view and a reload know it. A value it refuses
// is left for the submission, which says what is wrong.
async function note(block, body) {
  if (block.dispatch_action) return act("change", body);
  return post("change", body).catch(() => {});
}
