// Slack's mrkdwn, and plain text with emoji, as nodes.
// https://docs.slack.dev/messaging/formatting-message-text

import { h } from "./dom.js";
import { emoji } from "./emoji.js";

const unescape = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function safeLink(url, ...content) {
  const safe = /^(https?:|mailto:)/i.test(url);
  if (!safe) return h("span", {}, ...content);
  return h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, ...content);
}

export function mention(id, names) {
  const user = names.users[id];
  return h("span", { class: id === names.me ? "mention me" : "mention" }, `@${user ? user.name : id}`);
}

export function channelLink(id, names) {
  const channel = names.channels.find((c) => c.id === id);
  return h("span", { class: "mention" }, `#${channel ? channel.name : id}`);
}

// Plain text, with only :emoji: replaced.
export function plain(text) {
  return text.split(/(:[a-z0-9_+-]+:)/i).map((piece) => {
    const found = /^:(.+):$/.exec(piece);
    return (found && emoji(found[1])) || piece;
  });
}

export function mrkdwn(text, names, { verbatim = false } = {}) {
  const nodes = [];
  text.split(/```/).forEach((piece, index) => {
    if (index % 2) nodes.push(h("pre", {}, unescape(piece.replace(/^\n|\n$/g, ""))));
    else nodes.push(...quoted(piece, names, verbatim));
  });
  return nodes;
}

function quoted(text, names, verbatim) {
  const nodes = [];
  let quote = [];
  let lines = [];
  const flush = () => {
    if (lines.length) nodes.push(...inline(lines.join("\n"), names, verbatim));
    if (quote.length) nodes.push(h("blockquote", {}, inline(quote.join("\n"), names, verbatim)));
    quote = [];
    lines = [];
  };
  for (const line of text.split("\n")) {
    const isQuote = /^(&gt;|>) ?/.test(line);
    if (isQuote ? lines.length : quote.length) flush();
    if (isQuote) quote.push(line.replace(/^(&gt;|>) ?/, ""));
    else lines.push(line);
  }
  flush();
  return nodes;
}

// A mark is preceded and followed by nothing, white space or punctuation.
const EDGE = String.raw`(?<![\p{L}\p{N}])`;
const END = String.raw`(?![\p{L}\p{N}])`;
const TOKEN = new RegExp(
  [
    "(?<code>`[^`\\n]+`)",
    "(?<angle><[^<>\\n]+>)",
    `(?<bold>${EDGE}\\*(?=\\S)[^*\\n]*[^*\\s]\\*${END})`,
    `(?<italic>${EDGE}_(?=\\S)[^_\\n]*[^_\\s]_${END})`,
    `(?<strike>${EDGE}~(?=\\S)[^~\\n]*[^~\\s]~${END})`,
    "(?<emoji>:[a-z0-9_+-]+:)",
    "(?<url>https?://[^\\s<>|]+)",
  ].join("|"),
  "gu",
);

function inline(text, names, verbatim) {
  const nodes = [];
  let position = 0;
  const between = (end) => {
    if (end > position) nodes.push(unescape(text.slice(position, end)));
  };
  for (const match of text.matchAll(TOKEN)) {
    const node = token(match, names, verbatim);
    if (node === null) continue;
    between(match.index);
    nodes.push(node);
    position = match.index + match[0].length;
  }
  between(text.length);
  return nodes;
}

function token(match, names, verbatim) {
  const { code, angle, bold, italic, strike, emoji: name, url } = match.groups;
  const inside = (mark) => inline(mark.slice(1, -1), names, verbatim);
  if (code) return h("code", {}, unescape(code.slice(1, -1)));
  if (angle) return reference(angle.slice(1, -1), names);
  if (bold) return h("b", {}, inside(bold));
  if (italic) return h("i", {}, inside(italic));
  if (strike) return h("s", {}, inside(strike));
  if (name) return emoji(name.slice(1, -1));
  return verbatim ? null : safeLink(unescape(url), unescape(url));
}

function reference(text, names) {
  const [target, label] = text.split("|", 2);
  if (target.startsWith("@")) return mention(target.slice(1), names);
  if (target.startsWith("#")) return channelLink(target.slice(1), names);
  if (target.startsWith("!date")) return h("span", {}, label || target);
  if (target.startsWith("!")) return h("span", { class: "mention me" }, `@${target.slice(1)}`);
  return safeLink(unescape(target), unescape(label || target));
}
