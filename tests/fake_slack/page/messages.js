// Messages in a conversation and in a thread.

import { blocks } from "./blocks.js";
import { h, icon, openMenu } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";

const COLOURS = ["#1264a3", "#2bac76", "#cd2553", "#e8912d", "#7c3085", "#0b7285", "#5c4b99"];

export function avatar(user) {
  if (user.is_bot) return h("div", { class: "avatar bot", "aria-hidden": "true" }, icon("im"));
  const sum = [...user.id].reduce((n, c) => n + c.charCodeAt(0), 0);
  const box = h("div", { class: "avatar", "aria-hidden": "true" }, user.name.slice(0, 1).toUpperCase());
  box.style.background = COLOURS[sum % COLOURS.length];
  return box;
}

export function clock(ts) {
  return new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export const dayOf = (ts) =>
  new Date(Number(ts) * 1000).toLocaleDateString([], { weekday: "long", month: "long", day: "numeric" });

function files(message) {
  return (message.files || []).map((file) => {
    const url = `/page/file/${encodeURIComponent(file.id)}`;
    if (!file.mimetype.startsWith("image/"))
      return h("a", { class: "file", href: url, download: file.name }, icon("file"), ` ${file.title}`);
    return h(
      "figure",
      { class: "block block-image" },
      h("figcaption", {}, file.title),
      h("img", { src: url, alt: file.alt_txt || file.title }),
    );
  });
}

function body(message, place) {
  const shown = message.blocks || [];
  if (message.subtype === "tombstone") return [h("div", { class: "text gone" }, message.text)];
  const edited = message.edited ? h("span", { class: "edited" }, " (edited)") : null;
  // Typed text is formatted when it is shown; Slack formats it when it is written.
  if (!shown.length || !message.bot_id) return [h("div", { class: "text" }, mrkdwn(message.text, place.names), edited)];
  return [...blocks(shown, place), edited];
}

// `client` has {state, act, openThread}; `inThread` omits links to the thread itself.
export function messageRow(message, client, inThread = false) {
  const { state } = client;
  const user = state.users[message.user] || { id: "?", name: message.user };
  const where = { channel: message.channel, ts: message.ts };
  const place = {
    names: client.names,
    use: (what) => client.act({ ...where, ...what }),
    values: message.values?.[state.me],
  };
  const more = h("button", {
    class: "message-more",
    "aria-label": "More actions",
    onclick: () => openMenu(more, menuEntries(message, client, inThread)),
  }, icon("more"));
  const replies = message.reply_count && !inThread;
  return h(
    "article",
    { class: message.ephemeral ? "message ephemeral" : "message" },
    message.ephemeral ? h("div", { class: "only-you" }, icon("eye"), " Only visible to you") : null,
    h(
      "div",
      { class: "message-columns" },
      avatar(user),
      h(
        "div",
        { class: "message-main" },
        h(
          "div",
          { class: "message-head" },
          h("b", { class: "sender" }, user.name),
          user.is_bot ? h("span", { class: "app-badge" }, "APP") : null,
          h("time", {}, clock(message.ts)),
        ),
        h("div", { class: "message-body" }, body(message, place), files(message)),
        replies
          ? h(
              "button",
              { class: "reply-bar", onclick: () => client.openThread(message) },
              h("b", {}, `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`),
              h("span", {}, "View thread"),
            )
          : null,
      ),
    ),
    message.subtype === "tombstone" ? null : more,
  );
}

function menuEntries(message, client, inThread) {
  const where = { channel: message.channel, ts: message.ts };
  const entries = [];
  if (!message.ephemeral && !inThread)
    entries.push({ label: "Reply in thread", run: () => client.openThread(message) });
  if (!message.ephemeral)
    for (const shortcut of client.state.shortcuts.filter((s) => s.type === "message"))
      entries.push({
        label: shortcut.name,
        hint: client.state.users[client.state.bot].name,
        run: () => client.act({ kind: "shortcut", callback_id: shortcut.callback_id, ...where }),
      });
  entries.push({ label: "Copy text", run: () => navigator.clipboard?.writeText(message.text) });
  if (message.user === client.state.me) {
    entries.push({ label: "Edit message", run: () => client.edit(message) });
    entries.push({ label: "Delete message", danger: true, run: () => client.act({ kind: "delete", ...where }) });
  }
  return entries;
}
