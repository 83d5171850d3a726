// The two buttons of the share panel. Installed once for each page load; the panel is looked up on use.
(() => {
  // Whether the device can send is known before the panel is drawn: a button that cannot is never shown.
  document.documentElement.classList.toggle("o-can-send", typeof navigator.share === "function");
  if (window.observatoryShare) return;
  window.observatoryShare = true;

  // Where the clipboard is out of reach (a server without HTTPS), the older command copies the link that is selected.
  const select = (link) => {
    const range = document.createRange(), chosen = getSelection();
    range.selectNodeContents(link);
    chosen.removeAllRanges();
    chosen.addRange(range);
    return document.execCommand("copy");
  };
  const copy = async (panel, url) => {
    const link = panel.querySelector(".o-url");
    let copied = true;
    try {
      await navigator.clipboard.writeText(url);
    } catch {
      copied = select(link);
    }
    const status = panel.querySelector(".o-said");
    status.textContent = "";
    setTimeout(() => { status.textContent = copied ? panel.dataset.copied : panel.dataset.selected; }, 50);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".o-share button"), panel = button?.closest(".o-share");
    if (!panel) return;
    const url = panel.dataset.url;
    if (button.classList.contains("o-copy")) copy(panel, url);
    else navigator.share({ title: document.title, url }).catch(() => {}); // the reader closed the sheet
  });
})();
