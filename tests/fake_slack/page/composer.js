// The message box: messages, slash commands with their list, files.

import { h, icon } from "./dom.js";

// `client` has {state, act}; `target()` is {channel, thread_ts}.
export function composer(client, target, hint) {
  const commands = h("div", { class: "command-list", hidden: true });
  const box = h("textarea", {
    class: "composer-box",
    rows: 1,
    placeholder: hint,
    "aria-label": hint,
    oninput: () => {
      box.style.height = "auto";
      box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
      listCommands();
      send.disabled = !box.value.trim();
    },
    // A click on an entry of the list comes after the blur.
    onblur: () => setTimeout(() => (commands.hidden = true), 200),
    onfocus: () => listCommands(),
    onkeydown: (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        submit();
      } else if (event.key === "Tab" && !commands.hidden) {
        event.preventDefault();
        commands.querySelector("button").click();
      } else if (event.key === "Escape") commands.hidden = true;
    },
  });

  function listCommands() {
    const word = box.value;
    const known = client.state.commands.filter((c) => c.name.startsWith(word));
    const show = !target().thread_ts && /^\/\S*$/.test(word) && known.length > 0;
    commands.hidden = !show;
    commands.replaceChildren(
      ...known.map((c) =>
        h(
          "button",
          {
            class: "command-entry",
            type: "button",
            onclick: () => {
              box.value = `${c.name} `;
              commands.hidden = true;
              box.focus();
            },
          },
          h("b", {}, c.name),
          h("span", { class: "usage" }, ` ${c.usage}`),
          h("small", {}, c.description),
        ),
      ),
    );
  }

  async function submit() {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    box.style.height = "auto";
    commands.hidden = true;
    send.disabled = true;
    await client.act({ kind: "say", ...target(), text });
    box.focus();
  }

  const chooser = h("input", {
    type: "file",
    hidden: true,
    onchange: async () => {
      const [file] = chooser.files;
      if (!file) return;
      const bytes = new Uint8Array(await file.arrayBuffer());
      let binary = "";
      for (let i = 0; i < bytes.length; i += 4096)
        binary += String.fromCharCode(...bytes.subarray(i, i + 4096));
      const text = box.value.trim();
      box.value = "";
      await client.act({ kind: "upload", ...target(), name: file.name, content: btoa(binary), text });
      chooser.value = "";
    },
  });
  const send = h("button", { class: "send", type: "button", "aria-label": "Send", disabled: true, onclick: submit }, icon("send"));
  return h(
    "div",
    { class: "composer" },
    commands,
    h(
      "div",
      { class: "composer-frame" },
      box,
      h(
        "div",
        { class: "composer-tools" },
        h("button", { class: "icon-button", type: "button", "aria-label": "Attach a file", onclick: () => chooser.click() }, icon("plus")),
        h("span", { class: "composer-hint" }, "Enter sends, Shift+Enter makes a new line"),
        send,
        chooser,
      ),
    ),
  );
}
