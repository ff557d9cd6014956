/* The cache as the page looks at it, made of the data that cachetool wrote (PageData). */

/** A layer's blob. */
class Layer {
  constructor(row, index, texts) {
    this.index = index;
    this.digest = digestOf(row[0]);
    this.size = row[1];
    this.mediaType = texts[row[2]];
    this.diffId = row[3] === 0 ? null : digestOf(row[3]);
    /** How many results have it. */
    this.users = row[4];
    /** The results that have it. */
    this.results = [];
  }
}

/** A result of a record. */
class Result {
  constructor(row, record, layers) {
    this.record = record;
    /** Lowest first. */
    this.layers = row[0].map((index) => layers[index]);
    this.bytes = row[1];
    /** Bytes that no other result has. */
    this.ownBytes = row[2];
    /** Milliseconds since 1970, or null. */
    this.created = row[3];
    /** How many milliseconds it took, or null. */
    this.took = row[4];
  }
}

/** A record. */
class CacheRecord {
  /**
   * @param alone whether no other record has its digest, standing on other inputs
   */
  constructor(row, index, alone) {
    this.index = index;
    this.identity = digestOf(row[0]);
    this.digest = digestOf(row[1]);
    this.names = row[2];
    /** How many records the longest way down to a root has, this one included. */
    this.depth = row[3];
    this.results = [];
    /** For every input the links that lead here: {record, selector}. */
    this.inputs = [];
    /** The records that it stands on, each once. */
    this.sources = [];
    /** The records that stand on it, each once. */
    this.users = [];
    this.parts = row[6];
    /** The first digits of a digest that no other record has. */
    this.short = shortDigest(alone ? this.digest : this.identity);
    this.label = this.names.length > 0 ? shortened(this.names.join(", "), SHORT_NAME) : this.short;
    this.searchText = null;
  }

  get isRoot() {
    return this.inputs.length === 0;
  }

  get isLeaf() {
    return this.users.length === 0;
  }

  /** The preferred result, or null. */
  get result() {
    return this.results.length > 0 ? this.results[0] : null;
  }

  get bytes() {
    return this.result === null ? -1 : this.result.bytes;
  }

  get ownBytes() {
    return this.result === null ? -1 : this.result.ownBytes;
  }

  get created() {
    return this.result === null ? null : this.result.created;
  }

  get layerCount() {
    return this.result === null ? -1 : this.result.layers.length;
  }

  /** Whether all words, in lower case, stand in a name or a digest of it or of its layers. */
  matches(words) {
    if (this.searchText === null) {
      const layers = this.results.flatMap((result) => result.layers.map((layer) => layer.digest));
      this.searchText = [...this.names, this.digest, this.identity, ...layers].join("\n").toLowerCase();
    }
    return words.every((word) => this.searchText.includes(word));
  }
}

/** A whole cache. */
class Cache {
  constructor(data) {
    this.place = data.place;
    this.digest = data.digest;
    this.form = data.form;
    /** Whether its media types are OCI's, or null where it has none. */
    this.oci = data.oci;
    this.compressions = data.compressions;
    this.noted = data.noted;
    this.configBytes = data.configBytes;
    this.manifestBytes = data.manifestBytes;
    this.layers = data.layers.map((row, index) => new Layer(row, index, data.texts));
    const digests = new Map();
    for (const row of data.records) {
      digests.set(row[1], (digests.get(row[1]) ?? 0) + 1);
    }
    this.records = data.records.map((row, index) => new CacheRecord(row, index, digests.get(row[1]) === 1));
    this.results = [];
    this.links = 0;
    data.records.forEach((row, index) => this.connect(this.records[index], row, data.texts));
    this.byIdentity = new Map(this.records.map((record) => [record.identity, record]));
    this.byLayer = new Map(this.layers.map((layer) => [layer.digest, layer]));
  }

  connect(record, row, texts) {
    for (const input of row[4]) {
      const links = [];
      for (let i = 0; i < input.length; i += 2) {
        links.push({ record: this.records[input[i]], selector: texts[input[i + 1]] });
      }
      record.inputs.push(links);
      this.links += links.length;
    }
    record.sources = [...new Set(record.inputs.flat().map((link) => link.record))];
    for (const source of record.sources) {
      source.users.push(record);
    }
    for (const each of row[5]) {
      const result = new Result(each, record, this.layers);
      record.results.push(result);
      this.results.push(result);
      for (const layer of new Set(result.layers)) {
        layer.results.push(result);
      }
    }
  }

  /** The size of its layers, each counted once. */
  get bytes() {
    return this.layers.reduce((sum, layer) => sum + layer.size, 0);
  }

  /** When its newest result was made, or null. */
  get newest() {
    return this.results.reduce(
      (newest, { created }) => (created !== null && (newest === null || created > newest) ? created : newest), null);
  }

  get depth() {
    return this.records.reduce((deepest, record) => Math.max(deepest, record.depth), 0);
  }
}

/** All that can be reached from a record, itself left out; next gives what is one step away. */
function reached(record, next) {
  const seen = new Set([record]);
  const waiting = [record];
  while (waiting.length > 0) {
    for (const other of next(waiting.pop())) {
      if (!seen.has(other)) {
        seen.add(other);
        waiting.push(other);
      }
    }
  }
  seen.delete(record);
  return seen;
}

function digestOf(written) {
  return written.startsWith("=") ? written.slice(1) : "sha256:" + written;
}
