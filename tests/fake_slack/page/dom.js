// Building the page. Text only ever becomes text nodes, so that nothing shown can be markup.

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name in element && name !== "list" && name !== "role") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

// The page draws its own icons, because not every machine has a font for them.
const ICONS = {
  channel: "M6 2 4.5 14M11.5 2 10 14M2.5 5.5h11M2.5 10.5h11",
  group: "M4 7h8v6.5H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2",
  mpim: "M6 7.5A2.3 2.3 0 1 0 6 3a2.3 2.3 0 0 0 0 4.5ZM1.5 13c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M11 3.3a2.1 2.1 0 0 1 0 4M12 9.3c1.6.6 2.5 1.900 2.5 3.700",
  im: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  eye: "M1 8s2.5-4.5 7-4.5S15 8 15 8s-2.5 4.5-7 4.5S1 8 1 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  plus: "M8 3v10M3 8h10",
  send: "M2.5 3 14 8 2.5 13 4.5 8ZM4.5 8H9",
  bolt: "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8Z",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  back: "M10.5 2.5 5 8l5.5 5.5",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  file: "M4 1.5h5L12.5 5v9.5H4zM9 1.5V5h3.5",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// Put new children in place, keeping those that have not changed: `make(item)` is called only for
// items with a new signature; menus and forms open in the others stay open.
export function reconcile(parent, items, keyOf, signatureOf, make) {
  const known = new Map([...parent.children].map((c) => [c.dataset.key, c]));
  const wanted = items.map((item) => {
    const key = keyOf(item);
    const signature = signatureOf(item);
    const old = known.get(key);
    if (old && old.dataset.signature === signature) return old;
    const fresh = make(item);
    fresh.dataset.key = key;
    fresh.dataset.signature = signature;
    return fresh;
  });
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] || null);
  });
  while (parent.children.length > wanted.length) parent.lastChild.remove();
}

const layer = () => document.getElementById("layer");

// A menu next to the clicked element; `entries` are {label, run, danger, hint}.
export function openMenu(anchor, entries) {
  closeMenu();
  const menu = h(
    "div",
    { class: "menu", role: "menu" },
    entries.map((entry) =>
      h(
        "button",
        {
          class: entry.danger ? "menu-entry danger" : "menu-entry",
          role: "menuitem",
          onclick: () => {
            closeMenu();
            entry.run();
          },
        },
        h("span", {}, entry.label),
        entry.hint ? h("small", {}, entry.hint) : null,
      ),
    ),
  );
  layer().append(h("div", { class: "menu-shade", onclick: closeMenu }), menu);
  const place = anchor.getBoundingClientRect();
  const left = Math.min(place.left, window.innerWidth - menu.offsetWidth - 8);
  const below = place.bottom + 4;
  const fits = below + menu.offsetHeight < window.innerHeight;
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${fits ? below : Math.max(8, place.top - menu.offsetHeight - 4)}px`;
  menu.querySelector("button")?.focus();
}

export function closeMenu() {
  document.querySelectorAll(".menu, .menu-shade").forEach((e) => e.remove());
}

// A question with two answers; resolves to true or false.
export function ask({ title, text, confirm, deny, danger }) {
  return new Promise((resolve) => {
    const done = (answer) => {
      box.remove();
      resolve(answer);
    };
    const box = h(
      "div",
      { class: "shade confirm-shade" },
      h(
        "div",
        { class: "dialog small", role: "alertdialog" },
        h("header", { class: "dialog-title" }, h("h2", {}, title)),
        h("div", { class: "dialog-body" }, text),
        h(
          "footer",
          { class: "dialog-foot" },
          h("button", { class: "button", onclick: () => done(false) }, deny),
          h("button", { class: danger ? "button danger" : "button primary", onclick: () => done(true) }, confirm),
        ),
      ),
    );
    layer().append(box);
  });
}

export function toast(text) {
  const note = h("div", { class: "toast" }, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 7000);
}
