/* The records as a table. Only the rows that can be seen are in the document. */

const ROW_HEIGHT = 30;
/** Rows above and below those that can be seen. */
const SPARE_ROWS = 6;
/** The most rows that are printed. */
const MOST_PRINTED = 2000;

/** Columns: their title, what a row has there, what they are sorted by, and whether the largest comes first. */
const COLUMNS = [
  { key: "name", title: "Name", cell: (record) => record.label, by: (record) => record.label, down: false },
  { key: "digest", title: "Digest", cell: (record) => record.short, by: (record) => record.short, down: false },
  { key: "size", title: "Size", cell: ({ bytes }) => (bytes < 0 ? "" : size(bytes)), by: (record) => record.bytes, down: true },
  { key: "own", title: "Own", hint: "Bytes that no other result has",
    cell: ({ ownBytes }) => (ownBytes < 0 ? "" : size(ownBytes)), by: (record) => record.ownBytes, down: true },
  { key: "age", title: "Age", cell: (record) => (record.result === null ? "" : age(record.created, now())),
    by: (record) => record.created ?? -1, down: true },
  { key: "layers", title: "Layers", cell: ({ layerCount }) => (layerCount < 0 ? "" : count(layerCount)),
    by: (record) => record.layerCount, down: true },
  { key: "depth", title: "Depth", cell: (record) => count(record.depth), by: (record) => record.depth, down: true },
  { key: "sources", title: "Stands on", cell: (record) => count(record.sources.length),
    by: (record) => record.sources.length, down: true },
  { key: "users", title: "Stood on by", cell: (record) => count(record.users.length), by: (record) => record.users.length,
    down: true },
];

class Table {
  constructor(holder, state) {
    this.state = state;
    this.column = COLUMNS[2];
    this.descending = true;
    this.rows = [];
    this.place = new Map();
    this.space = element("div", { class: "space", role: "rowgroup" });
    this.body = element("div", { class: "body", role: "presentation" }, this.space);
    this.columns = COLUMNS.filter((column) => column.key !== "name" || state.cache.noted);
    this.heads = new Map(this.columns.map((column) => [column, this.head(column)]));
    this.grid = element("div", {
      class: state.cache.noted ? "grid" : "grid nameless",
      role: "grid",
      tabindex: "0",
      "aria-labelledby": "table-title",
      "aria-colcount": this.columns.length,
      keydown: (event) => this.press(event),
    }, element("div", { role: "rowgroup" }, element("div", { class: "row head", role: "row", "aria-rowindex": "1" },
      ...this.heads.values())), this.body);
    holder.append(this.grid);
    this.body.addEventListener("scroll", () => requestAnimationFrame(() => this.show()), { passive: true });
    this.space.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => requestAnimationFrame(() => this.show())).observe(this.body);
    state.addEventListener("filter", () => this.refresh());
    state.addEventListener("selection", () => {
      this.reveal();
      this.show();
    });
    addEventListener("beforeprint", () => this.show(MOST_PRINTED));
    addEventListener("afterprint", () => this.show());
    this.refresh();
  }

  head(column) {
    const button = element("button", { type: "button", title: column.hint ?? null, click: () => this.sort(column) },
      column.title);
    return element("div", { class: column.key, role: "columnheader" }, button);
  }

  sort(column) {
    this.descending = column === this.column ? !this.descending : column.down;
    this.column = column;
    this.refresh();
    this.body.scrollTop = 0;
  }

  /** Takes those records that match, sorts them, and shows them. */
  refresh() {
    const { cache, matching } = this.state;
    const sign = this.descending ? -1 : 1;
    const key = cache.records.map(this.column.by);
    const compare = typeof key[0] === "string" ? (a, b) => (a < b ? -1 : a > b ? 1 : 0) : (a, b) => a - b;
    this.rows = cache.records.filter((record) => matching[record.index] === 1);
    this.rows.sort((a, b) => sign * compare(key[a.index], key[b.index]) || a.index - b.index);
    this.place = new Map(this.rows.map((record, place) => [record, place]));
    for (const [column, head] of this.heads) {
      head.setAttribute("aria-sort", column !== this.column ? "none" : this.descending ? "descending" : "ascending");
    }
    this.grid.setAttribute("aria-rowcount", this.rows.length + 1);
    this.space.style.height = this.rows.length * ROW_HEIGHT + "px";
    this.reveal();
    this.show();
  }

  /** Shows the rows that can be seen; so many from the first on where a number is given. */
  show(printed = 0) {
    const first = printed > 0 ? 0 : Math.max(0, Math.floor(this.body.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
    const many = printed > 0 ? printed : Math.ceil(this.body.clientHeight / ROW_HEIGHT) + 2 * SPARE_ROWS;
    const shown = this.rows.slice(first, first + many).map((record, i) => this.row(record, first + i));
    if (shown.length === 0) {
      shown.push(element("p", { class: "note nothing" }, "No record matches."));
    }
    this.space.replaceChildren(...shown);
    const active = this.place.has(this.state.record) ? "row-" + this.state.record.index : "";
    if (active !== "" && byId(active) !== null) {
      this.grid.setAttribute("aria-activedescendant", active);
    } else {
      this.grid.removeAttribute("aria-activedescendant");
    }
  }

  row(record, place) {
    const selected = record === this.state.record;
    const row = element("div", {
      class: "row" + (selected ? " selected" : this.state.chain.has(record) ? " chain" : ""),
      role: "row",
      id: "row-" + record.index,
      "aria-rowindex": place + 2,
      "aria-selected": String(selected),
    }, ...this.columns.map((column) => element("div", { class: column.key, role: "gridcell" }, column.cell(record))));
    if (this.state.cache.noted && record.names.length === 0) {
      row.firstChild.classList.add("unnamed");
    }
    row.style.top = place * ROW_HEIGHT + "px";
    return row;
  }

  /** Moves the selected record's row into sight. */
  reveal() {
    const place = this.place.get(this.state.record);
    if (place === undefined) {
      return;
    }
    const top = place * ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.body;
    if (top < scrollTop) {
      this.body.scrollTop = top;
    } else if (top + ROW_HEIGHT > scrollTop + clientHeight) {
      this.body.scrollTop = top + ROW_HEIGHT - clientHeight;
    }
  }

  click(event) {
    const row = event.target.closest(".row");
    if (row !== null) {
      this.state.select(this.state.cache.records[Number(row.id.slice("row-".length))], true);
    }
  }

  press(event) {
    if (event.target !== this.grid || event.ctrlKey || event.metaKey || event.altKey || this.rows.length === 0) {
      return;
    }
    const place = this.place.get(this.state.record) ?? -1;
    const page = Math.max(1, Math.floor(this.body.clientHeight / ROW_HEIGHT) - 1);
    const next = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + page,
      PageUp: place - page,
      Home: 0,
      End: this.rows.length - 1,
    }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      this.state.select(this.rows[Math.min(Math.max(next, 0), this.rows.length - 1)]);
    } else if (event.key === "Enter" && place >= 0) {
      event.preventDefault();
      byId("detail").focus();
    }
  }
}
