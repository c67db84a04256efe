// Search of the site without a server: MkDocs' own fetches its index, which browsers refuse where a page
// is a file. The index is a script beside this one, and loaded by the page of results alone.
(() => {
  const place = document.getElementById("mkdocs-search-results");
  if (!place) return;
  const input = document.getElementById("mkdocs-search-query");
  const MOST = 40, AROUND = 90;

  function rank(entry, words) {
    const title = entry.title.toLowerCase(), text = entry.text.toLowerCase();
    if (!words.every((word) => title.includes(word) || text.includes(word))) return 0;
    const hits = words.map((word) => (title.includes(word) ? 20 : 0) + text.split(word).length);
    return hits.reduce((sum, n) => sum + n);
  }

  function element(name, text, parent) {
    const made = parent.appendChild(document.createElement(name));
    made.textContent = text;
    return made;
  }

  function show() {
    const words = input.value.toLowerCase().split(/\s+/).filter((word) => word.length > 1);
    const ranked = words.length ? PAGES.map((entry) => [rank(entry, words), entry]) : [];
    const found = ranked.filter(([n]) => n).sort((a, b) => b[0] - a[0]).slice(0, MOST);
    place.textContent = found.length ? "" : place.dataset.noResultsText;
    for (const [, entry] of found) {
      const article = element("article", "", place);
      const link = element("a", entry.title, element("h3", "", article));
      link.href = `${base_url}/${entry.location}`;
      const at = Math.max(0, entry.text.toLowerCase().indexOf(words[0]) - AROUND);
      element("p", `… ${entry.text.slice(at, at + 3 * AROUND)} …`, article);
    }
  }

  const script = document.createElement("script");
  script.src = `${base_url}/search/pages.js`;
  script.onload = () => {
    input.value = new URLSearchParams(location.search).get("q") || "";
    input.addEventListener("input", show);
    show();
  };
  document.head.append(script);
})();
