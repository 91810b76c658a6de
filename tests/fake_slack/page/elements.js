// Interactive elements. `use(what)` tells the workspace; it takes {kind, action, value, …}.

import { ask, h, icon, openMenu } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";

export const textOf = (object, names) =>
  object.type === "mrkdwn" ? mrkdwn(object.text, names, object) : plain(object.text);

async function confirmed(element, names) {
  const dialog = element.confirm;
  if (!dialog) return true;
  return ask({
    title: dialog.title.text,
    text: textOf(dialog.text, names),
    confirm: dialog.confirm.text,
    deny: dialog.deny.text,
    danger: dialog.style === "danger",
  });
}

async function busy(control, work) {
  control.disabled = true;
  control.classList.add("busy");
  try {
    await work();
  } finally {
    control.disabled = false;
    control.classList.remove("busy");
  }
}

function button(element, names, use) {
  const control = h(
    "button",
    {
      class: `button ${element.style || ""}`,
      "aria-label": element.accessibility_label,
      onclick: async () => {
        if (!(await confirmed(element, names))) return;
        if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
        await busy(control, () => use({ kind: "click", action: element.action_id, value: element.value }));
      },
    },
    plain(element.text.text),
    element.url ? h("span", { class: "out" }, " ↗") : null,
  );
  return control;
}

function overflow(element, names, use) {
  const control = h(
    "button",
    {
      class: "button overflow",
      "aria-label": "More options",
      onclick: () =>
        openMenu(
          control,
          element.options.map((o) => ({
            label: o.text.text,
            hint: o.description?.text,
            run: async () => {
              if (!(await confirmed(element, names))) return;
              await busy(control, () => use({ kind: "click", action: element.action_id, value: o.value }));
            },
          })),
        ),
    },
    icon("more"),
  );
  return control;
}

function dropDown(element, use, state) {
  const chosen = state?.selected_option?.value;
  const control = h(
    "select",
    { class: "select", dataset: { action: element.action_id } },
    h("option", { value: "" }, element.placeholder?.text || "Choose an option"),
    element.options.map((o) => h("option", { value: o.value, selected: o.value === chosen }, o.text.text)),
  );
  control.readValue = () => control.value || null;
  control.addEventListener("change", () =>
    use({ kind: "select", action: element.action_id, value: control.readValue() }),
  );
  return control;
}

function checkboxes(element, names, use, state) {
  const chosen = (state?.selected_options || []).map((o) => o.value);
  const group = h(
    "div",
    { class: "choices", dataset: { action: element.action_id } },
    element.options.map((o) =>
      h(
        "label",
        { class: "choice" },
        h("input", {
          type: "checkbox",
          value: o.value,
          checked: chosen.includes(o.value),
          onchange: () => use({ kind: "select", action: element.action_id, value: group.readValue() }),
        }),
        h(
          "span",
          {},
          textOf(o.text, names),
          o.description ? h("small", {}, textOf(o.description, names)) : null,
        ),
      ),
    ),
  );
  group.readValue = () => [...group.querySelectorAll("input:checked")].map((i) => i.value);
  return group;
}

function typed(element, use, state) {
  const long = element.multiline;
  const field = h(long ? "textarea" : "input", {
    class: "input",
    rows: long ? 5 : undefined,
    type: long ? undefined : "text",
    placeholder: element.placeholder?.text,
    value: state?.value || "",
    maxLength: element.max_length,
    dataset: { action: element.action_id },
  });
  field.readValue = () => field.value;
  if (element.dispatch_action_config?.trigger_actions_on?.includes("on_character_entered"))
    field.addEventListener("input", () =>
      use({ kind: "type", action: element.action_id, value: field.value }),
    );
  return field;
}

export function element(item, names, use, state) {
  if (item.type === "button") return button(item, names, use);
  if (item.type === "overflow") return overflow(item, names, use);
  if (item.type === "static_select") return dropDown(item, use, state);
  if (item.type === "checkboxes") return checkboxes(item, names, use, state);
  if (item.type === "feedback_buttons")
    return h(
      "span",
      { class: "feedback" },
      ["positive_button", "negative_button"].map((side) =>
        button({ ...item[side], action_id: item.action_id }, names, use),
      ),
    );
  return typed(item, use, state);
}
