// Streamlit's own words in the language of the page: accessible names, hints and texts that it writes in English.
// Inlined in the HTML, since Streamlit speaks before the first run of a page. Text nodes and attributes are changed in
// place, never replaced, so that React finds its own nodes again.
(() => {
  const pairs = window.observatoryWords;
  if (!pairs.length) return;
  const NAMES = ["aria-label", "aria-roledescription", "placeholder", "title", "alt"];
  // What never holds words of Streamlit.
  const OURS = ".stHtml, .stMarkdown, script, style, noscript, textarea, [contenteditable]";
  const exact = new Map(), patterns = [];
  const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  for (const [theirs, ours] of pairs) {
    if (!theirs.includes("{")) exact.set(theirs, ours);
    else patterns.push([new RegExp(`^${theirs.split(/\{\w+\}/).map(literal).join("(.+)")}$`, "s"), ours]);
  }
  const say = (text) => {
    const trimmed = text.trim(), known = exact.get(trimmed);
    if (!trimmed || known) return known;
    for (const [pattern, ours] of patterns) {
      const found = pattern.exec(trimmed);
      if (!found) continue;
      // What stands at a place may be theirs too: a size, the reason of an error.
      let place = 0;
      return ours.replace(/\{\w+\}/g, () => say(found[(place += 1)]) ?? found[place]);
    }
  };
  const name = (element) => {
    for (const attribute of NAMES) {
      const ours = element.hasAttribute(attribute) && say(element.getAttribute(attribute));
      if (ours) element.setAttribute(attribute, ours);
    }
    if (element.getAttribute("data-testid") === "stIconMaterial") element.setAttribute("aria-hidden", "true");
    // Vega describes axes and marks by words of its own; the name of the chart says what it shows, a table its figures.
    const role = element.getAttribute("aria-roledescription") ?? "";
    if (role === "axis") element.setAttribute("aria-hidden", "true");
    if (role.endsWith(" mark container")) element.removeAttribute("aria-roledescription");
  };
  const write = (node) => {
    const ours = say(node.data);
    if (ours && !node.parentElement?.closest(OURS)) node.data = ours;
  };
  const look = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return write(root);
    if (root.nodeType !== Node.ELEMENT_NODE || root.closest(OURS)) return;
    name(root);
    for (const element of root.querySelectorAll(NAMES.map((attribute) => `[${attribute}]`).join())) name(element);
    if (root.closest("svg")) return;
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) write(texts.currentNode);
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") write(change.target);
      else if (change.type === "attributes") name(change.target);
      else for (const node of change.addedNodes) look(node);
    }
  }).observe(document.documentElement, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: NAMES,
  });
})();
