// Links to pages change the page without loading it anew; without this script, or without a connection, they load it.
(() => {
  if (window.observatoryLinks) return;
  window.observatoryLinks = true;
  const language = (place) => new URLSearchParams(place.search).get("lang") ?? document.documentElement.lang;
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".stHtml a[href]");
    if (!link || event.defaultPrevented || event.button) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || link.hash || link.hasAttribute("download")) return;
    if (!["", "_self"].includes(link.target) || !window.observatoryPaths?.includes(link.pathname)) return;
    if (language(link) !== document.documentElement.lang) return; // a page in another language is loaded anew
    if (document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState !== "CONNECTED") return;
    event.preventDefault();
    const fragment = link.pathname === location.pathname ? location.hash : ""; // a mix stays with its page
    if (link.pathname + link.search + fragment === location.pathname + location.search + location.hash) return;
    history.pushState({}, "", link.pathname + link.search + fragment);
    window.dispatchEvent(new PopStateEvent("popstate")); // Streamlit then runs the page of the address
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  });
})();
