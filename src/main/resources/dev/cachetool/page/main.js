/* Puts the page together. */

const THEMES = ["auto", "light", "dark"];
const THEME_KEY = "cachetool-theme";

/** When the page was opened: ages are told as of then, so that all of them fit together. */
const OPENED = Date.now();

function now() {
  return OPENED;
}

function showHeader(cache) {
  byId("place").append(foreign(cache.place), cache.place.includes("@") ? "" : element("code", {}, "@" + cache.digest.slice(0, cache.digest.indexOf(":") + 1) + shortDigest(cache.digest)));
  byId("place").title = visible(cache.digest);
  document.title = shortened(cache.place, SHORT_NAME) + " · cachetool inspect";
  const kind = ["BuildKit cache", { inline: "inside an image", config: "a bare config" }[cache.form] ?? cache.form + " form"];
  if (cache.oci !== null) {
    kind.push(cache.oci ? "OCI types" : "Docker types");
  }
  if (cache.compressions.length > 0) {
    kind.push(cache.compressions.join(", "));
  }
  if (cache.newest !== null) {
    kind.push("newest result " + age(cache.newest, now()));
  }
  kind.push(cache.noted ? "with names" : "without names, which BuildKit does not keep");
  byId("kind").textContent = kind.join(" · ");

  const withResult = cache.records.filter((record) => record.results.length > 0).length;
  const roots = cache.records.filter((record) => record.isRoot).length;
  const leaves = cache.records.filter((record) => record.isLeaf).length;
  const shared = cache.layers.filter((layer) => layer.users > 1).length;
  const figures = [
    ["records", count(cache.records.length), withResult === cache.records.length ? "all with a result" : count(withResult) + " with a result"],
    ["graph", count(cache.depth) + " deep", counted(roots, "root") + ", " + counted(leaves, "leaf", "leaves") + ", " + counted(cache.links, "link")],
    ["layers", count(cache.layers.length), count(shared) + " used by more than one result"],
    ["bytes", size(cache.bytes), "each layer counted once"],
    ["config", size(cache.configBytes), "of 1 MiB"],
  ];
  if (cache.manifestBytes !== null) {
    figures.push(["manifest", size(cache.manifestBytes), "of 1 MiB"]);
  }
  byId("figures").append(...figures.map(([name, figure, note]) => element("div", {},
    element("dt", {}, name), element("dd", {}, element("b", {}, figure), element("span", {}, note)))));
}

function showNotes(cache) {
  const without = cache.results.filter((result) => result.ownBytes === 0).length;
  byId("graph-note").textContent = cache.records.length === 0 ? "no records" : "roots to the left; drag to move, Ctrl and wheel to zoom";
  byId("treemap-note").textContent = bytesNote(cache, without);
  byId("timeline-note").textContent = cache.results.length === 0 ? "no results" : span(cache.results) + "; higher up is larger";
}

/** What the treemap cannot show. */
function bytesNote(cache, without) {
  if (cache.layers.length === 0) {
    return "no layers";
  }
  if (cache.bytes === 0) {
    return "no sizes are known";
  }
  const none = counted(without, "result") + " with no bytes of " + (without === 1 ? "its" : "their") + " own";
  return size(cache.bytes) + (without > 0 ? "; " + none : "");
}

/** The ages of the oldest and the newest result. */
function span(results) {
  const known = results.map((result) => result.created).filter((created) => created !== null);
  const oldest = age(known.reduce((least, created) => Math.min(least, created), Infinity), now());
  const newest = age(known.reduce((most, created) => Math.max(most, created), 0), now());
  if (known.length === 0) {
    return "of unknown age";
  }
  return oldest === newest ? "all " + oldest : oldest + " to " + newest;
}

/** The find bar: what is typed there filters all views. */
function connectSearch(state) {
  const query = byId("query");
  const which = byId("which");
  const find = () => state.filter(query.value, which.value);
  query.addEventListener("input", find);
  which.addEventListener("change", find);
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      document.querySelector(".grid").focus();
    }
  });
  state.addEventListener("filter", () => {
    if (query.value !== state.query) {
      query.value = state.query;
    }
    which.value = state.which;
    byId("found").textContent = state.isFiltered
      ? count(state.matches) + " of " + counted(state.cache.records.length, "record") : counted(state.cache.records.length, "record");
  });
}

/** Keys that work everywhere. */
function connectKeys(state) {
  addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      byId("query").focus();
      byId("query").select();
    } else if (event.key === "Escape") {
      if ((state.record ?? state.layer) !== null && !typing) {
        state.select(null);
      } else if (state.query !== "" || state.which !== "all") {
        event.preventDefault();
        state.filter("", "all");
      } else {
        state.select(null);
      }
    }
  });
}

/** The theme: the system's, or one that was chosen here and is remembered where the browser allows it. */
function connectTheme(state) {
  const button = byId("theme");
  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    button.textContent = "Theme: " + theme;
    button.setAttribute("aria-label", "Theme: " + theme + (theme === "auto" ? ", as the system has it" : ""));
    state.recolour();
  };
  let stored = null;
  try {
    stored = localStorage.getItem(THEME_KEY);
  } catch {
    // A browser may keep nothing for files.
  }
  show(THEMES.includes(stored) ? stored : "auto");
  button.addEventListener("click", () => {
    const theme = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length];
    show(theme);
    try {
      localStorage.setItem(THEME_KEY, theme);
    } catch {
      // It counts until the page is closed.
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => state.recolour());
}

function start() {
  const cache = new Cache(JSON.parse(byId("data").textContent));
  const state = new State(cache);
  showHeader(cache);
  connectTheme(state);
  connectSearch(state);
  connectKeys(state);
  const graph = new Graph(byId("graph"), state);
  const treemap = new Treemap(byId("treemap"), state);
  const timeline = new Timeline(byId("timeline"), state);
  new Table(byId("table"), state);
  new Detail(byId("detail"), state);
  showNotes(cache);
  byId("zoom-in").addEventListener("click", () => graph.zoom(ZOOM_STEP));
  byId("zoom-out").addEventListener("click", () => graph.zoom(1 / ZOOM_STEP));
  byId("zoom-fit").addEventListener("click", () => graph.fit());
  byId("zoom-selected").addEventListener("click", () => graph.approach());
  state.addEventListener("selection", () => (byId("zoom-selected").disabled = state.record === null));
  byId("skip").addEventListener("click", () => document.querySelector(".grid").focus());
  state.readFragment();
  addEventListener("hashchange", () => state.readFragment());
  // Paper is white, whatever the theme is.
  const print = (printed) => {
    document.documentElement.classList.toggle("printed", printed);
    state.recolour();
    [graph, treemap, timeline].forEach((drawing) => drawing.drawNow());
  };
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  document.documentElement.dataset.ready = "";
}

start();
