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
              if (o.url) window.open(o.url, "_blank", "noopener,noreferrer");
              await busy(control, () => use({ kind: "click", action: element.action_id, value: o.value }));
            },
          })),
        ),
    },
    icon("more"),
  );
  return control;
}

function choicesOf(element, names) {
  const people = Object.values(names.users).map((u) => [u.id, `@${u.name}`]);
  const channels = names.channels.filter((c) => c.kind !== "im").map((c) => [c.id, `#${c.name}`]);
  if (element.type.includes("users")) return people;
  if (element.type.includes("channels")) return channels;
  if (element.type.includes("conversations")) return [...channels, ...people];
  return (element.options || []).map((o) => [o.value, o.text.text]);
}

function chosenValues(state) {
  if (!state) return [];
  const one = state.selected_option?.value ?? state.selected_user ?? state.selected_channel;
  const many = state.selected_options?.map((o) => o.value) ?? state.selected_users;
  return many ?? [one ?? state.selected_conversation].filter((v) => v !== undefined && v !== null);
}

function dropDown(element, names, use, state) {
  const several = element.type.startsWith("multi_");
  const chosen = chosenValues(state);
  const entry = ([value, label]) => h("option", { value, selected: chosen.includes(value) }, label);
  const groups = (element.option_groups || []).map((g) =>
    h("optgroup", { label: g.label.text }, g.options.map((o) => entry([o.value, o.text.text]))),
  );
  const control = h(
    "select",
    { class: "select", multiple: several, dataset: { action: element.action_id } },
    several ? null : h("option", { value: "" }, element.placeholder?.text || "Choose an option"),
    choicesOf(element, names).map(entry),
    groups,
  );
  control.readValue = () =>
    several ? [...control.selectedOptions].map((o) => o.value) : control.value || null;
  control.addEventListener("change", () =>
    use({ kind: "select", action: element.action_id, value: control.readValue() }),
  );
  return control;
}

function choices(element, names, use, state) {
  const kind = element.type === "checkboxes" ? "checkbox" : "radio";
  const chosen = chosenValues(state);
  const group = h(
    "div",
    { class: "choices", dataset: { action: element.action_id } },
    element.options.map((o) =>
      h(
        "label",
        { class: "choice" },
        h("input", {
          type: kind,
          name: `${element.block_id || ""}${element.action_id}`,
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
  group.readValue = () => {
    const values = [...group.querySelectorAll("input:checked")].map((i) => i.value);
    return kind === "radio" ? values[0] || null : values;
  };
  return group;
}

const PICKERS = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };
const PICKED = { datepicker: "selected_date", timepicker: "selected_time" };

function picker(element, names, use, state) {
  const field = h("input", {
    class: "input picker",
    type: PICKERS[element.type],
    value: state?.[PICKED[element.type]] || "",
    dataset: { action: element.action_id },
    onchange: () => use({ kind: "select", action: element.action_id, value: field.readValue() }),
  });
  field.readValue = () => {
    if (!field.value) return null;
    return element.type === "datetimepicker" ? Math.floor(new Date(field.value) / 1000) : field.value;
  };
  return field;
}

const TYPED = { email_text_input: "email", url_text_input: "url", number_input: "number" };

function typed(element, names, use, state) {
  const long = element.multiline || element.type === "rich_text_input";
  const field = h(long ? "textarea" : "input", {
    class: "input",
    rows: long ? 5 : undefined,
    type: long ? undefined : TYPED[element.type] || "text",
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

function image(element) {
  return h("img", { class: "accessory-image", src: element.image_url || fileUrl(element), alt: element.alt_text });
}

export const fileUrl = (element) =>
  element.slack_file?.id ? `/page/file/${encodeURIComponent(element.slack_file.id)}` : "";

export function element(item, names, use, state) {
  if (item.type === "button" || item.type === "workflow_button") return button(item, names, use);
  if (item.type === "overflow") return overflow(item, names, use);
  if (item.type === "image") return image(item);
  if (item.type.endsWith("_select")) return dropDown(item, names, use, state);
  if (item.type === "checkboxes" || item.type === "radio_buttons") return choices(item, names, use, state);
  if (item.type in PICKERS) return picker(item, names, use, state);
  if (item.type === "feedback_buttons")
    return h(
      "span",
      { class: "feedback" },
      ["positive_button", "negative_button"].map((side) =>
        button({ ...item[side], action_id: item.action_id }, names, use),
      ),
    );
  if (item.type === "file_input" || item.type === "icon_button")
    return h("span", { class: "unknown" }, `${item.type} cannot be used on this page`);
  return typed(item, names, use, state);
}
