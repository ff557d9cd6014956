/* Where the bytes are. Every blob is drawn once: its area is its size, and all areas together are the cache. */

/** A tile: what only one result has, or a layer that several or none have. */
class Tile {
  constructor(kind, bytes, subject) {
    this.kind = kind;
    this.bytes = bytes;
    /** A Result for "own", else a Layer. */
    this.subject = subject;
    this.x = 0;
    this.y = 0;
    this.width = 0;
    this.height = 0;
  }

  get selected() {
    return this.subject instanceof Result ? this.subject.record : this.subject;
  }
}

class Treemap extends Drawing {
  constructor(holder, state) {
    super(holder, state, "Bytes by result. Arrow keys go from tile to tile, the largest first.");
    const { results, layers } = state.cache;
    const own = results.filter((result) => result.ownBytes > 0).map((result) => new Tile("own", result.ownBytes, result));
    const shared = layers.filter((layer) => layer.users > 1 && layer.size > 0);
    const unused = layers.filter((layer) => layer.users === 0 && layer.size > 0);
    this.groups = [
      own,
      shared.map((layer) => new Tile("shared", layer.size, layer)),
      unused.map((layer) => new Tile("unused", layer.size, layer)),
    ].filter((tiles) => tiles.length > 0);
    for (const tiles of this.groups) {
      tiles.sort((a, b) => b.bytes - a.bytes);
    }
    this.tiles = this.groups.flat();
    this.tileOf = new Map();
    for (const tile of this.tiles) {
      if (!this.tileOf.has(tile.selected)) {
        this.tileOf.set(tile.selected, tile);
      }
    }
    const times = results.map((result) => result.created).filter((created) => created !== null).sort((a, b) => a - b);
    /** From 0 for the oldest to 1 for the newest, by rank. */
    this.freshness = new Map(times.map((created, rank) => [created, (rank + 1) / times.length]));
  }

  /** Tiles of a group stand together; within it they are as square as can be (Bruls, Huizing, van Wijk). */
  arrange() {
    const total = this.tiles.reduce((sum, tile) => sum + tile.bytes, 0);
    let left = 0;
    for (const tiles of this.groups) {
      const bytes = tiles.reduce((sum, tile) => sum + tile.bytes, 0);
      const width = (this.width * bytes) / total;
      squarify(tiles, bytes, { x: left, y: 0, width, height: this.height });
      left += width;
    }
  }

  hit(x, y) {
    return this.tiles.find((t) => x >= t.x && x < t.x + t.width && y >= t.y && y < t.y + t.height) ?? null;
  }

  selects(tile) {
    return tile.selected;
  }

  describe(tile) {
    if (tile.kind === "own") {
      const { record, bytes } = tile.subject;
      return record.label + " · " + size(tile.bytes)
        + (bytes > tile.bytes ? " of its own, " + size(bytes) + " with shared layers" : "");
    }
    const layer = tile.subject;
    return "layer " + shortDigest(layer.digest) + " · " + size(tile.bytes) + " · "
      + (layer.users === 0 ? "no result has it" : counted(layer.users, "result"));
  }

  step(key) {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[key];
    if (key === "Home" || key === "End") {
      return this.tiles.at(key === "Home" ? 0 : -1)?.selected ?? null;
    }
    if (by === undefined) {
      return undefined;
    }
    const at = this.tiles.indexOf(this.tileOf.get(this.state.record ?? this.state.layer));
    return this.tiles[at < 0 ? 0 : at + by]?.selected ?? null;
  }

  paint(context) {
    for (const tile of this.tiles) {
      this.paintTile(context, tile);
    }
  }

  paintTile(context, tile) {
    const { colours, state } = this;
    const { x, y, width, height, kind, subject } = tile;
    const gap = width > 4 && height > 4 ? 1 : 0;
    const matches = kind === "own"
      ? state.matching[subject.record.index] === 1
      : !state.isFiltered || subject.results.some((result) => state.matching[result.record.index] === 1);
    context.globalAlpha = matches ? 1 : 0.2;
    context.fillStyle = kind === "own" ? colours.result : colours[kind];
    context.fillRect(x, y, width - gap, height - gap);
    if (kind === "own") {
      context.globalAlpha *= 0.75 * (this.freshness.get(subject.created) ?? 0);
      context.fillStyle = colours["result-strong"];
      context.fillRect(x, y, width - gap, height - gap);
      context.globalAlpha = matches ? 1 : 0.2;
    } else if (width > 12 && height > 12) {
      this.hatch(context, tile);
    }
    if (width > 46 && height > 18) {
      const label = kind === "own" ? subject.record.label : shortDigest(subject.digest);
      context.fillStyle = colours.text;
      context.textAlign = "left";
      context.textBaseline = "top";
      context.font = "12px " + FONT;
      context.fillText(fitted(context, label, width - 12), x + 5, y + 5);
      if (height > 34) {
        context.font = "11px " + FONT;
        context.fillText(fitted(context, size(tile.bytes), width - 12), x + 5, y + 20);
      }
    }
    context.globalAlpha = 1;
  }

  hatch(context, { x, y, width, height }) {
    context.save();
    context.beginPath();
    context.rect(x, y, width - 1, height - 1);
    context.clip();
    context.beginPath();
    for (let at = -height; at < width; at += 7) {
      context.moveTo(x + at, y + height);
      context.lineTo(x + at + height, y);
    }
    context.strokeStyle = this.colours["shared-line"];
    context.lineWidth = 1;
    context.stroke();
    context.restore();
  }

  paintSelection(context) {
    const { record, layer } = this.state;
    const marked = new Set([record, layer, ...(record?.results ?? []).flatMap((result) => result.layers)]);
    context.lineWidth = 2.5;
    context.strokeStyle = this.colours.selected;
    for (const tile of this.tiles) {
      if (marked.has(tile.selected)) {
        this.frame(context, tile);
      }
    }
    if (this.pointed !== null && !marked.has(this.pointed.selected)) {
      context.lineWidth = 1.5;
      context.strokeStyle = this.colours.text;
      this.frame(context, this.pointed);
    }
  }

  frame(context, { x, y, width, height }) {
    const across = Math.max(4, width - 3);
    const down = Math.max(4, height - 3);
    context.strokeRect(Math.min(x + 1, this.width - across - 1), Math.min(y + 1, this.height - down - 1), across, down);
  }
}

/** Fills the area with the tiles, which are sorted, the largest first. */
function squarify(tiles, bytes, area) {
  let { x, y, width, height } = area;
  const perByte = (width * height) / bytes;
  let at = 0;
  while (at < tiles.length) {
    const side = Math.max(1e-9, Math.min(width, height));
    let end = at;
    let sum = 0;
    let worst = Infinity;
    while (end < tiles.length) {
      const more = sum + tiles[end].bytes * perByte;
      const thick = more / side;
      const ratio = Math.max(
        thick / ((tiles[end].bytes * perByte) / thick), (tiles[at].bytes * perByte) / thick / thick);
      if (ratio > worst) {
        break;
      }
      worst = ratio;
      sum = more;
      end++;
    }
    const thick = sum / side;
    let along = 0;
    for (; at < end; at++) {
      const long = (tiles[at].bytes * perByte) / thick;
      Object.assign(tiles[at], width <= height
        ? { x: x + along, y, width: long, height: thick }
        : { x, y: y + along, width: thick, height: long });
      along += long;
    }
    if (width <= height) {
      y += thick;
      height -= thick;
    } else {
      x += thick;
      width -= thick;
    }
  }
}
