// What Streamlit leaves to the browser. Installed once a page; it looks for links when it needs them, so reruns change nothing.
(() => {
  if (window.observatoryShell) return;
  window.observatoryShell = true;

  // A link within a page asks for another view of it, but does not write the address: this does, so that back goes back.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-testid=stPageLink-NavLink]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.pathname === location.pathname && link.href !== location.href) history.pushState({}, "", link.href);
  }, true);

  // The keys of a meeting follow its links.
  const found = (name) => document.querySelector(`.st-key-m_foot .st-key-m_${name} a[href]`);
  const screens = () => [...document.querySelectorAll(".st-key-m_screens a[href]")];
  const next = () => found("next"), previous = () => found("previous");
  const keys = {
    ArrowRight: next, PageDown: next, " ": next, ArrowLeft: previous, PageUp: previous,
    Home: () => screens().at(0), End: () => screens().at(-1), Escape: () => found("leave"),
  };
  document.addEventListener("keydown", (event) => {
    const meeting = document.querySelector(".st-key-meeting");
    if (!meeting || !(event.key in keys) || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const link = keys[event.key]();
    if (link && link.href !== location.href) link.click();
  }, true);

  // A screen reader hears the title of each new screen; the links say which keys they have.
  const live = document.createElement("div");
  live.className = "o-hidden";
  live.setAttribute("role", "status");
  document.body.append(live);
  const shortcuts = { next: ["n", "ArrowRight PageDown Space"], previous: ["p", "ArrowLeft PageUp"], leave: ["q", "Escape"] };
  new MutationObserver(() => {
    if (!document.querySelector(".st-key-meeting")) return;
    if (live.textContent !== document.title) live.textContent = document.title;
    for (const [name, [key, shown]] of Object.entries(shortcuts)) {
      found(name)?.setAttribute("accesskey", key);
      found(name)?.setAttribute("aria-keyshortcuts", shown);
    }
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
})();
