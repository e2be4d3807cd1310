// Loads this page again when the local server has rebuilt the site, and lists what is wrong with its sources.
// Only the local server sends it; it is no part of the published site.
(() => {
  "use strict";
  const shown = new URL(document.currentScript.src).searchParams.get("version");
  let stream = null;
  let banner = null;

  const style = `
    :host { all: initial; }
    section {
      position: fixed; inset-block-end: 0; inset-inline: 0; z-index: 2147483647; max-block-size: 40vh; overflow: auto;
      box-sizing: border-box; padding: .6rem 1rem; font: 14px/1.45 system-ui, sans-serif; direction: ltr;
      color: #fff; background: #5a1712; border-block-start: 3px solid #d9534a;
    }
    p { margin: 0; font-weight: 600; padding-inline-end: 5rem; }
    ul { margin: .3rem 0 0; padding: 0; list-style: none; font: 13px/1.5 ui-monospace, monospace; }
    li { overflow-wrap: anywhere; white-space: pre-wrap; }
    button {
      position: absolute; inset-block-start: .5rem; inset-inline-end: 1rem; min-block-size: 24px; padding: 0 .6rem;
      font: inherit; color: inherit; background: none; border: 1px solid currentColor; cursor: pointer;
    }
    @media print { section { display: none; } }`;

  function add(parent, name, text) {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    return parent.appendChild(element);
  }

  function showFaults(faults) {
    if (banner) banner.remove();
    banner = null;
    if (!faults.length) return;
    banner = document.createElement("sitegen-faults");
    const root = banner.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
    const section = add(root, "section");
    section.setAttribute("role", "status");
    section.lang = "en";
    add(section, "p", faults.length === 1 ? "One error in the last build" : `${faults.length} errors in the last build`);
    const list = add(section, "ul");
    for (const fault of faults) add(list, "li", fault);
    const button = add(section, "button", "Hide");
    button.type = "button";
    button.addEventListener("click", () => banner && banner.remove());
    document.body.appendChild(banner);
  }

  function listen() {
    if (stream) return;
    stream = new EventSource("/_sitegen/events");
    stream.addEventListener("state", (event) => {
      const state = JSON.parse(event.data);
      if (state.version !== shown) location.reload();
      else showFaults(state.faults);
    });
  }

  function stop() {
    if (stream) stream.close();
    stream = null;
  }

  // A browser opens only six connections to one host, so that tabs out of sight must give theirs back.
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
  addEventListener("pagehide", stop);
  addEventListener("pageshow", () => document.hidden || listen());
})();
