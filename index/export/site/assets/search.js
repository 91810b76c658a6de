// Searches the entries of search-data.js by name, alias and definition. Nothing leaves the page.
"use strict";
(() => {
  const MAX_RESULTS = 30;
  const root = document.documentElement.dataset.root;
  const query = document.getElementById("query");
  const results = document.getElementById("results");
  const found = document.getElementById("found");

  // Without case and accents.
  const fold = (text) =>
    text.toLowerCase().replace(/ß/g, "ss").normalize("NFKD").replace(/\p{M}/gu, "");

  const entries = nearsayEntries.map(([label, url, aliases, definition]) => ({
    label, url, definition,
    names: [label, ...aliases].map(fold),
    text: fold([label, ...aliases, definition].join("\n")),
  }));

  // 0 for the best match; every word must occur somewhere.
  const rank = (entry, wanted, words) => {
    if (!words.every((word) => entry.text.includes(word))) return null;
    const steps = [
      entry.names[0] === wanted,
      entry.names.includes(wanted),
      entry.names[0].startsWith(wanted),
      entry.names.some((name) => name.startsWith(wanted)),
      entry.names.some((name) => words.every((word) => name.includes(word))),
    ];
    const step = steps.indexOf(true);
    return step < 0 ? steps.length : step;
  };

  const item = ({ label, url, definition }) => {
    const [row, link] = [document.createElement("li"), document.createElement("a")];
    link.href = root + url;
    link.textContent = label;
    row.append(link, " ", definition);
    return row;
  };

  const search = () => {
    const wanted = fold(query.value).trim().replace(/\s+/g, " ");
    const words = wanted.split(" ");
    const ranked = (wanted ? entries : [])
      .map((entry) => [rank(entry, wanted, words), entry])
      .filter(([step]) => step !== null)
      .sort(([one], [other]) => one - other);
    results.replaceChildren(...ranked.slice(0, MAX_RESULTS).map(([, entry]) => item(entry)));
    const shown = ranked.length > MAX_RESULTS ? `, the first ${MAX_RESULTS} are shown` : "";
    const counted = ranked.length === 1 ? "1 term" : `${ranked.length} terms`;
    found.textContent = !wanted ? "" : ranked.length ? counted + shown : "No term found.";
  };

  query.addEventListener("input", search);
  document.getElementById("search").hidden = false;
  search();  // the browser may have restored a query
})();
