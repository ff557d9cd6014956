/* What is known of one record or layer. */

/** So many rows of a list are shown at first, and so many more each time they are asked for. */
const LISTED = 60;
const MORE_LISTED = 500;

class Detail {
  constructor(holder, state) {
    this.holder = holder;
    this.state = state;
    state.addEventListener("selection", () => this.show());
    this.show();
  }

  show() {
    const { record, layer } = this.state;
    this.holder.classList.toggle("open", record !== null || layer !== null);
    this.holder.scrollTop = 0;
    const focused = this.holder.contains(document.activeElement);
    if (record !== null) {
      this.holder.replaceChildren(...this.record(record));
      say("Selected " + record.label);
    } else if (layer !== null) {
      this.holder.replaceChildren(...this.layer(layer));
      say("Selected layer " + shortDigest(layer.digest));
    } else {
      this.holder.replaceChildren(...this.nothing());
    }
    if (focused) {
      // What had the focus is gone.
      this.holder.focus();
    }
  }

  nothing() {
    return [
      element("h2", {}, "Nothing selected"),
      element("p", { class: "note" },
        "Choose a record in the graph or the table, or bytes in the treemap: its digests, layers and selectors stand here then, and the chain down to the roots."),
      element("dl", { class: "keys" },
        ...[["/", "search"], ["↑ ↓", "next record, in the table and the graph"], ["← →", "down and up the chain, in the graph"],
          ["+ − 0", "zoom, in the graph"], ["Enter", "from the table to here; in the graph, near to what is selected"], ["Esc", "select nothing, search nothing"]]
          .flatMap(([key, does]) => [element("dt", {}, element("kbd", {}, key)), element("dd", {}, does)])),
    ];
  }

  heading(kind, name, badges) {
    return element("header", {},
      element("p", { class: "kind" }, kind, ...badges.map((badge) => element("span", { class: "badge" }, badge))),
      element("h2", {}, name),
      element("button", { type: "button", class: "quiet close", "aria-label": "Select nothing", title: "Select nothing (Esc)",
        click: () => this.state.select(null, true) }, "×"));
  }

  record(record) {
    const badges = [record.isRoot ? "root" : null, record.isLeaf ? "leaf" : null,
      record.result === null ? "no result" : null].filter((badge) => badge !== null);
    const chain = [...this.state.chain].sort((a, b) => b.depth - a.depth || a.index - b.index);
    return [
      this.heading("Record", record.names.length > 0 ? foreign(record.names.join(", ")) : record.short, badges),
      facts([
        ["digest", copyable(record.digest, "the digest")],
        ["identity", copyable(record.identity, "the identity")],
        ["depth", count(record.depth)],
      ]),
      ...record.results.flatMap((result, i) => this.result(result, i, record.results.length)),
      ...record.inputs.map((links, i) => this.input(links, i, record.inputs.length)),
      ...this.list("Stands on it", record.users, (user) => this.link(user)),
      ...this.list("Chain to the roots", chain, (each) => this.link(each, "depth " + count(each.depth))),
      ...this.parts(record.parts),
    ];
  }

  result(result, place, of) {
    const layers = [...result.layers].reverse();
    return [
      element("h3", {}, of === 1 ? "Result" : "Result " + (place + 1) + " of " + of),
      facts([
        ["size", size(result.bytes)],
        ["its own", size(result.ownBytes) + (result.ownBytes < result.bytes
          ? ", " + size(result.bytes - result.ownBytes) + " shared with other results" : "")],
        ["made", result.created === null ? "unknown" : moment(result.created) + ", " + age(result.created, now())],
        ["took", result.took === null ? null : duration(result.took)],
      ]),
      ...this.list(layers.length === 1 ? "Layer" : "Layers, the uppermost first", layers, (layer) => this.layerLine(layer)),
    ];
  }

  layerLine(layer) {
    return [
      element("div", { class: "line" },
        element("button", { type: "button", class: "link", click: () => this.state.select(layer, true) },
          element("code", {}, shortDigest(layer.digest))),
        element("span", {}, size(layer.size)),
        element("span", { class: "aside" }, layer.users > 1 ? counted(layer.users, "result") : "")),
    ];
  }

  input(links, place, of) {
    const section = element("div", {});
    section.append(...this.list(of === 1 ? "Input" : "Input " + (place + 1) + " of " + of, links, ({ record, selector }) => [
      ...this.link(record, record.isRoot ? "root" : "depth " + count(record.depth)),
      selector === "" ? "" : element("div", { class: "selector" }, "selector ", copyable(selector, "the selector")),
    ]));
    return section;
  }

  /** A line that leads to a record. */
  link(record, aside = record.result === null ? "" : size(record.bytes)) {
    return [element("div", { class: "line" },
      element("button", { type: "button", class: "link", click: () => this.state.select(record, true) },
        element("bdi", {}, record.label)),
      element("span", { class: "aside" }, aside))];
  }

  layer(layer) {
    return [
      this.heading("Layer", element("code", {}, shortDigest(layer.digest)), []),
      facts([
        ["digest", copyable(layer.digest, "the digest")],
        ["diffID", layer.diffId === null ? "unknown" : copyable(layer.diffId, "the diffID")],
        ["size", size(layer.size) + " (" + counted(layer.size, "byte") + ")"],
        ["type", foreign(layer.mediaType === "" ? "unknown" : layer.mediaType)],
      ]),
      layer.users === 0 ? element("p", { class: "note" }, "The manifest lists it, and no result leads to it.") : "",
      ...this.list("Results that have it", layer.results, (result) => this.link(result.record)),
    ];
  }

  parts(parts) {
    if (parts.length === 0) {
      return [];
    }
    const rows = [];
    for (let i = 0; i < parts.length; i += 2) {
      rows.push([foreign(parts[i]), element("code", {}, foreign(parts[i + 1]))]);
    }
    return this.list("Parts of its key", rows, ([name, value]) => [
      element("div", { class: "part" }, element("span", { class: "aside" }, name), value)]);
  }

  /** A list under a heading that counts it; a long one shows its beginning, and a button for more. */
  list(title, items, show) {
    if (items.length === 0) {
      return [];
    }
    const list = element("ul", {});
    let shown = 0;
    const grow = (by) => {
      list.append(...items.slice(shown, shown + by).map((item) => element("li", {}, ...show(item))));
      shown = Math.min(items.length, shown + by);
    };
    grow(LISTED);
    const parts = [element("h3", {}, title, items.length > 1 ? element("span", { class: "count" }, count(items.length)) : ""), list];
    if (shown < items.length) {
      const left = () => "Show " + count(Math.min(MORE_LISTED, items.length - shown)) + " more of " + count(items.length);
      const more = element("button", { type: "button", class: "quiet more" }, left());
      more.addEventListener("click", () => {
        grow(MORE_LISTED);
        more.hidden = shown === items.length;
        more.textContent = left();
      });
      parts.push(more);
    }
    return parts;
  }
}

/** Names and what stands for them; those without are left out. */
function facts(rows) {
  return element("dl", { class: "facts" }, ...rows.filter(([, value]) => value !== null)
    .flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}
