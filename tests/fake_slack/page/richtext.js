// rich_text blocks, and the Markdown of markdown blocks, as nodes.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelLink, mention, plain, safeLink } from "./mrkdwn.js";

function styled(node, style = {}) {
  if (style.code) node = h("code", {}, node);
  if (style.strike) node = h("s", {}, node);
  if (style.italic) node = h("i", {}, node);
  if (style.bold) node = h("b", {}, node);
  return node;
}

function piece(element, names) {
  switch (element.type) {
    case "text":
      return styled(h("span", {}, element.text), element.style);
    case "link":
      return styled(safeLink(element.url, element.text || element.url), element.style);
    case "emoji":
      return emoji(element.name) || `:${element.name}:`;
    case "user":
      return mention(element.user_id, names);
    case "channel":
      return channelLink(element.channel_id, names);
    case "broadcast":
      return h("span", { class: "mention me" }, `@${element.range}`);
    case "usergroup":
      return h("span", { class: "mention" }, `@${element.usergroup_id}`);
    case "date":
      return element.fallback || new Date(element.timestamp * 1000).toLocaleString();
    default:
      return element.value || "";
  }
}

export function richText(block, names) {
  return (block.elements || []).map((part) => {
    const inside = (part.elements || []).map((e) => (e.elements ? null : piece(e, names)));
    if (part.type === "rich_text_preformatted") return h("pre", {}, inside);
    if (part.type === "rich_text_quote") return h("blockquote", {}, inside);
    if (part.type !== "rich_text_list") return h("div", { class: "rich-section" }, inside);
    const list = h(
      part.style === "ordered" ? "ol" : "ul",
      { class: `indent-${part.indent || 0}` },
      part.elements.map((e) => h("li", {}, e.elements.map((x) => piece(x, names)))),
    );
    if (part.offset) list.start = part.offset + 1;
    return list;
  });
}

// The Markdown that Slack's markdown block supports.
export function markdown(text) {
  const nodes = [];
  const lines = text.split("\n");
  while (lines.length) {
    const line = lines[0];
    if (/^```/.test(line)) nodes.push(fence(lines));
    else if (/^#{1,6} /.test(line)) nodes.push(heading(lines.shift()));
    else if (/^ *([-*_] *){3,}$/.test(line)) lines.shift() && nodes.push(h("hr"));
    else if (/^ *([-*+]|\d+[.)]) /.test(line)) nodes.push(list(lines));
    else if (/^ *> ?/.test(line)) nodes.push(h("blockquote", {}, markdown(take(lines, /^ *> ?/))));
    else if (/^ *\|.*\| *$/.test(line) && /^ *\|[ :|-]+\| *$/.test(lines[1] || "")) nodes.push(grid(lines));
    else if (line.trim()) nodes.push(paragraph(lines));
    else lines.shift();
  }
  return nodes;
}

function take(lines, pattern) {
  const taken = [];
  while (lines.length && pattern.test(lines[0])) taken.push(lines.shift().replace(pattern, ""));
  return taken.join("\n");
}

function fence(lines) {
  lines.shift();
  const inside = [];
  while (lines.length && !/^```/.test(lines[0])) inside.push(lines.shift());
  lines.shift();
  return h("pre", {}, inside.join("\n"));
}

function heading(line) {
  const [, marks, text] = /^(#+) (.*)$/.exec(line);
  return h(marks.length < 3 ? "h3" : "h4", { class: "md-heading" }, spans(text));
}

function list(lines) {
  const ordered = /^ *\d/.test(lines[0]);
  const entries = take(lines, /^ *([-*+]|\d+[.)]) /).split("\n");
  return h(ordered ? "ol" : "ul", {}, entries.map((e) => h("li", {}, spans(e))));
}

function grid(lines) {
  const cells = (row) => row.trim().replace(/^\||\|$/g, "").split("|").map((c) => spans(c.trim()));
  const head = cells(lines.shift());
  lines.shift();
  const body = [];
  while (lines.length && /^ *\|/.test(lines[0])) body.push(cells(lines.shift()));
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      { class: "grid" },
      h("tr", {}, head.map((c) => h("th", {}, c))),
      body.map((row) => h("tr", {}, row.map((c) => h("td", {}, c)))),
    ),
  );
}

function paragraph(lines) {
  const inside = [];
  while (lines.length && lines[0].trim() && !/^(#{1,6} |```| *> ?| *([-*+]|\d+[.)]) )/.test(lines[0]))
    inside.push(lines.shift());
  return h("p", {}, spans(inside.join("\n")));
}

const SPAN =
  /(?<code>`[^`]+`)|(?<link>\[[^\]]*\]\([^)\s]+\))|(?<bold>\*\*[^*]+\*\*|__[^_]+__)|(?<strike>~~[^~]+~~)|(?<italic>(?<![\w*])\*[^*\s][^*]*\*|(?<![\w_])_[^_\s][^_]*_)/g;

function spans(text) {
  const nodes = [];
  let position = 0;
  for (const match of text.matchAll(SPAN)) {
    if (match.index > position) nodes.push(...plain(text.slice(position, match.index)));
    const { code, link, bold, strike } = match.groups;
    const whole = match[0];
    if (code) nodes.push(h("code", {}, code.slice(1, -1)));
    else if (link) {
      const [, label, url] = /^\[(.*)\]\((.*)\)$/.exec(link);
      nodes.push(safeLink(url, spans(label)));
    } else if (bold) nodes.push(h("b", {}, spans(whole.slice(2, -2))));
    else if (strike) nodes.push(h("s", {}, spans(whole.slice(2, -2))));
    else nodes.push(h("i", {}, spans(whole.slice(1, -1))));
    position = match.index + whole.length;
  }
  if (position < text.length) nodes.push(...plain(text.slice(position)));
  return nodes;
}
