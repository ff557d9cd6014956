/* What is selected and what is looked for: the one thing that all views share. */

/**
 * The state of the page. It tells "selection" when another record or layer is selected, "filter" when other records match,
 * and "colours" when these change. The address's fragment says the same, so that a link leads back to it.
 */
class State extends EventTarget {
  constructor(cache) {
    super();
    this.cache = cache;
    /** The record that is selected, or null. */
    this.record = null;
    /** The layer that is selected, or null; never together with a record. */
    this.layer = null;
    /** What the selected record stands on, down to the roots. */
    this.chain = new Set();
    this.query = "";
    this.which = "all";
    /** By index of the record, whether it matches. */
    this.matching = new Uint8Array(cache.records.length).fill(1);
    this.matches = cache.records.length;
    this.colours = readColours();
  }

  /** Takes over the colours of the theme, which has changed. */
  recolour() {
    this.colours = readColours();
    this.dispatchEvent(new Event("colours"));
  }

  get isFiltered() {
    return this.matches < this.cache.records.length;
  }

  /**
   * Selects a record, a layer, or nothing.
   *
   * @param selected a CacheRecord, a Layer or null
   * @param follow whether this is a step that the browser's back button undoes
   */
  select(selected, follow = false) {
    if (selected === (this.record ?? this.layer)) {
      return;
    }
    this.record = selected instanceof CacheRecord ? selected : null;
    this.layer = selected instanceof Layer ? selected : null;
    this.chain = this.record === null ? new Set() : reached(this.record, (record) => record.sources);
    this.writeFragment(follow);
    this.dispatchEvent(new Event("selection"));
  }

  /** Looks for records by words and by kind. */
  filter(query, which) {
    this.query = query;
    this.which = which;
    const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const kind = State.KINDS[which];
    this.matches = 0;
    for (const record of this.cache.records) {
      const matches = kind(record) && record.matches(words);
      this.matching[record.index] = matches ? 1 : 0;
      this.matches += matches ? 1 : 0;
    }
    this.writeFragment(false);
    this.dispatchEvent(new Event("filter"));
  }

  /** Takes over what the address says. */
  readFragment() {
    const fragment = new URLSearchParams(location.hash.slice(1));
    const which = fragment.get("which") ?? "all";
    this.filter(fragment.get("find") ?? "", Object.hasOwn(State.KINDS, which) ? which : "all");
    this.select(
      this.cache.byIdentity.get(fragment.get("record")) ?? this.cache.byLayer.get(fragment.get("layer")) ?? null);
  }

  writeFragment(follow) {
    const fragment = new URLSearchParams();
    if (this.query !== "") {
      fragment.set("find", this.query);
    }
    if (this.which !== "all") {
      fragment.set("which", this.which);
    }
    if (this.record !== null) {
      fragment.set("record", this.record.identity);
    } else if (this.layer !== null) {
      fragment.set("layer", this.layer.digest);
    }
    // A digest reads better with its colon, which a fragment may hold.
    const text = "#" + fragment.toString().replaceAll("%3A", ":");
    if (text !== (location.hash || "#")) {
      history[follow ? "pushState" : "replaceState"](null, "", text);
    }
  }
}

/** Kinds of records that can be asked for. */
State.KINDS = {
  all: () => true,
  result: (record) => record.results.length > 0,
  none: (record) => record.results.length === 0,
  roots: (record) => record.isRoot,
  leaves: (record) => record.isLeaf,
};
