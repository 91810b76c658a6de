// rich_text blocks as nodes.

import { h } from "./dom.js";
import { channelLink, mention, safeLink } from "./mrkdwn.js";

function piece(element, names) {
  switch (element.type) {
    case "text":
      return h(element.style?.bold ? "b" : "span", {}, element.text);
    case "link":
      return safeLink(element.url, element.url);
    case "user":
      return mention(element.user_id, names);
    case "channel":
      return channelLink(element.channel_id, names);
    case "broadcast":
      return h("span", { class: "mention me" }, `@${element.range}`);
  }
}

export function richText(block, names) {
  return block.elements.map((part) =>
    h("div", { class: "rich-section" }, part.elements.map((e) => piece(e, names))),
  );
}
