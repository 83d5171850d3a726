// The line to the server: what is said while it is down (Streamlit says it in English, or shows an empty page), and what
// is done once it is back. It stands in the page itself, for the other script comes over the line.
(() => {
  const words = window.observatoryLine;
  const SOON = 2000, LATE = 12000; // ms without a line: a phone that wakes up is back before the first
  const root = document.documentElement;
  let seen = false, timer, note;

  const told = (className, html) => {
    note = document.createElement("div");
    note.id = "o-line";
    note.className = className;
    note.setAttribute("role", "alert");
    note.innerHTML = html;
    document.body.append(note);
  };
  const down = () => told("", `<p>${words.down}</p>`);
  // Where the line never came, a network may forbid it: then what a browser without scripts reads.
  const never = () => told("o-never", `<p>${words.never}</p>${document.querySelector("noscript")?.textContent ?? ""}`);

  const lost = () => {
    root.dataset.line = "down";
    timer ??= setTimeout(seen ? down : never, seen ? SOON : LATE);
  };
  const back = () => {
    delete root.dataset.line;
    clearTimeout(timer);
    timer = undefined;
    note?.remove();
  };

  // A line that drops may take a choice or its answer with it. Once it is back the page is run again, by Streamlit's own
  // key for that, so that page, controls and address agree. A mix is read again from its address, for controls that
  // missed an answer would be taken for the reader's last word.
  const again = () => {
    if (location.pathname.endsWith("/portfolio")) return location.reload();
    for (const kind of ["keydown", "keyup"])
      document.dispatchEvent(new KeyboardEvent(kind, { key: "r", keyCode: 82, which: 82 }));
  };

  const look = () => {
    const there = document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState === "CONNECTED";
    const before = root.dataset.line;
    if (!there) return lost();
    back();
    if (seen && before) setTimeout(again, 300);
    seen = true;
  };
  new MutationObserver(look).observe(root, { subtree: true, attributeFilter: ["data-test-connection-state"] });
  // Streamlit's own message takes the whole page: it is closed unseen, and ours stands below.
  new MutationObserver(() => {
    if (root.dataset.line) document.querySelector("[data-testid=stDialog] [role=dialog] > button")?.click();
  }).observe(root, { subtree: true, childList: true });
  lost();
})();
