// The page: the current user, the open conversation, and the state of the workspace.

import { composer } from "./composer.js";
import { ask, h, icon, openMenu, reconcile, toast } from "./dom.js";
import { dayOf, messageRow } from "./messages.js";
import { drawModal, homeTab } from "./views.js";

const saved = new URLSearchParams(location.hash.slice(1));
const client = {
  state: null,
  names: null,
  user: saved.get("user") || "",
  channel: saved.get("channel") || "",
  thread: saved.get("thread") || "",
  tab: saved.get("tab") || "messages",
  listOpen: !saved.get("channel"),
  noticed: null,

  async act(what) {
    try {
      const response = await fetch("/page/act", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ user: client.state.me, ...what }),
      });
      const answer = await response.json();
      if (!answer.ok) toast(answer.error);
      await refresh();
      return answer;
    } catch (error) {
      toast(`The workspace does not answer: ${error.message}`);
      return { ok: false };
    }
  },

  openThread(message) {
    client.thread = message.thread_ts || message.ts;
    remember();
    draw();
    document.querySelector("#thread textarea")?.focus();
  },

  async edit(message) {
    const field = h("textarea", { class: "input", rows: 4, value: message.text });
    const wanted = await ask({ title: "Edit message", text: field, confirm: "Save", deny: "Cancel" });
    if (wanted) client.act({ kind: "edit", channel: message.channel, ts: message.ts, text: field.value });
  },
};

function remember() {
  const { user, channel, thread, tab } = client;
  history.replaceState(null, "", `#${new URLSearchParams({ user, channel, thread, tab })}`);
}

async function refresh() {
  const response = await fetch(`/page/state?user=${encodeURIComponent(client.user)}`);
  if (!response.ok) return;
  client.state = await response.json();
  const { users, channels, me } = client.state;
  client.names = { users, channels, me };
  if (!channels.some((c) => c.id === client.channel)) client.channel = channels[0]?.id || "";
  const { notices } = client.state;
  if (client.noticed !== null) notices.slice(client.noticed).forEach((n) => toast(n.text));
  client.noticed = notices.length;
  draw();
}

function goTo(channel, tab = "messages") {
  Object.assign(client, { channel, tab, thread: "", listOpen: false });
  remember();
  draw();
  if (channel === client.state.dm) client.act({ kind: "home", tab });
}

const current = () => client.state.channels.find((c) => c.id === client.channel);

function sidebar() {
  const { state } = client;
  const entry = (c) =>
    h(
      "button",
      { class: c.id === client.channel ? "side-entry current" : "side-entry", onclick: () => goTo(c.id) },
      h("span", { class: "side-sign" }, icon(c.kind)),
      h("span", { class: "side-name" }, c.name),
    );
  const people = Object.values(state.users).filter((u) => !u.is_bot);
  const connection =
    state.mode === "socket" ? `Socket Mode, ${state.connected} connected` : "HTTP mode";
  return [
    h("header", {}, h("b", {}, state.team), h("small", {}, connection)),
    h("h4", {}, "Channels"),
    state.channels.filter((c) => c.kind !== "im").map(entry),
    h("h4", {}, "Apps"),
    state.channels.filter((c) => c.kind === "im").map(entry),
    h(
      "label",
      { class: "side-user" },
      h("span", {}, "You are"),
      h(
        "select",
        {
          onchange: (event) => {
            Object.assign(client, { user: event.target.value, noticed: null, thread: "" });
            remember();
            refresh();
          },
        },
        people.map((u) => h("option", { value: u.id, selected: u.id === state.me }, u.name)),
      ),
    ),
  ];
}

function header() {
  const channel = current();
  const isApp = channel?.kind === "im";
  const tabs = client.state.home_tab ? ["home", "messages"] : ["messages"];
  const globals = client.state.shortcuts.filter((s) => s.type === "global");
  const bolt = h("button", {
    class: "icon-button",
    "aria-label": "Shortcuts",
    onclick: () =>
      openMenu(bolt, globals.map((s) => ({
        label: s.name,
        run: () => client.act({ kind: "shortcut", callback_id: s.callback_id }),
      }))),
  }, icon("bolt"));
  return h(
    "header",
    { class: "top" },
    h("button", { class: "icon-button back", "aria-label": "Conversations", onclick: showList }, icon("back")),
    h("h1", {}, channel ? icon(channel.kind) : null, ` ${channel?.name || ""}`),
    isApp
      ? h(
          "div",
          { class: "tabs", role: "tablist" },
          tabs.map((tab) =>
            h(
              "button",
              { role: "tab", class: tab === client.tab ? "tab current" : "tab", onclick: () => goTo(channel.id, tab) },
              tab === "home" ? "Home" : "Messages",
            ),
          ),
        )
      : null,
    globals.length ? bolt : null,
  );
}

function showList() {
  client.listOpen = true;
  draw();
}

// Drawn once and reused: the lists, and the boxes that a person may be typing into.
const parts = {
  list: h("div", { class: "messages" }),
  home: h("div", { class: "home-scroll" }),
  prompts: h("div", { class: "prompts" }),
  threadList: h("div", { class: "messages" }),
  main: composer(client, () => ({ channel: client.channel }), "Message, or / for commands"),
  reply: composer(client, () => ({ channel: client.channel, thread_ts: client.thread }), "Reply…"),
};

const signature = (message) => JSON.stringify(message);
const key = (message) => message.key || `${message.channel}:${message.ts}`;

function withDays(messages) {
  let day = "";
  return messages.flatMap((message) => {
    const today = dayOf(message.ts);
    if (today === day) return [message];
    day = today;
    return [{ key: today, day }, message];
  });
}

// Pictures lengthen a list after it is drawn; a list scrolled to its end stays at its end.
for (const list of [parts.list, parts.threadList])
  list.addEventListener("load", () => list.dataset.end && (list.scrollTop = list.scrollHeight), true);

function drawList(list, messages, inThread) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const items = inThread ? messages : withDays(messages);
  reconcile(list, items, key, signature, (item) => {
    if (item.day) return h("div", { class: "day" }, h("span", {}, item.day));
    if (item.status) return h("div", { class: "status" }, item.status);
    return messageRow(item, client, inThread);
  });
  if (atEnd || list.dataset.of !== client.channel + client.thread) list.scrollTop = list.scrollHeight;
  list.dataset.of = client.channel + client.thread;
  list.dataset.end = atEnd || list.scrollTop + list.clientHeight + 1 >= list.scrollHeight ? "yes" : "";
}

function statusRow(root) {
  const status = client.state.threads[`${client.channel}:${root}`]?.status;
  const bot = client.state.users[client.state.bot].name;
  return status ? [{ key: `status:${root}`, status: `${bot} ${status}`, ts: root, channel: "" }] : [];
}

function drawPrompts() {
  const asked = client.state.threads[`${client.channel}:`];
  const shown = client.tab === "messages" ? asked?.prompts || [] : [];
  parts.prompts.replaceChildren(
    ...shown.map((p) =>
      h("button", { class: "prompt", onclick: () => client.act({ kind: "say", channel: client.channel, text: p.message }) }, p.title),
    ),
  );
}

function draw() {
  const { state } = client;
  document.title = `${current()?.name || ""} – ${state.team}`;
  document.body.classList.toggle("list-open", client.listOpen);
  document.body.classList.toggle("thread-open", Boolean(client.thread));
  document.getElementById("sidebar").replaceChildren(...sidebar().flat());
  const messages = state.messages[client.channel] || [];
  const onHome = current()?.kind === "im" && client.tab === "home";
  const main = document.getElementById("conversation");
  if (!main.contains(parts.list)) main.append(h("div", { class: "top-place" }), parts.home, parts.list, parts.prompts, parts.main);
  main.querySelector(".top-place").replaceChildren(header());
  parts.home.hidden = !onHome;
  parts.list.hidden = parts.main.hidden = onHome;
  const home = JSON.stringify(state.home);
  if (onHome && parts.home.dataset.signature !== home) {
    parts.home.replaceChildren(homeTab(client));
    parts.home.dataset.signature = home;
  }
  const roots = messages.filter((m) => !m.is_reply);
  drawList(parts.list, roots, false);
  drawPrompts();
  drawThread(messages);
  drawModal(client);
}

function drawThread(messages) {
  const pane = document.getElementById("thread");
  const shown = messages.filter((m) => (m.thread_ts || m.ts) === client.thread);
  pane.hidden = !shown.length;
  if (!shown.length) return;
  if (!pane.contains(parts.threadList)) {
    const close = () => {
      client.thread = "";
      remember();
      draw();
    };
    pane.append(
      h("header", { class: "top" }, h("h1", {}, "Thread"), h("button", { class: "icon-button", "aria-label": "Close thread", onclick: close }, icon("close"))),
      parts.threadList,
      parts.reply,
    );
  }
  drawList(parts.threadList, [...shown, ...statusRow(client.thread)], true);
}

await refresh();
remember();
new EventSource("/page/stream").addEventListener("message", refresh);
