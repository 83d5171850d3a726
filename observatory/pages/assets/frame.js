// Browser behaviour that Streamlit lacks. Installed once for each page load; links are looked up on use, so that reruns
// do not matter.
(() => {
  if (window.observatoryFrame) return;
  window.observatoryFrame = true;

  // Streamlit does not write the address for links within a page: push it, so that the back button works.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-testid=stPageLink-NavLink]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.pathname !== location.pathname || link.search === location.search) return;
    history.pushState({}, "", link.pathname + link.search + location.hash); // keep the mix in the fragment
  }, true);

  // Arrow keys follow the links of a meeting. The address is ahead of the page while a screen loads: quick key presses
  // count from the address, and do nothing once it is no longer a meeting.
  const address = () => new URLSearchParams(location.search);
  const found = (name) => document.querySelector(`.st-key-m_foot .st-key-m_${name} a`);
  const screens = () => [...document.querySelectorAll(".st-key-m_screens a")];
  const at = () => {
    const asked = Number(address().get("screen") ?? 1);
    return asked === 0 ? 0 : screens()[asked - 1] ? asked : Number(found("here")?.textContent);
  };
  const next = () => screens()[at()], previous = () => screens()[at() - 2] ?? found("previous"); // before the first, the cover
  const keys = {
    ArrowRight: next, PageDown: next, " ": next, ArrowLeft: previous, PageUp: previous,
    Home: () => screens().at(0), End: () => screens().at(-1), Escape: () => found("leave"),
  };
  document.addEventListener("keydown", (event) => {
    if (!document.querySelector(".st-key-meeting") || !(event.key in keys)) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (address().get("mode") === "meeting") keys[event.key]()?.click();
  }, true);

  // Announce the title of each new screen of a meeting to screen readers; set aria-keyshortcuts on its links.
  const live = document.createElement("div");
  live.className = "o-hidden";
  live.setAttribute("role", "status");
  document.body.append(live);
  const shortcuts = {
    next: ["n", "ArrowRight PageDown Space"], previous: ["p", "ArrowLeft PageUp"], leave: ["q", "Escape"],
  };
  // On other pages, announce the lead after a change, once it is stable.
  let announced = "", saying = 0;
  const answer = () => document.querySelector("h1.o-lead")?.textContent ?? "";
  const repeat = () => {
    clearTimeout(saying);
    saying = setTimeout(() => {
      const now = answer();
      if (announced && now && now !== announced) live.textContent = now;
      announced = now || announced;
    }, 1000);
  };
  // The link that skips the menu leads to the heading, where reading begins: Streamlit's leads above the menu.
  document.addEventListener("click", (event) => {
    const heading = event.target.closest("[data-testid=stSkipToContent]") && document.querySelector("h1");
    if (!heading) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // Streamlit's own listener would focus the whole page
    heading.tabIndex = -1;
    heading.focus();
    heading.scrollIntoView();
  }, true);

  // A panel takes the focus when it opens, keeps it while it is open, and gives it back: Streamlit appends panels to the
  // end of the document and leaves the focus on the button.
  let panel = null, opener = null, entered = false;
  const stops = (box) => [...box.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']")]
    .filter((stop) => !stop.disabled && stop.tabIndex >= 0 && stop.getClientRects().length);
  const hold = () => {
    const open = document.querySelector("[data-testid=stPopoverBody]");
    if (open === panel) return;
    if (open) {
      opener = document.activeElement?.closest("[data-testid=stPopover] button") ?? opener;
    } else if (document.activeElement === document.body && opener?.isConnected) {
      opener.focus();
    }
    panel = open;
    entered = false;
  };
  const enter = () => {
    if (!panel || entered || panel.contains(document.activeElement)) return;
    const first = stops(panel)[0];
    if (!first || document.activeElement !== opener) return;
    entered = true;
    first.focus();
  };
  let last = 0; // the stop that had the focus, should it be redrawn or hidden meanwhile
  document.addEventListener("keydown", (event) => {
    const at = document.activeElement;
    if (event.key !== "Tab" || !panel || !(at === document.body || panel.contains(at))) return;
    const all = stops(panel), step = event.shiftKey ? -1 : 1;
    if (!all.length) return;
    event.preventDefault();
    last = all.includes(at) ? all.indexOf(at) : last;
    for (let tried = 0; tried < all.length; tried += 1) {
      last = (last + step + all.length) % all.length;
      all[last].focus();
      if (document.activeElement === all[last]) return;
    }
  }, true);

  // A button of a page that opens a panel of the masthead.
  document.addEventListener("click", (event) => {
    const name = event.target.closest?.("[data-press]")?.dataset.press;
    if (name) document.querySelector(`.st-key-topbar .st-key-${name} button`)?.click();
  });

  // Landmarks of menus that Streamlit draws.
  const mark = () => {
    for (const [name, label] of Object.entries(window.observatoryMenus ?? {})) {
      const menu = document.querySelector(`.st-key-${name}`);
      if (!menu || menu.getAttribute("aria-label") === label) continue;
      menu.setAttribute("role", "navigation");
      menu.setAttribute("aria-label", label);
    }
  };
  const tell = () => {
    mark();
    hold();
    enter();
    if (!document.querySelector(".st-key-meeting")) {
      if (answer() !== announced) repeat();
      return;
    }
    if (live.textContent !== document.title) live.textContent = document.title;
    for (const link of screens()) {
      if (link.closest(".st-key-m_here")) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    for (const [name, [key, shown]] of Object.entries(shortcuts)) {
      found(name)?.setAttribute("accesskey", key);
      found(name)?.setAttribute("aria-keyshortcuts", shown);
    }
  };
  new MutationObserver(tell).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
  tell();
})();
