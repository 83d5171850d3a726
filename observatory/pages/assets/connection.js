// Connection to the server: the message while it is lost (Streamlit's own is in English, or the page stays empty), and
// the rerun once it is restored. Inlined in the HTML, since frame.js itself arrives over the connection.
(() => {
  // "&#38;" in a mangled link ends the query for the browser: the rest of it stands in the fragment, which no server sees.
  const cut = /^#(?:0*38|x0*26);(.+)$/i.exec(location.hash);
  if (cut) {
    const rest = cut[1].replace(/&#(?:0*38|x0*26);/gi, "&");
    location.replace(`${location.pathname}${location.search || "?"}&${rest}`);
  }

  const words = window.observatoryLine;
  const SOON = 2000, LATE = 12000; // ms without a connection: a phone that wakes up reconnects before the first
  const root = document.documentElement;
  let seen = false, timer, note;

  const showNotice = (className, html) => {
    note = document.createElement("div");
    note.id = "o-line";
    note.className = className;
    note.setAttribute("role", "alert");
    note.innerHTML = html;
    document.body.append(note);
  };
  const down = () => showNotice("", `<p>${words.down}</p>`);
  // Without any connection so far, the network may block websockets: show the text for browsers without scripts.
  const never = () => showNotice("o-never", `<p>${words.never}</p>${document.querySelector("noscript")?.textContent ?? ""}`);

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

  // A dropped connection may lose a choice or its answer. After reconnecting, Streamlit's rerun key runs the page again,
  // so that page, controls and address agree. A mix is read again from the address, since controls that missed an
  // answer hold outdated values.
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
  // Streamlit's own message covers the whole page: it is closed at once, and ours is shown below the page.
  new MutationObserver(() => {
    if (root.dataset.line) document.querySelector("[data-testid=stDialog] [role=dialog] > button")?.click();
  }).observe(root, { subtree: true, childList: true });
  lost();
})();
