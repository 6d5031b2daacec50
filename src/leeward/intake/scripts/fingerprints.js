/* Fingerprints of a picture or a video, worked out on the device that it is on: SHA-256, MD5 and PDQ. Nothing is sent.

   Usable alone: OwnPicture.ofFile(file) -> Promise of {media, sha256, md5, looks, why}. `looks`: PDQ hashes as
   {kind, code, quality, second}; `why`: why there is none ("", "format", "canvas", "see-through", "plain", "large" or
   "broken"). OwnPicture.pdq(width, height, rows) hashes decoded pixels, with the eight turns.

   The order of operations follows Meta's "PDQ & TMK + PDQF" and this project's leeward/matching/hashing/pdq.py, so that
   the bits agree: weights in 32 bits, sums over pixels in 64, the cosine transform in 32 and in a fixed order. */
"use strict";

const OwnPicture = (() => {
  const SAMPLES = 64, FREQUENCIES = 16, BITS = 256, NEAREST = 512;
  const LEAST_PIXELS = 5, LEAST_QUALITY = 50, LEAST_BITS_SET = 64;
  const MOST_PIXELS = 50e6, STRIP_PIXELS = 1 << 20, CHUNK_BYTES = 1 << 20, MOST_SUBTLE_BYTES = 64 << 20;
  const PRUNE_BITS = 4, MOST_FRAMES = 60, MOST_SECONDS = 300, LOAD_MS = 15000;
  const fround = Math.fround;

  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  // ---- SHA-256 and MD5: both take 64 bytes at a time, so that a long video never has to be in memory at once.

  const SHA_ROUNDS = new Uint32Array([
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2]);
  const SHA_START = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
  const MD5_TURNS = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
  const MD5_START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  const MD5_ROUNDS = Int32Array.from({length: 64}, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296));

  function shaBlock(state, view, at, words) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + 4 * i, false);
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15], y = words[i - 2];
      const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      words[i] = (words[i - 16] + low + words[i - 7] + high) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const turned = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const first = (h + turned + ((e & f) ^ (~e & g)) + SHA_ROUNDS[i] + words[i]) | 0;
      const also = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const second = (also + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + first) | 0; d = c; c = b; b = a; a = (first + second) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  function md5Block(state, view, at, words) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + 4 * i, true);
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      let mixed, place;
      if (round === 0) { mixed = (b & c) | (~b & d); place = i; }
      else if (round === 1) { mixed = (d & b) | (~d & c); place = (5 * i + 1) & 15; }
      else if (round === 2) { mixed = b ^ c ^ d; place = (3 * i + 5) & 15; }
      else { mixed = c ^ (b | ~d); place = (7 * i) & 15; }
      const sum = (a + mixed + MD5_ROUNDS[i] + words[place]) | 0;
      const turn = MD5_TURNS[round][i & 3];
      a = d; d = c; c = b; b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  }

  class Digest {
    constructor(start, block, isBigEndian) {
      this.state = Int32Array.from(start);
      this.block = block;
      this.isBigEndian = isBigEndian;
      this.words = new Int32Array(64);
      this.rest = new Uint8Array(128);
      this.held = 0;
      this.size = 0;
    }

    add(bytes) {
      this.size += bytes.length;
      let at = 0;
      if (this.held) {
        at = Math.min(64 - this.held, bytes.length);
        this.rest.set(bytes.subarray(0, at), this.held);
        this.held += at;
        if (this.held < 64) return this;
        this.block(this.state, new DataView(this.rest.buffer), 0, this.words);
        this.held = 0;
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (; at + 64 <= bytes.length; at += 64) this.block(this.state, view, at, this.words);
      this.rest.set(bytes.subarray(at));
      this.held = bytes.length - at;
      return this;
    }

    done() {
      const end = this.held < 56 ? 64 : 128, view = new DataView(this.rest.buffer);
      this.rest.fill(0, this.held);
      this.rest[this.held] = 0x80;
      const low = (this.size * 8) >>> 0, high = Math.floor(this.size / 0x20000000);
      view.setUint32(end - 8, this.isBigEndian ? high : low, !this.isBigEndian);
      view.setUint32(end - 4, this.isBigEndian ? low : high, !this.isBigEndian);
      for (let at = 0; at < end; at += 64) this.block(this.state, view, at, this.words);
      const out = new DataView(new ArrayBuffer(4 * this.state.length));
      this.state.forEach((word, i) => out.setInt32(4 * i, word, !this.isBigEndian));
      return hex(new Uint8Array(out.buffer));
    }
  }

  const newSha256 = () => new Digest(SHA_START, shaBlock, true);
  const newMd5 = () => new Digest(MD5_START, md5Block, false);

  async function digestsOf(file) {
    const md5 = newMd5(), subtle = typeof crypto === "object" && crypto.subtle;
    const isShort = file.size <= MOST_SUBTLE_BYTES, sha256 = subtle && isShort ? null : newSha256();
    for (let at = 0; at < file.size; at += CHUNK_BYTES) {
      const bytes = await bytesOf(file.slice(at, at + CHUNK_BYTES));
      md5.add(bytes);
      if (sha256) sha256.add(bytes);
    }
    const digest = sha256
      ? sha256.done()
      : hex(new Uint8Array(await subtle.digest("SHA-256", await bytesOf(file))));
    return {sha256: digest, md5: md5.done()};
  }

  const bytesOf = async (blob) => new Uint8Array(await new Response(blob).arrayBuffer());

  // ---- PDQ. Its two box filters and its 64 samples are linear along each axis: few weights a pixel, no second plane.

  function windowOf(size, width, place) {
    const end = Math.min(size, place + Math.floor((width + 2) / 2));
    return [Math.max(0, place + Math.floor((width + 2) / 2) - width), end];
  }

  function sampled(size) {
    const width = Math.floor((size + 2 * SAMPLES - 1) / (2 * SAMPLES)), rows = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      const row = new Map(), [from, to] = windowOf(size, width, Math.floor((sample + 0.5) * size / SAMPLES));
      for (let middle = from; middle < to; middle++) {
        const [start, end] = windowOf(size, width, middle);
        for (let place = start; place < end; place++) {
          row.set(place, (row.get(place) || 0) + 1 / ((to - from) * (end - start)));
        }
      }
      rows.push(row);
    }
    return rows;
  }

  function nearest(size) {
    return sampled(NEAREST).map((reduced) => {
      const row = new Map();
      for (const [place, weight] of reduced) {
        const source = Math.floor(place * size / NEAREST);
        row.set(source, (row.get(source) || 0) + weight);
      }
      return row;
    });
  }

  // By pixel of an axis: which samples it counts for, and how much.
  function fold(size, kind) {
    const by = Array.from({length: size}, () => []);
    (kind === "pdq" ? sampled(size) : nearest(size)).forEach((row, sample) => {
      for (const [place, weight] of row) by[place].push([sample, fround(weight)]);
    });
    const start = new Int32Array(size + 1);
    by.forEach((pairs, place) => { start[place + 1] = start[place] + pairs.length; });
    const pairs = by.flat();
    return {
      start, samples: Int32Array.from(pairs, (pair) => pair[0]), shares: Float64Array.from(pairs, (pair) => pair[1]),
    };
  }

  class Folding {
    constructor(width, height, kind) {
      this.width = width;
      this.kind = kind;
      this.down = fold(height, kind);
      this.across = fold(width, kind);
      this.total = new Float64Array(SAMPLES * width);
    }

    add(row, line) {
      const {start, samples, shares} = this.down, {total, width} = this;
      for (let k = start[row]; k < start[row + 1]; k++) {
        const share = shares[k], at = samples[k] * width;
        for (let column = 0; column < width; column++) total[at + column] += share * line[column];
      }
    }

    done() {
      const {start, samples, shares} = this.across, out = new Float64Array(SAMPLES * SAMPLES);
      for (let line = 0; line < SAMPLES; line++) {
        for (let column = 0; column < this.width; column++) {
          const value = this.total[line * this.width + column];
          for (let k = start[column]; k < start[column + 1]; k++) out[line * SAMPLES + samples[k]] += shares[k] * value;
        }
      }
      return Float32Array.from(out);
    }
  }

  const COSINES = Float32Array.from({length: FREQUENCIES * SAMPLES}, (_, i) => Math.sqrt(2 / SAMPLES)
    * Math.cos(Math.PI / 2 / SAMPLES * (Math.floor(i / SAMPLES) + 1) * (2 * (i % SAMPLES) + 1)));

  function spectrumOf(samples) {
    const half = new Float32Array(FREQUENCIES * SAMPLES), out = new Float32Array(BITS);
    for (let row = 0; row < FREQUENCIES; row++) {
      for (let column = 0; column < SAMPLES; column++) {
        let sum = 0;
        for (let k = 0; k < SAMPLES; k++) {
          sum = fround(sum + fround(COSINES[row * SAMPLES + k] * samples[k * SAMPLES + column]));
        }
        half[row * SAMPLES + column] = sum;
      }
      for (let column = 0; column < FREQUENCIES; column++) {
        let sum = 0;
        for (let k = 0; k < SAMPLES; k++) {
          sum = fround(sum + fround(half[row * SAMPLES + k] * COSINES[column * SAMPLES + k]));
        }
        out[row * FREQUENCIES + column] = sum;
      }
    }
    return out;
  }

  function codeOf(spectrum) {
    const middle = Float32Array.from(spectrum).sort()[BITS / 2 - 1], code = new Uint8Array(BITS / 8);
    for (let i = 0; i < BITS; i++) {
      if (spectrum[BITS - 1 - i] > middle) code[i >> 3] |= 128 >> (i & 7);
    }
    return hex(code);
  }

  function qualityOf(samples) {
    const step = (one, other) => Math.abs(Math.trunc(fround(fround(fround(one - other) * 100) / 255)));
    let sum = 0;
    for (let row = 0; row < SAMPLES; row++) {
      for (let column = 0; column < SAMPLES; column++) {
        const at = row * SAMPLES + column;
        if (row + 1 < SAMPLES) sum += step(samples[at], samples[at + SAMPLES]);
        if (column + 1 < SAMPLES) sum += step(samples[at], samples[at + 1]);
      }
    }
    return Math.min(100, Math.floor(sum / 90));
  }

  // Unchanged, turned by 90, 180 and 270 degrees, mirrored top-down, left-right and along either diagonal: signs change
  // with odd frequencies, and the axes swap.
  const TURNS = [
    [false, 0, 0], [true, 1, 0], [false, 1, 1], [true, 0, 1], [false, 1, 0], [false, 0, 1], [true, 0, 0], [true, 1, 1]];

  function turnsOf(spectrum) {
    return TURNS.map(([swaps, rows, columns]) => codeOf(Float32Array.from(spectrum, (_, i) => {
      const row = i >> 4, column = i & 15;
      const isNegative = (rows & (row + 1)) ^ (columns & (column + 1)) & 1;
      return (isNegative ? -1 : 1) * spectrum[swaps ? column * 16 + row : i];
    })));
  }

  function lookOf(kind, samples) {
    const spectrum = spectrumOf(samples);
    return {kind, code: codeOf(spectrum), quality: qualityOf(samples), turns: turnsOf(spectrum), second: 0};
  }

  // `feed(take)` calls take(rgba, first row, number of rows) from the top to the bottom, and may wait in between.
  async function pdq(width, height, feed) {
    const kinds = Math.max(width, height) > NEAREST ? ["pdq", "pdq_nn512"] : ["pdq"];
    const foldings = kinds.map((kind) => new Folding(width, height, kind)), line = new Float32Array(width);
    await feed((rgba, first, count) => {
      for (let row = 0, at = 0; row < count; row++) {
        for (let column = 0; column < width; column++, at += 4) {
          line[column] = rgba[at] * 0.299 + rgba[at + 1] * 0.587 + rgba[at + 2] * 0.114;
        }
        for (const folding of foldings) folding.add(first + row, line);
      }
    });
    return foldings.map((folding) => lookOf(folding.kind, folding.done()));
  }

  function isUsable(look) {
    const bits = [...look.code].reduce((sum, digit) => sum + [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4][
      parseInt(digit, 16)], 0);
    return look.quality >= LEAST_QUALITY && bits >= LEAST_BITS_SET && bits <= BITS - LEAST_BITS_SET;
  }

  // ---- The file as it is stored: without what would make the browser turn it or change its colours.

  const isText = (bytes, at, text) => [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

  function formatOf(bytes) {
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return "jpeg";
    if (isText(bytes, 1, "PNG\r\n")) return "png";
    if (isText(bytes, 0, "GIF8")) return "gif";
    if (isText(bytes, 0, "RIFF") && isText(bytes, 8, "WEBP")) return "webp";
    const isContainer = isText(bytes, 4, "ftyp");
    if (isContainer && ["heic", "heix", "hevc", "mif1", "msf1", "avif", "avis"].some((name) => isText(bytes, 8, name))) {
      return "other";
    }
    const isVideo = isContainer || isText(bytes, 4, "moov") || isText(bytes, 0, "OggS") || isText(bytes, 8, "AVI ")
      || (bytes[0] === 0x1a && bytes[1] === 0x45 && bytes[2] === 0xdf && bytes[3] === 0xa3);
    return isVideo ? "video" : "other";
  }

  function joined(bytes, parts) {
    const out = new Uint8Array(parts.reduce((sum, [from, to]) => sum + to - from, 0));
    let at = 0;
    for (const [from, to] of parts) { out.set(bytes.subarray(from, to), at); at += to - from; }
    return out;
  }

  function cleanJpeg(bytes) {
    const parts = [[0, 2]];
    let at = 2;
    while (at + 4 <= bytes.length && bytes[at] === 0xff) {
      const mark = bytes[at + 1];
      if (mark === 0xff) { at++; continue; }
      if (mark === 0xda) break;
      const end = at + 2 + (bytes[at + 2] << 8 | bytes[at + 3]);
      const goes = (mark >= 0xe1 && mark <= 0xed) || mark === 0xef || mark === 0xfe;
      if (!goes) parts.push([at, end]);
      at = end;
    }
    parts.push([Math.min(at, bytes.length), bytes.length]);
    return joined(bytes, parts);
  }

  function cleanPng(bytes) {
    const parts = [[0, 8]], view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let at = 8; at + 12 <= bytes.length;) {
      const end = Math.min(at + 12 + view.getUint32(at), bytes.length);
      if (["IHDR", "PLTE", "IDAT", "IEND", "tRNS"].some((name) => isText(bytes, at + 4, name))) parts.push([at, end]);
      at = end;
    }
    return joined(bytes, parts);
  }

  function cleanWebp(bytes) {
    const parts = [[0, 12]], view = new DataView(bytes.buffer, bytes.byteOffset);
    let extended = 0;
    for (let at = 12; at + 8 <= bytes.length;) {
      const length = view.getUint32(at + 4, true), end = Math.min(at + 8 + length + (length & 1), bytes.length);
      if (isText(bytes, at, "VP8X")) extended = at;
      if (!["ICCP", "EXIF", "XMP "].some((name) => isText(bytes, at, name))) parts.push([at, end]);
      at = end;
    }
    const out = joined(bytes, parts);
    new DataView(out.buffer).setUint32(4, out.length - 8, true);
    if (extended) out[20] &= ~(0x20 | 0x08 | 0x04);
    return out;
  }

  const CLEAN = {jpeg: cleanJpeg, png: cleanPng, webp: cleanWebp, gif: (bytes) => bytes};

  // ---- Pixels. Some browsers disturb what a page reads from a canvas. Below every strip of the picture there is a strip of
  // pixels that we know, and they must come back as they were: otherwise no hash is made of any of them.

  class Disturbed extends Error {}
  class SeeThrough extends Error {}
  const KNOWN_ROWS = 8;
  const pause = () => new Promise((go) => setTimeout(go, 0));

  class Reader {
    constructor(width, rows) {
      this.width = width;
      this.rows = rows;
      this.canvas = document.createElement("canvas");
      this.canvas.width = width;
      this.canvas.height = rows + KNOWN_ROWS;
      this.context = this.canvas.getContext("2d", {willReadFrequently: true, colorSpace: "srgb"});
      if (!this.context) throw new Disturbed();
      this.known = new ImageData(width, KNOWN_ROWS);
      let seed = 12345;
      for (let i = 0; i < this.known.data.length; i++) {
        seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
        this.known.data[i] = i % 4 === 3 ? 255 : seed >>> 24;
      }
      this.context.putImageData(this.known, 0, rows);
    }

    read(source, from, count) {
      const {context, width, rows} = this;
      context.clearRect(0, 0, width, rows);
      context.save();
      context.beginPath();
      context.rect(0, 0, width, rows);
      context.clip();
      context.drawImage(source, 0, -from);
      context.restore();
      const data = context.getImageData(0, 0, width, rows + KNOWN_ROWS).data, end = 4 * width * rows;
      for (let i = 0; i < this.known.data.length; i++) {
        if (data[end + i] !== this.known.data[i]) throw new Disturbed();
      }
      for (let i = 3; i < 4 * width * count; i += 4) {
        if (data[i] !== 255) throw new SeeThrough();
      }
      return data;
    }
  }

  async function looksOfSource(source, width, height) {
    if (Math.min(width, height) < LEAST_PIXELS) return [];
    const rows = Math.max(1, Math.min(height, Math.floor(STRIP_PIXELS / width)));
    probe();
    const reader = new Reader(width, rows);
    return pdq(width, height, async (take) => {
      for (let from = 0; from < height; from += rows) {
        const count = Math.min(rows, height - from);
        take(reader.read(source, from, count), from, count);
        await pause();
      }
    });
  }

  // Enough known pixels that a browser which changes one in a thousand is noticed.
  function probe() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 128;
    const context = canvas.getContext("2d");
    if (!context) throw new Disturbed();
    const sent = context.createImageData(128, 128);
    for (let i = 0; i < sent.data.length; i++) sent.data[i] = i % 4 === 3 ? 255 : Math.imul(i, 2654435761) >>> 24;
    context.putImageData(sent, 0, 0);
    const back = context.getImageData(0, 0, 128, 128).data;
    if (back.some((value, i) => value !== sent.data[i])) throw new Disturbed();
  }

  async function looksOfPicture(file, format) {
    const blob = new Blob([CLEAN[format](await bytesOf(file))], {type: "image/" + format});
    const bitmap = await createImageBitmap(blob);
    try {
      const {width, height} = bitmap;
      if (width * height > MOST_PIXELS) return {looks: [], why: "large"};
      const looks = await looksOfSource(bitmap, width, height);
      const usable = looks.filter(isUsable);
      return {looks: usable, why: usable.length ? "" : "plain"};
    } finally {
      bitmap.close();
    }
  }

  // ---- A video: the first frame and one a second, without those that look like the one before.

  const heard = (target, name) => new Promise((good, bad) => {
    const timer = setTimeout(() => bad(new Error(name)), LOAD_MS);
    target.addEventListener(name, () => { clearTimeout(timer); good(); }, {once: true});
    target.addEventListener("error", () => { clearTimeout(timer); bad(new Error("media")); }, {once: true});
  });

  async function looksOfVideo(file) {
    const video = document.createElement("video"), url = URL.createObjectURL(file), kept = [];
    try {
      video.muted = true;
      video.preload = "auto";
      video.playsInline = true;
      video.src = url;
      await heard(video, "loadeddata");
      const {videoWidth: width, videoHeight: height, duration} = video;
      if (!width || width * height > MOST_PIXELS) return {looks: [], why: "broken"};
      const end = Math.min(Number.isFinite(duration) ? duration : 0, MOST_SECONDS);
      for (let second = 0; (!second || second < end) && kept.length < MOST_FRAMES; second++) {
        if (second) {
          video.currentTime = second;
          await heard(video, "seeked");
        }
        const [look] = await looksOfSource(video, width, height);
        if (look && isUsable(look) && !(kept.length && bitsBetween(look.code, kept[kept.length - 1].code) <= PRUNE_BITS)) {
          kept.push({...look, kind: "vpdq", second});
        }
      }
      return {looks: kept, why: kept.length ? "" : "plain"};
    } finally {
      video.removeAttribute("src");
      video.load();
      URL.revokeObjectURL(url);
    }
  }

  function bitsBetween(one, other) {
    let bits = 0;
    for (let i = 0; i < one.length; i++) {
      for (let left = parseInt(one[i], 16) ^ parseInt(other[i], 16); left; left &= left - 1) bits++;
    }
    return bits;
  }

  // ---- One file.

  async function ofFile(file) {
    const digests = await digestsOf(file), format = formatOf(await bytesOf(file.slice(0, 64)));
    const media = format === "video" ? "video" : "image";
    if (format === "other") return {media, ...digests, looks: [], why: "format"};
    try {
      const {looks, why} = format === "video" ? await looksOfVideo(file) : await looksOfPicture(file, format);
      return {media, ...digests, looks, why};
    } catch (error) {
      const why = error instanceof Disturbed ? "canvas" : error instanceof SeeThrough ? "see-through" : "broken";
      return {media, ...digests, looks: [], why};
    }
  }

  // The line that is sent for one file, and the only thing that is: see intake/rules/own_picture.py.
  function lineOf(found) {
    const looks = found.looks.map((look) => [look.kind, look.code, look.quality, look.second].join(":"));
    return [found.media, found.sha256, found.md5, ...looks].join(" ");
  }

  return {ofFile, lineOf, pdq, newSha256, newMd5, bitsBetween, formatOf, isUsable, hex};
})();
