/* How figures, times and names are written: as cachetool writes them on a terminal. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What no text from outside may do: move or reverse what stands around it, or hide. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** The most characters of a name that are drawn or stand in a row. */
const SHORT_NAME = 120;
/** The most characters of one text that the detail shows. */
const LONG_TEXT = 2000;

/** 1234567 as "1,234,567". */
function count(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 file", "1,234 files"; the plural where adding an s is wrong. */
function counted(number, noun, plural = noun + "s") {
  return count(number) + " " + (number === 1 ? noun : plural);
}

/** Bytes as "12.4 MB", below 0.1 MB as "4.1 KB", below 1,000 as "412 B". */
function size(bytes) {
  if (bytes < 1000) {
    return bytes + " B";
  }
  return bytes < 100000 ? tenths(bytes, 1000) + " KB" : tenths(bytes, 1000000) + " MB";
}

function tenths(number, unit) {
  const all = Math.floor((number + unit / 20) / (unit / 10));
  return count(Math.floor(all / 10)) + "." + (all % 10);
}

/** Milliseconds as "0.4 s". */
function duration(milliseconds) {
  const seconds = milliseconds < 20000 ? tenths(milliseconds, 1000) : count(Math.round(milliseconds / 1000));
  return seconds + " s";
}

/** How old something is that was made then, both in milliseconds since 1970; then is null where nothing is known. */
function age(then, now) {
  if (then === null || then < 0) {
    return "of unknown age";
  }
  const seconds = Math.floor((now - then) / 1000);
  if (seconds < -DAY) {
    return "dated ahead";
  }
  if (seconds < MINUTE) {
    return "just made";
  }
  if (seconds < HOUR) {
    return counted(Math.floor(seconds / MINUTE), "minute") + " old";
  }
  if (seconds < DAY) {
    return counted(Math.floor(seconds / HOUR), "hour") + " old";
  }
  const days = Math.floor(seconds / DAY);
  if (days < 14) {
    return counted(days, "day") + " old";
  }
  if (days < 60) {
    return counted(Math.floor(days / 7), "week") + " old";
  }
  return days < 730
    ? counted(Math.floor((days * 12) / 365), "month") + " old"
    : counted(Math.floor(days / 365), "year") + " old";
}

/** A moment as "2026-11-22 04:15:13 UTC". */
function moment(milliseconds) {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "unknown" : date.toISOString().slice(0, 19).replace("T", " ") + " UTC";
}

/** The text with every control character, direction mark and lone surrogate written as an escape. */
function visible(text) {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0);
    const digits = code.toString(16);
    return code < 0x100 ? "\\x" + digits.padStart(2, "0") : "\\u" + digits.padStart(4, "0");
  });
}

/** The beginning of a text, made visible; an ellipsis says where it was cut. */
function shortened(text, longest) {
  return text.length <= longest ? visible(text) : visible(text.slice(0, longest)) + "…";
}

/** The first 12 digits of a digest. */
function shortDigest(digest) {
  const colon = digest.indexOf(":");
  return shortened(colon < 0 ? digest : digest.slice(colon + 1), 12).replace("…", "");
}
