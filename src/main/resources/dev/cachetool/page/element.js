/* Elements are made here and nowhere else, and text goes into them as text: nothing in a name can become markup. */

/**
 * An element.
 *
 * @param name of the element
 * @param attributes by name; a function is what is done on that event; null and false are left out
 * @param children elements and texts
 */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      made.addEventListener(key, value);
    } else if (value !== null && value !== false) {
      made.setAttribute(key, value === true ? "" : value);
    }
  }
  made.append(...children);
  return made;
}

/** The element of the frame with that id. */
function byId(id) {
  return document.getElementById(id);
}

/** A text from outside, in a box of its own so that its direction stays in there; long ones are cut, and say so. */
function foreign(text) {
  if (text.length <= LONG_TEXT) {
    return element("bdi", {}, visible(text));
  }
  const more = text.length - LONG_TEXT;
  return element("bdi", {}, visible(text.slice(0, LONG_TEXT)) + "… (" + counted(more, "more character") + ")");
}

/** A whole digest, or another text, with a button that copies it. */
function copyable(text, what) {
  const button = element("button", { type: "button", class: "copy", "aria-label": "Copy " + what }, "copy");
  const code = element("code", {}, foreign(text));
  button.addEventListener("click", async () => {
    const copied = await copy(text, code);
    button.textContent = copied ? "copied" : "press Ctrl+C";
    say(copied ? "Copied " + what : "The text is selected");
    button.addEventListener("blur", () => (button.textContent = "copy"), { once: true });
  });
  return element("span", { class: "copyable" }, code, button);
}

/** Copies the text; where the browser does not allow that, selects what shows it. */
async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(shown);
    return false;
  }
}

/** Tells those who cannot see what changed. */
function say(text) {
  byId("spoken").textContent = text;
}
