/* The graph of records. */

const LEAST_SCALE_OF_TEXT = 0.42;
/** Far away, more links than this are drawn the fainter, the more there are; beyond the most, only those of the selection. */
const MANY_FAR_LINKS = 2000;
const MOST_FAR_LINKS = 60000;
/** How many links go into one path: long paths are slow to draw, and so are many. */
const LINKS_PER_PATH = 20;
const ZOOM_STEP = 1.3;
const MARGIN = 16;

class Graph extends Drawing {
  constructor(holder, state) {
    super(
      holder,
      state,
      "Graph of records. Left: what the selected record stands on. Right: what stands on it. Up and down: its neighbours."
        + " Plus, minus, 0, Enter: zoom. Shift with arrows: move.");
    this.layout = layOut(state.cache.records);
    this.scale = 1;
    this.left = 0;
    this.upper = 0;
    this.dragged = false;
    this.top.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.top.addEventListener("pointerdown", (event) => this.grab(event));
    this.top.addEventListener("dblclick", (event) => this.zoom(ZOOM_STEP * ZOOM_STEP, event.offsetX, event.offsetY));
    state.addEventListener("selection", () => this.reveal());
  }

  arrange() {
    this.fit();
  }

  /** As high as the graph when all of its width is seen, within what the window leaves. */
  heightFor(width) {
    const { layout } = this;
    const fitting = layout.height * Math.min(1, (width - 2 * MARGIN) / layout.width) + 2 * MARGIN;
    return Math.round(Math.min(Math.max(fitting, 150), Math.max(300, innerHeight * 0.5)));
  }

  get leastScale() {
    const { width, height } = this.layout;
    return Math.min(1, (this.width - 2 * MARGIN) / width, (this.height - 2 * MARGIN) / height);
  }

  /** Shows the whole graph. */
  fit() {
    const { width, height } = this.layout;
    this.scale = this.leastScale;
    this.left = (this.width - width * this.scale) / 2;
    this.upper = (this.height - height * this.scale) / 2;
    this.draw();
  }

  /** Zooms by a factor around a point, which is the middle where none is given. */
  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const scale = Math.min(2.5, Math.max(this.leastScale / 1.5, this.scale * factor));
    this.left = x - ((x - this.left) * scale) / this.scale;
    this.upper = y - ((y - this.upper) * scale) / this.scale;
    this.scale = scale;
    this.draw();
  }

  move(x, y) {
    this.left += x;
    this.upper += y;
    this.draw();
  }

  /** Moves the selected record into sight. */
  reveal() {
    const { record } = this.state;
    if (record !== null && this.width > 0 && !this.sees(record)) {
      this.center(record);
    }
  }

  /** Shows the selected record so that names around it can be read. */
  approach() {
    if (this.state.record !== null) {
      this.zoom(Math.max(1, 1 / this.scale));
      this.center(this.state.record);
    }
  }

  center({ index }) {
    this.left = this.width / 2 - (this.layout.x[index] + NODE_WIDTH / 2) * this.scale;
    this.upper = this.height / 2 - (this.layout.y[index] + NODE_HEIGHT / 2) * this.scale;
    this.draw();
  }

  sees(record) {
    const x = this.left + this.layout.x[record.index] * this.scale;
    const y = this.upper + this.layout.y[record.index] * this.scale;
    return x >= 0 && y >= 0 && x + NODE_WIDTH * this.scale <= this.width && y + NODE_HEIGHT * this.scale <= this.height;
  }

  wheel(event) {
    if (event.ctrlKey || event.metaKey || document.activeElement === this.top) {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016)), event.offsetX, event.offsetY);
    }
  }

  grab(event) {
    if (event.button !== 0) {
      return;
    }
    let { clientX, clientY } = event;
    this.dragged = false;
    const drag = (moved) => {
      if (!this.dragged && Math.hypot(moved.clientX - clientX, moved.clientY - clientY) < 4) {
        return;
      }
      this.dragged = true;
      this.move(moved.clientX - clientX, moved.clientY - clientY);
      ({ clientX, clientY } = moved);
    };
    const drop = () => {
      this.top.removeEventListener("pointermove", drag);
      this.top.removeEventListener("pointercancel", drop);
      this.top.removeEventListener("pointerup", drop);
    };
    this.top.setPointerCapture(event.pointerId);
    this.top.addEventListener("pointermove", drag);
    this.top.addEventListener("pointercancel", drop);
    this.top.addEventListener("pointerup", drop);
  }

  click(event) {
    if (!this.dragged) {
      super.click(event);
    }
  }

  press(event) {
    const zoom = { "+": ZOOM_STEP, "=": ZOOM_STEP, "-": 1 / ZOOM_STEP }[event.key];
    const move = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] }[event.key];
    if (zoom !== undefined && !event.ctrlKey && !event.metaKey) {
      this.zoom(zoom);
    } else if (event.key === "0" && !event.ctrlKey && !event.metaKey) {
      this.fit();
    } else if (event.key === "Enter") {
      this.approach();
    } else if (event.shiftKey && move !== undefined) {
      this.move(...move);
    } else {
      super.press(event);
      return;
    }
    event.preventDefault();
  }

  step(key) {
    const { record, cache } = this.state;
    const start = record ?? this.layout.columns[0]?.[0] ?? null;
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(key)) {
      return undefined;
    }
    if (record === null) {
      return start;
    }
    if (key === "ArrowLeft") {
      return this.nearest(record, record.sources);
    }
    if (key === "ArrowRight") {
      return this.nearest(record, record.users);
    }
    const column = this.layout.columns[this.layout.column[record.index]];
    return column[column.indexOf(record) + (key === "ArrowUp" ? -1 : 1)] ?? null;
  }

  nearest(record, others) {
    const { y } = this.layout;
    const distance = (other) => Math.abs(y[other.index] - y[record.index]);
    return others.reduce((best, other) => (best === null || distance(other) < distance(best) ? other : best), null);
  }

  hit(x, y) {
    const atX = (x - this.left) / this.scale;
    const atY = (y - this.upper) / this.scale;
    // Far away, where boxes are a pixel or two, near is good enough.
    const slack = Math.max(0, 4 / this.scale - NODE_HEIGHT / 2);
    for (const { index } of this.state.cache.records) {
      const left = this.layout.x[index];
      const upper = this.layout.y[index];
      if (atX >= left - slack && atX <= left + NODE_WIDTH + slack && atY >= upper - slack
        && atY <= upper + NODE_HEIGHT + slack) {
        return this.state.cache.records[index];
      }
    }
    return null;
  }

  selects(record) {
    return record;
  }

  describe(record) {
    return record.label + " · " + (record.result === null ? "no result" : size(record.bytes))
      + (record.isRoot ? " · root" : "") + (record.isLeaf ? " · leaf" : "");
  }

  paint(context) {
    const { cache, matching, isFiltered } = this.state;
    const near = this.scale >= LEAST_SCALE_OF_TEXT;
    context.lineWidth = near ? 1.2 : 0.7;
    context.strokeStyle = this.colours.edge;
    if (near || cache.links <= MOST_FAR_LINKS) {
      const faint = near ? 1 : Math.min(0.7, Math.max(0.2, MANY_FAR_LINKS / cache.links));
      context.globalAlpha = isFiltered ? faint / 3 : faint;
      this.paintLinks(context, function* () {
        for (const record of cache.records) {
          for (const source of record.sources) {
            yield [source, record];
          }
        }
      });
    }
    for (const record of cache.records) {
      context.globalAlpha = matching[record.index] === 1 ? 1 : 0.22;
      this.paintRecord(context, record, near);
    }
    context.globalAlpha = 1;
  }

  /** Draws those links of which something can be seen. */
  paintLinks(context, links) {
    const { x, y } = this.layout;
    const near = this.scale >= LEAST_SCALE_OF_TEXT;
    let inPath = 0;
    context.beginPath();
    for (const [source, user] of links()) {
      const fromX = this.left + (x[source.index] + NODE_WIDTH) * this.scale;
      const fromY = this.upper + (y[source.index] + NODE_HEIGHT / 2) * this.scale;
      const toX = this.left + x[user.index] * this.scale;
      const toY = this.upper + (y[user.index] + NODE_HEIGHT / 2) * this.scale;
      if (Math.max(fromX, toX) < -40 || Math.min(fromX, toX) > this.width + 40
        || Math.max(fromY, toY) < -40 || Math.min(fromY, toY) > this.height + 40) {
        continue;
      }
      context.moveTo(fromX, fromY);
      if (near) {
        const bend = Math.max(COLUMN_GAP * this.scale * 0.6, Math.min(120, Math.abs(toX - fromX) * 0.4));
        context.bezierCurveTo(fromX + bend, fromY, toX - bend, toY, toX, toY);
      } else {
        context.lineTo(toX, toY);
      }
      if (++inPath === LINKS_PER_PATH) {
        context.stroke();
        context.beginPath();
        inPath = 0;
      }
    }
    context.stroke();
  }

  /** Draws a record where it can be seen; a frame's colour says that it is special. */
  paintRecord(context, record, near, frame = null) {
    const x = this.left + this.layout.x[record.index] * this.scale;
    const y = this.upper + this.layout.y[record.index] * this.scale;
    const width = Math.max(1.5, NODE_WIDTH * this.scale);
    const height = Math.max(1.5, NODE_HEIGHT * this.scale);
    if (x + width < 0 || y + height < 0 || x > this.width || y > this.height) {
      return;
    }
    const { colours } = this;
    const filled = record.result !== null;
    if (!near) {
      context.fillStyle = frame ?? (filled ? colours["result-line"] : record.isRoot ? colours.root : colours.none);
      const grow = frame === null ? 0 : Math.max(0, 3 - height);
      context.fillRect(x - grow / 2, y - grow / 2, width + grow, height + grow);
      return;
    }
    context.beginPath();
    context.roundRect(x, y, width, height, 5 * this.scale);
    context.fillStyle = filled ? colours.result : colours.panel;
    context.fill();
    context.lineWidth = frame === null ? 1 : 2;
    context.strokeStyle = frame ?? (filled ? colours["result-line"] : colours.none);
    context.setLineDash(filled || frame !== null ? [] : [4 * this.scale, 3 * this.scale]);
    context.stroke();
    context.setLineDash([]);
    if (record.isRoot) {
      context.fillStyle = colours.root;
      context.fillRect(x, y + 5 * this.scale, 3 * this.scale, height - 10 * this.scale);
    }
    const pad = 9 * this.scale;
    context.textBaseline = "middle";
    context.font = 11 * this.scale + "px " + FONT;
    let room = width - 2 * pad;
    if (filled) {
      const bytes = size(record.bytes);
      context.fillStyle = colours.muted;
      context.textAlign = "right";
      context.fillText(bytes, x + width - pad, y + height / 2 + 0.5);
      room -= context.measureText(bytes).width + pad;
    }
    context.textAlign = "left";
    context.fillStyle = record.names.length > 0 || filled ? colours.text : colours.muted;
    context.font = 12.5 * this.scale + "px " + (record.names.length > 0 ? FONT : MONO);
    context.fillText(fitted(context, record.label, room), x + pad, y + height / 2 + 0.5);
  }

  paintSelection(context) {
    const { record, chain, layer } = this.state;
    const near = this.scale >= LEAST_SCALE_OF_TEXT;
    const { colours } = this;
    if (record !== null) {
      context.lineWidth = near ? 2 : 1;
      context.strokeStyle = colours.chain;
      context.globalAlpha = near ? 1 : Math.min(1, Math.max(0.25, MANY_FAR_LINKS / 2 / chain.size));
      this.paintLinks(context, function* () {
        for (const each of [record, ...chain]) {
          for (const source of each.sources) {
            yield [source, each];
          }
        }
      });
      context.globalAlpha = 1;
      context.strokeStyle = colours.user;
      this.paintLinks(context, () => record.users.map((user) => [record, user]));
      for (const each of chain) {
        this.paintRecord(context, each, near, colours.chain);
      }
      for (const each of record.users) {
        this.paintRecord(context, each, near, colours.user);
      }
      this.paintRecord(context, record, near, colours.selected);
      this.ring(context, record, colours.selected);
    }
    for (const result of layer === null ? [] : layer.results) {
      this.paintRecord(context, result.record, near, colours.selected);
    }
    if (this.pointed !== null && this.pointed !== record) {
      this.ring(context, this.pointed, colours.muted);
    }
  }

  ring(context, record, colour) {
    const x = this.left + this.layout.x[record.index] * this.scale;
    const y = this.upper + this.layout.y[record.index] * this.scale;
    context.lineWidth = 2;
    context.strokeStyle = colour;
    context.beginPath();
    context.roundRect(x - 3, y - 3, NODE_WIDTH * this.scale + 6, NODE_HEIGHT * this.scale + 6, 6 * this.scale + 2);
    context.stroke();
  }
}
