// Blocks of messages and views. https://docs.slack.dev/reference/block-kit/blocks

import { h } from "./dom.js";
import { element, textOf } from "./elements.js";
import { plain } from "./mrkdwn.js";
import { richText } from "./richtext.js";

// `place` is {names, use, values, errors}: names by id, the action of an element, form values and
// errors.
export function blocks(list, place) {
  return list.map((block) => {
    const node = DRAW[block.type](block, place);
    node.classList.add("block", `block-${block.type}`);
    return node;
  });
}

const stateOf = (block, item, place) => place.values?.[block.block_id]?.[item.action_id];

const draw = (block, item, place) => element(item, place.names, place.use, stateOf(block, item, place));

function section(block, place) {
  return h(
    "div",
    {},
    h(
      "div",
      { class: "section-main" },
      block.text ? h("div", { class: "text" }, textOf(block.text, place.names)) : null,
      block.fields
        ? h(
            "div",
            { class: "fields" },
            block.fields.map((f) => h("div", { class: "text" }, textOf(f, place.names))),
          )
        : null,
    ),
    block.accessory ? h("div", { class: "accessory" }, draw(block, block.accessory, place)) : null,
  );
}

function context(block, place) {
  return h("div", {}, block.elements.map((item) => h("span", { class: "text" }, textOf(item, place.names))));
}

function input(block, place) {
  const error = place.errors?.[block.block_id];
  const use = (what) => place.use({ block: block.block_id, ...what });
  const silent = { ...place, use: block.dispatch_action ? use : () => Promise.resolve({}) };
  const control = draw(block, block.element, silent);
  return h(
    "div",
    { class: error ? "invalid" : "", dataset: { block: block.block_id } },
    h(
      "label",
      {},
      h("b", { class: "input-label" }, plain(block.label.text), block.optional ? h("span", {}, " (optional)") : null),
      control,
    ),
    block.hint ? h("div", { class: "hint" }, plain(block.hint.text)) : null,
    error ? h("div", { class: "input-error" }, error) : null,
  );
}

const DRAW = {
  section,
  context,
  input,
  divider: () => h("hr"),
  header: (block) => h("h3", {}, plain(block.text.text)),
  actions: (block, place) => h("div", {}, block.elements.map((item) => draw(block, item, place))),
  context_actions: (block, place) => h("div", {}, block.elements.map((item) => draw(block, item, place))),
  rich_text: (block, place) => h("div", {}, richText(block, place.names)),
};
