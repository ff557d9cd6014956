/* Where the graph's records stand: in columns from the roots to the leaves. n log n in records and links. */

const NODE_WIDTH = 160;
const NODE_HEIGHT = 28;
const COLUMN_GAP = 44;
const ROW_GAP = 8;
const BAND_GAP = 44;
/** How much wider than high a graph is at best. */
const ASPECT = 2.2;
/** A graph of more columns, and so much wider than high, is broken into bands, as a text into lines. */
const MOST_COLUMNS = 8;
const TOO_WIDE = 6;
const SWEEPS = 4;

/**
 * Places every record.
 *
 * @returns {x, y, column, width, height, columns}: by index of the record the left and upper edge of its box and its column; the
 *     size of all; the records of each column from top to bottom
 */
function layOut(records) {
  const columns = wrapped(ordered(levels(records)), records.length);
  const x = new Float64Array(records.length);
  const y = new Float64Array(records.length);
  const column = new Int32Array(records.length);
  const pitch = NODE_WIDTH + COLUMN_GAP;
  const rows = (list) => list.length * (NODE_HEIGHT + ROW_GAP) - ROW_GAP;
  const tallest = columns.reduce((most, list) => Math.max(most, rows(list)), NODE_HEIGHT);
  const mean = columns.reduce((sum, list) => sum + rows(list), 0) / Math.max(1, columns.length);
  const wide = columns.length * pitch;
  let perBand = columns.length;
  if (columns.length > MOST_COLUMNS && wide > TOO_WIDE * tallest) {
    const bands = Math.max(1, Math.round(Math.sqrt(wide / (ASPECT * (mean + BAND_GAP)))));
    perBand = Math.max(MOST_COLUMNS, Math.ceil(columns.length / bands));
  }
  let top = 0;
  for (let first = 0; first < columns.length; first += perBand) {
    const band = columns.slice(first, first + perBand);
    const height = band.reduce((most, list) => Math.max(most, rows(list)), 0);
    band.forEach((list, place) => {
      list.forEach((record, row) => {
        x[record.index] = place * pitch;
        y[record.index] = top + (height - rows(list)) / 2 + row * (NODE_HEIGHT + ROW_GAP);
        column[record.index] = first + place;
      });
    });
    top += height + BAND_GAP;
  }
  return {
    x,
    y,
    column,
    columns,
    width: Math.max(1, Math.min(perBand, columns.length) * pitch - COLUMN_GAP),
    height: Math.max(1, top - BAND_GAP),
  };
}

/** Records by level: that of their depth, but roots, which could stand anywhere, beside what stands on them. */
function levels(records) {
  const levels = [];
  for (const record of records) {
    let level = record.depth - 1;
    if (record.isRoot && record.users.length > 0) {
      level = record.users.reduce((least, user) => Math.min(least, user.depth), Infinity) - 2;
    }
    while (levels.length <= level) {
      levels.push([]);
    }
    levels[level].push(record);
  }
  return levels.filter((level) => level.length > 0);
}

/** Orders each level so that links cross little: by the mean place of what a record is linked with, up and down in turns. */
function ordered(levels) {
  const records = levels.reduce((sum, level) => sum + level.length, 0);
  const place = new Float64Array(records);
  const mean = new Float64Array(records);
  const settle = (level) => level.forEach((record, i) => (place[record.index] = (i + 0.5) / level.length));
  levels.forEach(settle);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const up = sweep % 2 === 0;
    for (const level of up ? levels : [...levels].reverse()) {
      for (const record of level) {
        const others = up && !record.isRoot ? record.sources : record.users;
        let sum = 0;
        for (const other of others) {
          sum += place[other.index];
        }
        mean[record.index] = others.length === 0 ? place[record.index] : sum / others.length;
      }
      level.sort((a, b) => mean[a.index] - mean[b.index] || a.index - b.index);
      settle(level);
    }
  }
  return levels;
}

/** The levels as columns: one that is too high becomes several. */
function wrapped(levels, records) {
  const highest = Math.max(14, Math.ceil(Math.sqrt((records * (NODE_WIDTH + COLUMN_GAP)) / (ASPECT * (NODE_HEIGHT + ROW_GAP)))));
  const columns = [];
  for (const level of levels) {
    const parts = Math.ceil(level.length / highest);
    const height = Math.ceil(level.length / parts);
    for (let at = 0; at < level.length; at += height) {
      columns.push(level.slice(at, at + height));
    }
  }
  return columns;
}
