// The search page. The archive is indexed by stretches of the calendar: the newest is searched first, older ones as they are
// asked for. Pagefind reads the indexes; where it cannot, opened as a file for one, the headlines are searched.
(() => {
  "use strict";
  const top = new URL(".", document.currentScript.src);
  const root = document.documentElement;
  const $ = (selector) => document.querySelector(selector);
  const PAGE = 10, PATIENCE = 20000, FAR = 6;
  // What pages in Japanese begin with in the index alone (`sitegen/searchpages.py`).
  const PRIMER = /^ゐ[\u200b.\s]*/u;
  const FACETS = ["year", "source", "section", "tag", "author", "language"];
  const LISTED = ["source", "section", "tag", "author"];
  let form, words, stretches = [], blanks = {}, turn = 0, run = null;

  const say = (text, values = {}) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  const number = (n) => n.toLocaleString(root.lang);
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  const load = (path) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(path, top);
    script.onload = resolve;
    script.onerror = () => reject(new Error(path));
    document.head.append(script);
  });
  const soon = (promise) => Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error("timeout")), PATIENCE))]);
  const once = (make) => { const kept = new Map(); return (key, ...more) => kept.get(key) ?? kept.set(key, make(key, ...more)).get(key); };

  const showDate = (date) => {
    const parts = { year: "numeric", ...(date.length > 4 && { month: "long" }), ...(date.length > 7 && { day: "numeric" }) };
    const full = `${date.slice(0, 10)}${"-01-01".slice(date.length > 7 ? 6 : date.length > 4 ? 3 : 0)}T00:00:00Z`;
    const moment = new Date(full);
    return isNaN(moment) ? date : new Intl.DateTimeFormat(root.lang, { ...parts, timeZone: "UTC", calendar: "gregory" }).format(moment);
  };

  // Every language needs a WebAssembly module of its own, and a module of Pagefind holds but one of them.
  const whole = location.protocol !== "file:" && typeof WebAssembly === "object";
  const program = once((name) => import(new URL(`search/pagefind/pagefind.js?${name}`, top)));
  const opened = once(async (key, stretch, language) => {
    const name = stretch.languages[language], entry = `pagefind-entry.json?ts=${stretch.stamp}`;
    // What Pagefind will ask for one after the other is fetched at once.
    [`pagefind/${name}/${entry}`, `pagefind/${name}/wasm.${name}.pagefind`, `${stretch.name}/${entry}`].forEach((path) =>
      document.head.append(element("link", { rel: "preload", as: "fetch", crossOrigin: "", href: new URL(`search/${path}`, top) })));
    const pagefind = await program(name);
    const tag = { noWorker: true, metaCacheTag: stretch.stamp };
    const index = pagefind.createInstance({ basePath: new URL(`search/pagefind/${name}/`, top).href, ...tag });
    await index.init();
    await soon(index.mergeIndex(new URL(`search/${stretch.name}/`, top).href, { language, metaCacheTag: stretch.stamp }));
    return index;
  });

  const ready = (stretch, language) => opened(`${stretch.name} ${language}`, stretch, language);

  const count = (counts, facet, value, n = 1) => { const map = counts[facet] ??= new Map(); map.set(value, (map.get(value) ?? 0) + n); };

  const searchTexts = async (stretch, asked) => {
    const languages = Object.keys(stretch.languages).filter((each) => !asked.language || each === asked.language);
    const filters = {};
    for (const facet of FACETS) if (facet !== "language" && asked[facet]) filters[facet] = asked[facet];
    const sort = asked.sort ? { date: asked.sort === "newest" ? "desc" : "asc" } : {};
    const found = await Promise.all(languages.map(async (language) => {
      const index = await ready(stretch, language);
      if ($(".narrow").open) await soon(index.filters());
      const answer = await soon(index.search(asked.q || null, { filters, sort }));
      for (const facet of LISTED) for (const [value, n] of Object.entries(answer.filters?.[facet] ?? {})) if (n) count(run.counts, facet, value, n);
      // Each program comes with a page of its own, which says nothing.
      return answer.results.filter((each) => each.id !== blanks[stretch.languages[language]]).map((each) => ({ score: each.score, id: each.id, language, data: once(async () => {
        const data = await each.data();
        return { url: data.meta.url, title: data.meta.title, source: data.meta.source, date: data.meta.date ?? "", excerpt: data.excerpt.replace(PRIMER, "") };
      }) }));
    }));
    return found;
  };

  const shards = new Map();
  window.sitegenHeadlines = (name, rows) => shards.set(name, rows);
  const shard = once((name) => load(`search/${name}/headlines.js`));
  const searchHeadlines = async (stretch, asked) => {
    await shard(stretch.name);
    const wanted = plain(asked.q).split(/\s+/).filter(Boolean);
    const found = [];
    for (const [url, title, source, date, language, tags, authors, section, sources] of shards.get(stretch.name) ?? []) {
      const has = { year: [date.slice(0, 4)], source: sources, section, tag: tags, author: authors, language: [language] };
      if (!FACETS.every((facet) => !asked[facet] || has[facet].includes(asked[facet]))) continue;
      const head = plain(title), text = plain([title, source, ...tags, ...authors].join(" "));
      if (!wanted.every((word) => text.includes(word))) continue;
      for (const facet of LISTED) for (const value of has[facet]) count(run.counts, facet, value);
      const score = wanted.filter((word) => head.includes(word)).length;
      found.push({ score, id: url, language, date, data: async () => ({ url, title, source, date }) });
    }
    return [asked.sort === "oldest" ? found : found.reverse()];
  };

  const searchStretch = async (stretch, asked) => {
    if (whole && Object.keys(stretch.languages).length) {
      try {
        return await searchTexts(stretch, asked);
      } catch (error) {
        console.warn(error);
        run.notice = words.broken;
      }
    } else run.notice = whole ? words.bare : words.file;
    return searchHeadlines(stretch, asked);
  };

  // Pagefind marks what was found, and escapes nothing but angle brackets.
  const excerpt = (text) => text.split(/(<mark>.*?<\/mark>)/s).map((part) => {
    const marked = part.startsWith("<mark>");
    const shown = part.replace(/<\/?mark>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">");
    if (!marked) return shown;
    const mark = document.createElement("mark");
    mark.textContent = shown;
    return mark;
  });

  const element = (name, values = {}, ...children) => {
    const made = Object.assign(document.createElement(name), values);
    made.append(...children);
    return made;
  };

  const row = async (hit) => {
    const data = await hit.data();
    const foreign = hit.language !== root.lang.split("-")[0].toLowerCase() && hit.language !== "unknown";
    const own = foreign ? { lang: hit.language, dir: "auto" } : { dir: "auto" };
    const path = data.url.slice(1).split("/").map(encodeURIComponent).join("/");
    const item = element("li", {}, element("a", { href: new URL(path, top), ...own }, data.title || words.untitled));
    const from = element("span", { className: "from" });
    if (data.source) from.append(element("bdi", {}, data.source));
    if (data.source && data.date) from.append(" · ");
    if (data.date) from.append(element("time", { dateTime: data.date }, showDate(data.date)));
    item.append(" ", from);
    if (data.excerpt) item.append(element("p", { className: "excerpt", ...own }, ...excerpt(data.excerpt)));
    return item;
  };

  const fill = (facet, counts) => {
    const select = form.elements[facet], chosen = select.value;
    const values = [...(counts ?? [])].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).slice(0, 200).map(([value]) => value);
    if (chosen && !values.includes(chosen)) values.unshift(chosen);
    select.replaceChildren(select.options[0], ...values.map((value) => element("option", { value, selected: value === chosen }, value)));
  };

  const byScore = ({ groups, shown }) => groups.flat(2).sort((a, b) => b.score - a.score).slice(0, shown);

  // The lists of a stretch, one for each language, are in order; only those to be shown are asked for their dates.
  const byDate = async ({ groups, shown, asked }) => {
    const hits = [];
    for (const lists of groups) {
      const at = lists.map(() => 0);
      while (hits.length < shown) {
        const open = lists.map((list, n) => [n, list[at[n]]]).filter(([, hit]) => hit);
        if (!open.length) break;
        const dated = open.length < 2 ? open : await Promise.all(open.map(async ([n, hit]) => [n, hit, (await hit.data()).date]));
        const [n, hit] = dated.reduce((a, b) => ((b[2] > a[2]) === (asked.sort === "newest") && b[2] !== a[2] ? b : a));
        hits.push(hit);
        at[n] += 1;
      }
    }
    return hits;
  };

  const show = async () => {
    const mine = run;
    const hits = await (mine.asked.sort ? byDate(mine) : byScore(mine));
    const rows = (await Promise.all(hits.map((hit) => row(hit).catch(() => null)))).filter(Boolean);
    if (mine !== run) return;
    const active = document.activeElement;
    $("[data-results]").replaceChildren(...rows);
    $("[data-results]").ariaBusy = mine.busy;
    const searched = mine.order.slice(0, mine.done);
    const dates = searched.flatMap((each) => [each.first, each.last]).filter(Boolean).sort();
    const total = mine.total;
    const status = [total ? say(words.found, { n: number(total) }) : words.none];
    if (dates.length && mine.done < mine.order.length) status.push(say(words.reach, { first: showDate(dates[0]), last: showDate(dates.at(-1)) }));
    $("[data-status]").textContent = mine.busy ? say(words.busy, { n: number(mine.done + 1), total: number(mine.order.length) }) : status.join(" · ");
    $("[data-notice]").textContent = mine.notice;
    $("[data-notice]").hidden = !mine.notice;
    $("[data-more]").hidden = total <= mine.shown;
    $("[data-further]").hidden = mine.done >= mine.order.length;
    $("[data-ways]").hidden = $("[data-more]").hidden && $("[data-further]").hidden;
    if (active?.hidden) form.elements.q.focus();
    if (!mine.busy) LISTED.forEach((facet) => fill(facet, mine.counts[facet]));
  };

  const further = async () => {
    const mine = run, enough = mine.total + PAGE;
    mine.busy = true;
    // Of what is rare, a few stretches are searched unasked once something is found, so that little is loaded in vain.
    const far = mine.done + FAR;
    do {
      await show();
      if (mine !== run) return;
      // The first alone, since it answers at once; then two side by side.
      const next = mine.order.slice(mine.done, mine.done + (mine.done ? 2 : 1));
      const found = await Promise.all(next.map((each) => searchStretch(each, mine.asked)));
      if (mine !== run) return;
      mine.groups.push(...found);
      mine.total += found.flat().reduce((sum, list) => sum + list.length, 0);
      mine.done += next.length;
    } while (mine.done < mine.order.length && (mine.asked.year || !mine.total || (mine.total < enough && mine.done < far)));
    mine.busy = false;
    await show();
  };

  const begin = () => {
    const asked = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value)).toString();
    try { history.replaceState(null, "", query ? `?${query}` : location.pathname); } catch { /* a file may have no history */ }
    const order = stretches.filter((each) => (!asked.year || (each.first && each.first.slice(0, 4) <= asked.year && asked.year <= each.last.slice(0, 4)))
      && (!asked.language || !whole || !Object.keys(each.languages).length || each.languages[asked.language]));
    if (asked.sort === "oldest") order.reverse();
    run = { asked, order, groups: [], total: 0, shown: PAGE, done: 0, counts: {}, notice: "", busy: false };
    if (order.length && (asked.q || FACETS.some((facet) => asked[facet]))) return further();
    $("[data-results]").replaceChildren();
    $("[data-results]").ariaBusy = false;
    $("[data-ways]").hidden = true;
    $("[data-status]").textContent = asked.q ? words.none : words.hint;
    if (stretches.length && !whole) { $("[data-notice]").textContent = words.file; $("[data-notice]").hidden = false; }
  };

  const later = (event) => {
    const mine = ++turn;
    setTimeout(() => { if (mine === turn) begin(); }, event?.target.tagName === "INPUT" ? 250 : 0);
  };

  window.sitegenStretches = (rows, ids) => {
    blanks = ids;
    stretches = rows.map(([name, n, first, last, languages, stamp]) => ({ name, n, first, last, languages, stamp }));
  };

  const start = async () => {
    form = $("form[data-search]");
    words = form.dataset;
    const given = new URLSearchParams(location.search);
    for (const name of ["q", ...FACETS, "sort"]) {
      const field = form.elements[name], value = given.get(name);
      if (!value) continue;
      if (field.tagName === "SELECT" && ![...field.options].some((each) => each.value === value)) {
        if (name === "year" || name === "sort") continue;
        field.append(element("option", { value }, value));
      }
      field.value = value;
      if (name !== "q") $(".narrow").open = true;
    }
    form.addEventListener("submit", (event) => { event.preventDefault(); later(event); });
    form.addEventListener("input", later);
    $(".narrow").addEventListener("toggle", () => { if ($(".narrow").open && run?.done) begin(); });
    $("[data-more]").addEventListener("click", () => { run.shown += PAGE; show(); });
    $("[data-further]").addEventListener("click", () => { if (!run.busy) { run.shown += PAGE; further(); } });
    await load("search/stretches.js").catch(() => 0);
    const names = new Intl.DisplayNames([root.lang], { type: "language" });
    const languages = [...new Set(stretches.flatMap((each) => Object.keys(each.languages)))].filter((each) => each !== "unknown");
    const chosen = form.elements.language.value;
    form.elements.language.replaceChildren(form.elements.language.options[0], ...languages.sort().map((each) => {
      try { return element("option", { value: each }, names.of(each)); } catch { return element("option", { value: each }, each); }
    }));
    if (chosen && !languages.includes(chosen)) form.elements.language.append(element("option", { value: chosen }, chosen));
    form.elements.language.value = chosen;
    if (!location.search) form.elements.q.focus();
    begin();
    // What reads the newest stretch is got ready while the reader still types.
    if (whole && stretches.length) for (const each of Object.keys(stretches[0].languages)) ready(stretches[0], each).catch(() => 0);
  };
  start();
})();
