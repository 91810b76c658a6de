// Modals and the Home tab.

import { blocks } from "./blocks.js";
import { h, icon } from "./dom.js";

function placeOf(view, client) {
  return {
    names: client.names,
    use: (what) => client.act({ view: view.id, ...what }),
    values: view.values,
    errors: view.errors,
  };
}

// Draw the top modal. It is redrawn only after a change, so that typing is not lost.
export function drawModal(client) {
  const layer = document.getElementById("layer");
  const old = layer.querySelector(".modal-shade");
  const stack = client.state.views;
  const view = stack[stack.length - 1];
  const signature = view ? `${view.id} ${view.hash} ${JSON.stringify(view.errors)}` : "";
  if (old?.dataset.signature === signature) return;
  const typed = old && old.dataset.view === view?.id ? readForm(old) : null;
  old?.remove();
  if (!view) return;
  const shade = modal(view, client, stack.length > 1);
  shade.dataset.signature = signature;
  shade.dataset.view = view.id;
  layer.prepend(shade);
  if (typed && Object.keys(view.errors).length) writeForm(shade, typed);
  shade.querySelector(".input, .select")?.focus();
}

function modal(view, client, below) {
  const close = () => client.act({ kind: "close", view: view.id });
  const submit = h("button", { class: "button primary", type: "submit" }, view.submit?.text || "Submit");
  const form = h(
    "form",
    {
      class: "dialog",
      role: "dialog",
      "aria-label": view.title.text,
      noValidate: true,
      onsubmit: async (event) => {
        event.preventDefault();
        submit.disabled = true;
        await client.act({ kind: "submit", view: view.id, values: readForm(form) });
        submit.disabled = false;
      },
    },
    h(
      "header",
      { class: "dialog-title" },
      h("h2", {}, view.title.text),
      h("button", { class: "icon-button", type: "button", "aria-label": "Close", onclick: close }, icon("close")),
    ),
    h("div", { class: "dialog-body" }, blocks(view.blocks, placeOf(view, client))),
    h(
      "footer",
      { class: "dialog-foot" },
      h("button", { class: "button", type: "button", onclick: close }, view.close?.text || (below ? "Back" : "Cancel")),
      view.submit ? submit : null,
    ),
  );
  // A click on a button of the view must not submit it.
  form.querySelectorAll(".dialog-body button").forEach((b) => (b.type = "button"));
  return h("div", { class: "shade modal-shade" }, form);
}

function readForm(form) {
  const values = {};
  for (const block of form.querySelectorAll(".block-input[data-block]")) {
    const control = block.querySelector("[data-action]");
    if (control) values[block.dataset.block] = { [control.dataset.action]: control.readValue() };
  }
  return values;
}

function writeForm(form, values) {
  for (const [block, actions] of Object.entries(values)) {
    const control = form.querySelector(`.block-input[data-block="${CSS.escape(block)}"] .input`);
    const value = Object.values(actions)[0];
    if (control && typeof value === "string") control.value = value;
  }
}

export function homeTab(client) {
  const view = client.state.home;
  if (!view) return h("div", { class: "empty" }, "The app has not published a Home tab.");
  return h("div", { class: "home" }, blocks(view.blocks, placeOf(view, client)));
}
