/* What the three drawings share: two canvases, one above the other, sharp on every screen. */

const FONT = "system-ui, sans-serif";
const MONO = "ui-monospace, monospace";

/**
 * A drawing. The lower canvas has everything, the upper one what is selected or pointed at, so that a click draws little.
 * Whoever extends it draws with paint and paintSelection, and finds what lies at a point with hit.
 */
class Drawing {
  /**
   * @param holder the element that it fills
   * @param label what it is called, and how it is used by keyboard
   */
  constructor(holder, state, label) {
    this.state = state;
    this.base = element("canvas", { "aria-hidden": "true" });
    this.top = element("canvas", {
      tabindex: "0",
      role: "application",
      "aria-roledescription": "drawing",
      "aria-label": label,
    });
    this.tip = element("p", { class: "tip", "aria-hidden": "true", hidden: true });
    holder.append(this.base, this.top, this.tip);
    this.holder = holder;
    this.width = 0;
    this.height = 0;
    this.pointed = null;
    this.following = false;
    /** What is to be drawn before the next frame: nothing, the upper canvas, or both. */
    this.waiting = Drawing.NOTHING;
    // In a frame of its own: what changes sizes while they are told of would have to be told again.
    new ResizeObserver(() => requestAnimationFrame(() => this.resize())).observe(holder);
    state.addEventListener("selection", () => this.drawSelection());
    state.addEventListener("filter", () => this.follow());
    state.addEventListener("colours", () => this.draw());
    this.top.addEventListener("pointermove", (event) => this.point(event));
    this.top.addEventListener("pointerleave", () => this.point(null));
    this.top.addEventListener("click", (event) => this.click(event));
    this.top.addEventListener("keydown", (event) => this.press(event));
    this.top.addEventListener("focus", () => this.drawSelection());
    this.top.addEventListener("blur", () => this.drawSelection());
  }

  resize() {
    const width = this.holder.clientWidth;
    const wanted = this.heightFor(width);
    this.holder.style.height = wanted === null ? "" : wanted + "px";
    const height = this.holder.clientHeight;
    if (width === 0 || height === 0 || (width === this.width && height === this.height)) {
      return;
    }
    this.width = width;
    this.height = height;
    for (const canvas of [this.base, this.top]) {
      canvas.width = Math.round(width * devicePixelRatio);
      canvas.height = Math.round(height * devicePixelRatio);
    }
    this.arrange();
    this.drawNow();
  }

  /** Draws all of it before the next frame. */
  draw() {
    this.wait(Drawing.ALL);
  }

  /** Draws all of it soon, but after what else changes was drawn: who types sees the table first, and one drawing at last. */
  follow() {
    if (!this.following) {
      this.following = true;
      requestAnimationFrame(() => setTimeout(() => {
        this.following = false;
        this.draw();
      }));
    }
  }

  /** Draws what is selected and pointed at before the next frame. */
  drawSelection() {
    this.wait(Drawing.SELECTION);
  }

  wait(what) {
    if (this.waiting === Drawing.NOTHING) {
      requestAnimationFrame(() => this.drawNow(this.waiting));
    }
    this.waiting = Math.max(this.waiting, what);
  }

  /** Draws all of it, or the selection alone. */
  drawNow(what = Drawing.ALL) {
    this.waiting = Drawing.NOTHING;
    if (this.width === 0) {
      return;
    }
    if (document.documentElement.classList.contains("printed")) {
      this.drawForPaper();
      return;
    }
    if (what === Drawing.ALL) {
      this.paint(this.cleared(this.base));
    }
    this.paintSelection(this.cleared(this.top));
  }

  /** Draws all of it on the lower canvas: on paper the upper one, where it is clear, would be white. */
  drawForPaper() {
    const context = this.cleared(this.base);
    this.paint(context);
    this.paintSelection(context);
  }

  cleared(canvas) {
    const context = canvas.getContext("2d");
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    return context;
  }

  point(event) {
    const hit = event === null ? null : this.hit(event.offsetX, event.offsetY);
    this.tip.hidden = hit === null;
    this.top.style.cursor = hit === null ? "" : "pointer";
    if (hit !== null) {
      this.tip.textContent = this.describe(hit);
      const left = Math.min(event.offsetX + 14, this.width - this.tip.offsetWidth - 4);
      this.tip.style.left = Math.max(4, left) + "px";
      const below = event.offsetY + 18;
      this.tip.style.top = (below + this.tip.offsetHeight > this.height
        ? Math.max(4, event.offsetY - this.tip.offsetHeight - 8) : below) + "px";
    }
    if (hit !== this.pointed) {
      this.pointed = hit;
      this.drawSelection();
    }
  }

  click(event) {
    const hit = this.hit(event.offsetX, event.offsetY);
    if (hit !== null) {
      this.state.select(this.selects(hit), true);
    }
  }

  /** Selects what an arrow key leads to. */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const next = this.step(event.key);
    if (next !== undefined) {
      event.preventDefault();
      if (next !== null) {
        this.state.select(next);
      }
    }
  }

  get colours() {
    return this.state.colours;
  }

  /** How high it wants to be at that width; null for what the style says. */
  heightFor() {
    return null;
  }

  /** Computes places that depend on the size. */
  arrange() {}
}

Drawing.NOTHING = 0;
Drawing.SELECTION = 1;
Drawing.ALL = 2;

/** The colours of the theme, as canvases take them. */
function readColours() {
  const probe = element("i", { hidden: true });
  document.body.append(probe);
  const colours = {};
  for (const name of ["panel", "text", "muted", "line", "result", "result-strong", "result-line", "none",
    "root", "selected", "chain", "user", "shared", "shared-line", "unused", "edge"]) {
    probe.style.color = "var(--" + name + ")";
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colours;
}

/** Cuts a text to a width; the context's font counts. */
function fitted(context, text, width) {
  if (context.measureText(text).width <= width) {
    return text;
  }
  let least = 0;
  let most = text.length;
  while (least < most) {
    const middle = (least + most + 1) >> 1;
    if (context.measureText(text.slice(0, middle) + "…").width <= width) {
      least = middle;
    } else {
      most = middle - 1;
    }
  }
  return least === 0 ? "" : text.slice(0, least) + "…";
}
