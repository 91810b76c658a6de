// Blocks of messages and views. https://docs.slack.dev/reference/block-kit/blocks

import { h } from "./dom.js";
import { element, fileUrl, textOf } from "./elements.js";
import { plain } from "./mrkdwn.js";
import { markdown, richText } from "./richtext.js";

// `place` is {names, use, values, errors}: names by id, the action of an element, form values and
// errors.
export function blocks(list, place) {
  return list.map((block) => {
    const draw = DRAW[block.type];
    const node = draw
      ? draw(block, place)
      : h("div", { class: "unknown" }, `${block.type} block, which this page does not draw`);
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
  return h(
    "div",
    {},
    block.elements.map((item) =>
      item.type === "image"
        ? h("img", { class: "context-image", src: item.image_url || fileUrl(item), alt: item.alt_text })
        : h("span", { class: "text" }, textOf(item, place.names)),
    ),
  );
}

function picture(block, place) {
  const source = block.image_url || fileUrl(block);
  const image = h("img", { src: source, alt: block.alt_text });
  image.addEventListener("error", () => image.replaceWith(h("div", { class: "image-missing" }, block.alt_text)));
  return h("figure", {}, block.title ? h("figcaption", {}, textOf(block.title, place.names)) : null, image);
}

function input(block, place) {
  const error = place.errors?.[block.block_id];
  const use = (what) => place.use({ block: block.block_id, ...what });
  const silent = { ...place, use: block.dispatch_action ? use : quiet(use) };
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

// Inside an input block only a search for options reaches the app before the submission.
const quiet = (use) => (what) => (what.kind === "suggest" ? use(what) : Promise.resolve({}));

function table(block, place) {
  const settings = block.column_settings || [];
  const cell = (tag) => (item, column) => {
    const setting = settings[column] || {};
    const classes = [`align-${setting.align || "left"}`, setting.is_wrapped ? "wrapped" : ""];
    const inside = item.type === "raw_text" ? item.text : richText(item, place.names);
    return h(tag, { class: classes.join(" ") }, inside);
  };
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      { class: "grid" },
      block.rows.map((row, index) => h("tr", {}, row.map(cell(index ? "td" : "th")))),
    ),
  );
}

const DRAW = {
  section,
  context,
  input,
  table,
  image: picture,
  divider: () => h("hr"),
  header: (block) => h("h3", {}, plain(block.text.text)),
  actions: (block, place) => h("div", {}, block.elements.map((item) => draw(block, item, place))),
  context_actions: (block, place) => h("div", {}, block.elements.map((item) => draw(block, item, place))),
  markdown: (block) => h("div", {}, markdown(block.text)),
  rich_text: (block, place) => h("div", {}, richText(block, place.names)),
  video: (block) => h("div", {}, h("b", {}, plain(block.title.text)), h("p", {}, block.alt_text)),
};
