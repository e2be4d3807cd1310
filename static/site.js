// Everything here is a convenience: without it the archive works, with one theme and no filters.
(() => {
  "use strict";
  const root = document.documentElement;
  const read = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const keep = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* private window */ } };
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

  // Before the first paint, so that a remembered theme never flashes and nothing moves when script-only parts appear.
  const theme = read();
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  root.dataset.script = "";

  // A reader in a named zone other than UTC is told the time there; the style sheet keeps a line free for it.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  if (zone.includes("/") && zone !== "Etc/UTC") root.dataset.zone = zone;

  const switchTheme = () => {
    root.dataset.theme = dark() ? "light" : "dark";
    keep(root.dataset.theme);
  };

  // Left is earlier where text runs to the right, and later where it runs to the left.
  const turnPage = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable], pre, [role=region], audio, video")) return;
    if (event.key === "/") {
      event.preventDefault();
      const field = document.getElementById("q");
      if (field) field.focus(); else document.querySelector("a[data-search]")?.click();
    }
    if (event.shiftKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    const forward = (event.key === "ArrowRight") === (root.dir !== "rtl");
    document.querySelector(forward ? "a[rel=next]" : "a[rel=prev]")?.click();
  };

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

  const filterIndex = (box) => {
    const input = box.querySelector("input");
    const output = box.querySelector("output");
    const groups = [...document.querySelectorAll("[data-filtered] > section")].map((section) => ({
      section,
      items: [...section.querySelectorAll("li")].map((item) => ({ item, text: plain(item.querySelector("a").textContent) })),
    }));
    const apply = () => {
      const wanted = plain(input.value.trim());
      let shown = 0;
      for (const { section, items } of groups) {
        let some = false;
        for (const { item, text } of items) {
          const match = text.includes(wanted);
          item.hidden = !match;
          some ||= match;
          shown += match;
        }
        section.hidden = !some;
      }
      output.textContent = wanted ? String(shown) : "";
    };
    input.addEventListener("input", apply);
    if (input.value) apply();
  };

  // The reader's own clock, where it differs from the one printed; only an instant with an offset can be told there.
  const addLocalTime = (time) => {
    const moment = new Date(time.dateTime);
    if (isNaN(moment) || !/(Z|[+-]\d\d:?\d\d)$/.test(time.dateTime)) return;
    const clock = new Intl.DateTimeFormat(root.lang, { dateStyle: "medium", timeStyle: "short" }).format(moment);
    const city = zone.split("/").pop().replaceAll("_", " ");
    time.dataset.here = time.dataset.local.replace("%(time)s", clock).replace("%(city)s", city);
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("[data-theme-switch]")?.addEventListener("click", switchTheme);
    document.querySelectorAll("[data-filter]").forEach(filterIndex);
    if (root.dataset.zone) document.querySelectorAll("time[data-local]").forEach(addLocalTime);
    document.addEventListener("keydown", turnPage);
  });
})();
