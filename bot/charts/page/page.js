"use strict";
// Data is inserted as textContent. Texts in the plot are escaped, since plotly renders some markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { entries, regions, places } = data;
  const plot = document.getElementById("plot");
  const details = document.getElementById("details");
  const query = document.getElementById("query");
  const found = document.getElementById("found");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const MOST_FOUND = 12, MOST_LABELS = 40, MARGIN = 0.06;
  let selected = null; // the number of an entry, or "place N" for the text N
  let chosen = -1; // the number of the highlighted search result; -1 for none

  const theme = () => (dark.matches ? "dark" : "light");
  const escaped = (text) =>
    text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const cut = (text, length) => (text.length > length ? text.slice(0, length - 1) + "…" : text);

  function element(kind, text, className) {
    const made = document.createElement(kind);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  // The map

  const everywhere = [...entries, ...places];
  const reach = (axis) => {
    const values = everywhere.map((entry) => entry[axis]);
    const low = values.reduce((a, b) => Math.min(a, b), 1);
    const high = values.reduce((a, b) => Math.max(a, b), 0);
    const rim = Math.max(MARGIN, (high - low) * MARGIN);
    return [low - rim, high + rim];
  };
  const whole = { x: reach("x"), y: reach("y") };
  let view = { x: [...whole.x], y: [...whole.y] };

  const of = (number) => entries.filter((entry) => entry.region === number);
  const hearts = regions.map((_, number) => {
    const own = of(number);
    const middle = (axis) => own.map((e) => e[axis]).sort((a, b) => a - b)[own.length >> 1];
    return { x: middle("x"), y: middle("y"), size: own.length };
  });

  function dots(region, number) {
    const own = entries.map((entry, at) => [entry, at]).filter(([e]) => e.region === number);
    return {
      type: "scatter", mode: "markers", cliponaxis: true,
      x: own.map(([entry]) => entry.x), y: own.map(([entry]) => entry.y),
      customdata: own.map(([, at]) => at),
      text: own.map(([entry]) => escaped(entry.term)),
      hovertemplate: "%{text}<extra></extra>",
      marker: {
        symbol: region.marker, color: region.colours[theme()], opacity: 1,
        size: own.map(([entry]) => (entries.length > 1000 ? 5 : 8) + 5 * entry.central),
        line: { width: entries.length > 1000 ? 0 : 1, color: data.colours[theme()].ground },
      },
    };
  }

  // The background: a wide, faint glow under each entry.
  function ground(region, number) {
    const own = entries.length > 1500 ? [] : of(number);
    return {
      type: "scatter", mode: "markers", hoverinfo: "skip",
      x: own.map((entry) => entry.x), y: own.map((entry) => entry.y),
      marker: {
        size: 0.14 * plot.clientWidth, color: region.colours[theme()] + "00", line: { width: 0 }, opacity: 1,
        gradient: { type: "radial", color: region.colours[theme()] + "24" },
      },
    };
  }

  function lines() {
    const point = spot(selected);
    const x = [], y = [];
    for (const [at] of point ? point.near : []) {
      x.push(point.x, entries[at].x, null);
      y.push(point.y, entries[at].y, null);
    }
    return {
      type: "scatter", mode: "lines", x, y, hoverinfo: "skip",
      line: { color: data.colours[theme()].here, width: 2, dash: point?.sparse ? "dot" : "solid" },
    };
  }

  function marks() {
    const point = typeof selected === "number" ? [entries[selected]] : [];
    const shown = [...places, ...point];
    return {
      type: "scatter", mode: "markers",
      x: shown.map((p) => p.x), y: shown.map((p) => p.y),
      customdata: [...places.map((_, at) => `place ${at}`), ...point.map(() => selected)],
      text: shown.map((p) => escaped(p.text ?? p.term)), hovertemplate: "%{text}<extra></extra>",
      marker: {
        symbol: [...places.map(() => "star"), ...point.map(() => "circle-open")],
        size: [...places.map(() => 20), ...point.map(() => 20)],
        color: data.colours[theme()].here, opacity: 1,
        line: { width: 3, color: data.colours[theme()].here },
      },
    };
  }

  // Place labels without overlaps, the most important first.
  function labels() {
    const width = plot.clientWidth, height = plot.clientHeight;
    const across = (x) => ((x - view.x[0]) / (view.x[1] - view.x[0])) * width;
    const up = (y) => ((y - view.y[0]) / (view.y[1] - view.y[0])) * height;
    const inside = (left, wide) => Math.max(2, Math.min(left, width - wide - 2));
    const small = width < 600;
    const wanted = [], named = new Set();
    const add = (text, x, y, size, color, bold, beside) =>
      wanted.push({ text: cut(text, small ? 24 : 34), x, y, size, color, bold, beside });
    const colours = data.colours[theme()];
    for (const place of places) add(place.text, place.x, place.y, 16, colours.here, true, true);
    const point = spot(selected);
    const name = (entry, size, bold) => {
      if (!named.has(entry)) add(entry.term, entry.x, entry.y, size, colours.ink, bold, true);
      named.add(entry);
    };
    if (typeof selected === "number") name(point, 15, true);
    for (const [at] of point ? point.near : []) name(entries[at], 13, true);
    regions.forEach((region, number) => {
      const { x, y, size } = hearts[number];
      if (size) add(region.name, x, y, small ? 15 : 20, region.text[theme()], true, false);
    });
    const central = entries.filter(inView).sort((a, b) => b.central - a.central);
    for (const entry of central.slice(0, 300)) name(entry, 12, false);
    const taken = [[width - 165, 0, width, 65]], placed = []; // the area of the zoom buttons
    for (const label of wanted) {
      if (placed.length >= MOST_LABELS || !inView(label)) continue;
      const wide = label.text.length * label.size * (label.bold ? 0.64 : 0.58) + 6;
      const high = label.size * 1.35;
      const x = across(label.x), y = up(label.y);
      const sides = label.beside
        ? [["right", x + 9, 0], ["left", x - wide - 9, 0],
            ...[22, -22].map((lift) => ["middle", inside(x - wide / 2, wide), lift])]
        : [0, 28, -28, 56, -56].map((lift) => ["middle", inside(x - wide / 2, wide), lift]);
      for (const [side, left, lift] of sides) {
        const box = [left, y + lift - high / 2, left + wide, y + lift + high / 2];
        const free = box[0] >= 0 && box[2] <= width &&
          !taken.some((t) => box[0] < t[2] && t[0] < box[2] && box[1] < t[3] && t[1] < box[3]);
        if (free) {
          taken.push(box);
          placed.push({ ...label, side, lift, aside: left + wide / 2 - x });
          break;
        }
      }
    }
    return placed.map((label) => ({
      x: label.x, y: label.y, showarrow: false, captureevents: false,
      text: label.bold ? `<b>${escaped(label.text)}</b>` : escaped(label.text),
      xanchor: { right: "left", left: "right", middle: "center" }[label.side],
      xshift: { right: 9, left: -9, middle: label.aside }[label.side], yshift: label.lift,
      font: { size: label.size, color: label.color },
      bgcolor: label.beside ? "rgba(0,0,0,0)" : colours.ground + "b0",
    }));
  }

  const inView = (p) =>
    p.x >= view.x[0] && p.x <= view.x[1] && p.y >= view.y[0] && p.y <= view.y[1];
  const spot = (what) =>
    typeof what === "string" ? places[Number(what.split(" ")[1])] : what === null ? null : entries[what];

  function draw() {
    const axis = (range) => ({
      range: [...range], visible: false, fixedrange: false, showgrid: false, zeroline: false,
    });
    const layout = {
      margin: { l: 0, r: 0, t: 0, b: 0 }, showlegend: false, dragmode: "pan", hovermode: "closest",
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      xaxis: axis(view.x), yaxis: axis(view.y), annotations: labels(),
      font: { family: getComputedStyle(document.body).fontFamily },
    };
    const traces = [...regions.map(ground), lines(), ...regions.map(dots), marks()];
    const config = { scrollZoom: true, displayModeBar: false, responsive: true, doubleClick: false };
    return Plotly.react(plot, traces, layout, config);
  }

  function zoom(factor) {
    for (const axis of ["x", "y"]) {
      const middle = (view[axis][0] + view[axis][1]) / 2;
      const half = ((view[axis][1] - view[axis][0]) / 2) * factor;
      view[axis] = [middle - half, middle + half];
    }
    draw();
  }

  // Zoom with two fingers; plotly pans with one.
  let apart = 0;
  const distance = (touches) =>
    Math.hypot(touches[0].clientX - touches[1].clientX, touches[0].clientY - touches[1].clientY);
  plot.addEventListener("touchstart", (event) => {
    if (event.touches.length === 2) { apart = distance(event.touches); event.stopPropagation(); }
  }, { capture: true, passive: false });
  plot.addEventListener("touchmove", (event) => {
    if (event.touches.length !== 2 || !apart) return;
    event.preventDefault();
    event.stopPropagation();
    const now = distance(event.touches);
    if (Math.abs(now / apart - 1) > 0.04) { zoom(apart / now); apart = now; }
  }, { capture: true, passive: false });
  plot.addEventListener("touchend", () => { apart = 0; });

  // Details

  function nearList(near) {
    const list = element("ul", undefined, "near");
    for (const [at, score] of near) {
      const button = element("button");
      button.type = "button";
      button.append(element("span", entries[at].term), element("span", score.toFixed(2), "score"));
      button.addEventListener("click", () => select(at, true));
      const item = element("li");
      item.append(button);
      list.append(item);
    }
    return list;
  }

  function whereLine(name, number) {
    const line = element("p", undefined, "quiet");
    if (number !== undefined) {
      const dot = element("span", undefined, "dot");
      dot.style.background = regions[number].colours[theme()];
      line.append(dot);
    }
    line.append(document.createTextNode(name));
    return line;
  }

  function tell() {
    details.replaceChildren();
    const point = spot(selected);
    if (!point) {
      details.append(element("h2", "About this map"));
      details.append(element("p", "Choose an entry on the map, or search for one. Its definition and nearest entries are shown here."));
      details.append(element("h3", "Neighbourhoods"));
      const list = element("ul", undefined, "near");
      regions.forEach((region, number) => {
        const button = element("button");
        button.type = "button";
        button.append(whereLine(region.name, number), element("span", String(hearts[number].size), "score"));
        button.addEventListener("click", () => show(of(number)));
        const item = element("li");
        item.append(button);
        list.append(item);
      });
      details.append(list);
      return;
    }
    details.append(element("h2", point.text ?? point.term));
    if (point.text !== undefined) {
      details.append(whereLine(point.sparse
        ? "No entry is near this text." : `In ${point.region}`));
    } else {
      const region = regions[point.region].name;
      const told = point.category && point.category !== region ? `${region} · ${point.category}` : region;
      details.append(whereLine(told, point.region));
      details.append(element("p", point.definition));
    }
    details.append(element("h3", point.sparse ? "Closest entries" : "Nearest entries by similarity"));
    details.append(point.near.length ? nearList(point.near) : element("p", "None on this map.", "quiet"));
  }

  function show(points) {
    for (const axis of ["x", "y"]) {
      const values = points.map((p) => p[axis]);
      const low = Math.min(...values), high = Math.max(...values);
      const rim = Math.max(0.05, (high - low) * 0.12);
      view[axis] = [low - rim, high + rim];
    }
    draw();
  }

  function select(what, move) {
    selected = what;
    tell();
    details.scrollTop = 0;
    const point = spot(what);
    if (move && point) show([point, ...point.near.map(([at]) => entries[at])]);
    else draw();
  }

  // Search

  function matches(text) {
    const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const scored = [];
    entries.forEach((entry, at) => {
      const term = entry.term.toLocaleLowerCase();
      const all = term + " " + entry.definition.toLocaleLowerCase();
      if (!words.every((word) => all.includes(word))) return;
      const whole = words.join(" ");
      scored.push([term === whole ? 0 : term.startsWith(whole) ? 1 : term.includes(whole) ? 2 : 3, -entry.central, at]);
    });
    scored.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return scored.slice(0, MOST_FOUND).map(([, , at]) => at);
  }

  function close() {
    found.hidden = true;
    found.replaceChildren();
    chosen = -1;
    query.setAttribute("aria-expanded", "false");
  }

  function open() {
    close();
    if (!query.value.trim()) return;
    const numbers = matches(query.value);
    for (const at of numbers) {
      const button = element("button");
      button.type = "button";
      button.append(element("span", entries[at].term), element("span", regions[entries[at].region].name, "quiet"));
      button.addEventListener("click", () => { close(); query.value = entries[at].term; select(at, true); });
      const item = element("li");
      item.append(button);
      found.append(item);
    }
    if (!numbers.length) found.append(element("li", "No entry on this map matches.", "quiet"));
    found.hidden = false;
    query.setAttribute("aria-expanded", "true");
  }

  query.addEventListener("input", open);
  query.addEventListener("keydown", (event) => {
    const buttons = [...found.querySelectorAll("button")];
    if (event.key === "Escape") close();
    if (!buttons.length || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : buttons.length - 1)) % buttons.length;
    buttons.forEach((button, at) => button.classList.toggle("chosen", at === chosen));
    buttons[chosen].scrollIntoView({ block: "nearest" });
  });
  document.getElementById("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const buttons = found.querySelectorAll("button");
    (buttons[Math.max(0, chosen)] ?? { click() {} }).click();
  });
  document.addEventListener("click", (event) => {
    if (!document.getElementById("search").contains(event.target)) close();
  });

  // Start

  const count = entries.length === 1 ? "1 entry" : `${entries.length.toLocaleString("en")} entries`;
  const title = `${data.within || "The map"}: ${count}`;
  document.getElementById("title").textContent = title;
  document.getElementById("caption").textContent = data.caption;
  document.getElementById("about").textContent = data.about;
  document.getElementById("closer").addEventListener("click", () => zoom(0.6));
  document.getElementById("farther").addEventListener("click", () => zoom(1 / 0.6));
  document.getElementById("whole").addEventListener("click", () => {
    view = { x: [...whole.x], y: [...whole.y] };
    select(null, false);
  });
  if (places.length) selected = "place 0";
  tell();
  draw().then(() => {
    plot.on("plotly_click", (event) => {
      const point = event.points.find((p) => p.customdata !== undefined);
      if (point) select(point.customdata, false);
    });
    plot.on("plotly_relayout", (change) => {
      let moved = false;
      for (const axis of ["x", "y"]) {
        const [low, high] = [change[`${axis}axis.range[0]`], change[`${axis}axis.range[1]`]];
        if (low !== undefined && high !== undefined) {
          view[axis] = [Number(low), Number(high)];
          moved = true;
        }
      }
      if (moved) Plotly.relayout(plot, { annotations: labels() });
    });
  });
  window.addEventListener("resize", () => draw());
  dark.addEventListener("change", () => { tell(); draw(); });
})();
