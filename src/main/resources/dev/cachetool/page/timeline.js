/* When results were made, and how large they are. */

const AXIS = 26;
const SIDE = 22;
/** Where results stand whose age is not known. */
const UNKNOWN = 64;
/** Steps between marks on the axis, in milliseconds. */
const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE,
  10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY,
  30 * DAY, 90 * DAY, 365 * DAY].map((seconds) => 1000 * seconds);
/** The least room between marks, in pixels. */
const MARK_ROOM = 88;

class Timeline extends Drawing {
  constructor(holder, state) {
    super(holder, state, "Ages of results. Left and right go to the next older and newer result.");
    const known = state.cache.results.filter((result) => result.created !== null);
    known.sort((a, b) => a.created - b.created || b.bytes - a.bytes);
    this.unknown = state.cache.results.filter((result) => result.created === null);
    this.results = [...this.unknown, ...known];
    this.oldest = known.length > 0 ? known[0].created : 0;
    this.newest = known.length > 0 ? known.at(-1).created : 0;
    this.largest = this.results.reduce((most, result) => Math.max(most, result.bytes), 1);
    this.places = new Map();
  }

  /** To the right is newer, higher is larger, by the logarithm. */
  arrange() {
    const left = SIDE + (this.unknown.length > 0 ? UNKNOWN : 0);
    const across = this.width - left - SIDE;
    const span = Math.max(1, this.newest - this.oldest);
    const least = Math.log10(this.results.reduce((least, { bytes }) => Math.min(least, Math.max(1, bytes)), Infinity));
    const most = Math.max(least + 1e-9, Math.log10(this.largest));
    this.left = left;
    this.perMillisecond = across / span;
    for (const result of this.results) {
      const high = most - least < 1e-6 ? 0.5 : (Math.log10(Math.max(1, result.bytes)) - least) / (most - least);
      this.places.set(result, {
        x: result.created === null
          ? SIDE + UNKNOWN / 3
          : this.newest === this.oldest ? left + across / 2 : left + (result.created - this.oldest) * this.perMillisecond,
        y: this.height - AXIS - 12 - high * (this.height - AXIS - 28),
      });
    }
  }

  hit(x, y) {
    let best = null;
    let least = 12 * 12;
    for (const result of this.results) {
      const place = this.places.get(result);
      const distance = (place.x - x) ** 2 + (place.y - y) ** 2;
      if (distance < least) {
        least = distance;
        best = result;
      }
    }
    return best;
  }

  selects(result) {
    return result.record;
  }

  describe(result) {
    const when = result.created === null ? "of unknown age" : age(result.created, now()) + " · " + moment(result.created);
    return result.record.label + " · " + size(result.bytes) + " · " + when;
  }

  step(key) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (key === "Home" || key === "End") {
      return this.results.at(key === "Home" ? 0 : -1)?.record ?? null;
    }
    if (by === undefined) {
      return undefined;
    }
    const at = this.results.findIndex((result) => result.record === this.state.record);
    return (at < 0 ? this.results.at(-1) : this.results[at + by])?.record ?? null;
  }

  paint(context) {
    this.paintAxis(context);
    const { matching, cache } = this.state;
    const many = cache.results.length > 1000;
    for (const result of this.results) {
      const matches = matching[result.record.index] === 1;
      const { x, y } = this.places.get(result);
      context.globalAlpha = matches ? (many ? 0.5 : 0.85) : 0.12;
      context.fillStyle = this.colours["result-line"];
      if (many) {
        context.fillRect(x - 2, y - 2, 4, 4);
      } else {
        context.beginPath();
        context.arc(x, y, 4.5, 0, 7);
        context.fill();
      }
    }
    context.globalAlpha = 1;
  }

  paintAxis(context) {
    const { colours } = this;
    const base = this.height - AXIS;
    context.strokeStyle = colours.line;
    context.fillStyle = colours.muted;
    context.lineWidth = 1;
    context.font = "11px " + FONT;
    context.textBaseline = "top";
    context.beginPath();
    context.moveTo(SIDE / 2, base + 0.5);
    context.lineTo(this.width - SIDE / 2, base + 0.5);
    context.stroke();
    if (this.unknown.length > 0) {
      context.textAlign = "left";
      context.fillText("unknown", SIDE / 2, base + 7);
    }
    if (this.results.length === this.unknown.length) {
      return;
    }
    if (this.newest === this.oldest) {
      context.textAlign = "center";
      context.fillText(moment(this.newest), (this.left + this.width - SIDE) / 2, base + 7);
      return;
    }
    context.textAlign = "center";
    const year = STEPS.at(-1);
    const step = STEPS.find((each) => each * this.perMillisecond >= MARK_ROOM)
      ?? year * Math.ceil(MARK_ROOM / (year * this.perMillisecond));
    for (let time = Math.ceil(this.oldest / step) * step; time <= this.newest; time += step) {
      const x = Math.round(this.left + (time - this.oldest) * this.perMillisecond) + 0.5;
      context.globalAlpha = 0.6;
      context.beginPath();
      context.moveTo(x, 8);
      context.lineTo(x, base + 4);
      context.stroke();
      context.globalAlpha = 1;
      const text = tick(time, step);
      const half = context.measureText(text).width / 2;
      if (x - half > (this.unknown.length > 0 ? this.left - 16 : 0) && x + half < this.width) {
        context.fillText(text, x, base + 7);
      }
    }
  }

  paintSelection(context) {
    const { record, layer } = this.state;
    const marked = record !== null ? record.results : (layer?.results ?? []);
    for (const result of marked) {
      this.mark(context, result, this.colours.selected, record !== null);
    }
    if (this.pointed !== null && this.pointed.record !== record) {
      this.mark(context, this.pointed, this.colours.text, false);
    }
  }

  mark(context, result, colour, line) {
    const { x, y } = this.places.get(result);
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, 7, 0, 7);
    context.stroke();
    if (line) {
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, y + 7);
      context.lineTo(x, this.height - AXIS);
      context.stroke();
    }
  }
}

/** A mark on the axis: as much of its time as tells it from the next. */
function tick(time, step) {
  const text = new Date(time).toISOString();
  if (step >= DAY * 1000) {
    return text.slice(0, 10);
  }
  if (step >= 60000) {
    return text.slice(11, 16) === "00:00" ? text.slice(0, 10) : text.slice(11, 16);
  }
  return text.slice(11, step >= 1000 ? 19 : 23);
}
