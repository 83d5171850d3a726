// Faults of a form, and what is waited for: `.st-key-notices_NAME` says what is wrong with the field `.st-key-w_NAME`. Installed once for each
// page load; fields are looked up on use.
(() => {
  if (window.observatoryFields) return;
  window.observatoryFields = true;

  const PREFIX = "st-key-notices_";
  const nameOf = (notice) => [...notice.classList].find((name) => name.startsWith(PREFIX)).slice(PREFIX.length);
  const faults = (box) => [...box.querySelectorAll(`[class*="${PREFIX}"]`)]
    .filter((notice) => notice.textContent.trim())
    .map((notice) => [notice, document.querySelector(`.st-key-w_${CSS.escape(nameOf(notice))} :is(input, textarea)`)])
    .filter(([, field]) => field);

  // A screen reader says the fault with the field, and with a progress bar what it measures: Streamlit names it in English.
  const mark = () => {
    for (const bar of document.querySelectorAll(".stProgress [role=progressbar]")) {
      const words = bar.closest(".stProgress").querySelector("p")?.textContent;
      if (words && bar.getAttribute("aria-label") !== words) bar.setAttribute("aria-label", words);
    }
    const wrong = new Set();
    for (const [notice, field] of faults(document)) {
      notice.id ||= `fault-${nameOf(notice)}`;
      wrong.add(field);
      if (field.getAttribute("aria-describedby") !== notice.id) field.setAttribute("aria-describedby", notice.id);
      if (field.getAttribute("aria-invalid") !== "true") field.setAttribute("aria-invalid", "true");
      if (!field.dataset.fault) field.dataset.fault = "1";
    }
    for (const field of document.querySelectorAll("[data-fault]")) {
      if (wrong.has(field)) continue;
      delete field.dataset.fault;
      field.removeAttribute("aria-describedby");
      field.setAttribute("aria-invalid", "false");
    }
  };

  // After a button of a form was pressed and the page has been drawn, the focus goes to the first fault of that form.
  // The state of the script does not tell: a slow browser draws a run that was short at once, and the state stays.
  const runOf = () => document.querySelector("[data-run]")?.dataset.run;
  let form = null;
  let pressedIn = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-testid=stMain] :is(.stButton, .stFormSubmitButton) button");
    form = button?.closest(".stForm, .stExpander, [class*='st-key-fig_']") ?? null;
    pressedIn = runOf();
  }, true);
  document.addEventListener("input", () => { form = null; }, true); // the reader has gone on
  const lead = () => {
    const app = document.querySelector("[data-testid=stApp]");
    if (!form || runOf() === pressedIn || app?.getAttribute("data-test-script-state") !== "notRunning") return;
    const first = form.isConnected && faults(form)[0]?.[1];
    if (!first) return;
    form = null;
    first.scrollIntoView({ block: "center" });
    first.focus({ preventScroll: true });
  };
  let asked = 0;
  new MutationObserver(() => {
    mark();
    if (!form) return;
    clearTimeout(asked);
    asked = setTimeout(lead, 100); // a second run, of a field that was left for the button, may follow the first
  }).observe(document.documentElement, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["data-test-script-state"],
  });
  mark();
})();
