// Times ONNX networks under onnxruntime-web's WebAssembly: the code that a browser runs where it has no WebGPU.
//
//     cd benchmarks/wasm && npm install && node time.mjs LOOK.onnx [OTHER.onnx ...] [--threads 2,1] [--runs 200]
//
// The networks take turns, warm, in one process per number of threads, as in ../tinybeauty.py: onnxruntime-web reads that number once, at
// its start. The last line is everything as JSON.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const TURN = 20; // timed runs before the next network has its turn …
const SETTLE = 3; // … after some that don't count: caches are still the other's.

/** The value below which `share` of the sorted `values` lie. */
function quantile(values, share) {
  const place = share * (values.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, values.length - 1);
  return values[low] + (place - low) * (values[high] - values[low]);
}

/** A session and noise in [0, 1] for its one input, which is (1, 3, 256, 256) like every learned look's. */
async function load(ort, path) {
  const session = await ort.InferenceSession.create(readFileSync(path), { executionProviders: ["wasm"] });
  const pixels = Float32Array.from({ length: 3 * 256 * 256 }, Math.random);
  const crop = new ort.Tensor("float32", pixels, [1, 3, 256, 256]);
  return { name: basename(path, extname(path)), run: () => session.run({ [session.inputNames[0]]: crop }), times: [] };
}

/** Times all `paths` with `threads` threads and returns a row for each. */
async function time(paths, threads, runs) {
  const ort = await import("onnxruntime-web");
  ort.env.wasm.numThreads = threads;
  const networks = [];
  for (const path of paths) networks.push(await load(ort, path));
  for (let start = 0; start < runs; start += TURN) {
    for (const network of networks) {
      for (let call = 0; call < SETTLE; call++) await network.run();
      for (let call = 0; call < Math.min(TURN, runs - start); call++) {
        const begin = performance.now();
        await network.run();
        network.times.push(performance.now() - begin);
      }
    }
  }
  return networks.map(({ name, times }) => {
    const sorted = times.sort((a, b) => a - b);
    return { name, threads, runs: sorted.length, p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
  });
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: "string", default: "2,1" },
    runs: { type: "string", default: "200" },
    here: { type: "boolean", default: false },
  },
});
const counts = values.threads.split(",").map(Number);
const runs = Number(values.runs);
if (positionals.length === 0 || ![runs, ...counts].every((number) => Number.isInteger(number) && number > 0)) {
  console.error("expected networks and whole numbers: node time.mjs LOOK.onnx [OTHER.onnx ...] [--threads 2,1] [--runs 200]");
  process.exit(2);
}
if (values.here) {
  console.log(JSON.stringify(await time(positionals, counts[0], runs)));
  process.exit(0); // the pool's threads would keep it alive
}
const rows = [];
for (const threads of counts) {
  const again = [fileURLToPath(import.meta.url), "--here", "--threads", `${threads}`, "--runs", `${runs}`, ...positionals];
  const child = spawnSync(process.execPath, again, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (child.status !== 0) process.exit(1);
  rows.push(...JSON.parse(child.stdout.trim().split("\n").at(-1)));
}
console.log("| network | threads | p50, ms | p95, ms | frames / s |\n| --- | --- | --- | --- | --- |");
for (const row of rows) {
  console.log(`| ${row.name} | ${row.threads} | ${row.p50.toPrecision(3)} | ${row.p95.toPrecision(3)} | ${(1000 / row.p50).toPrecision(3)} |`);
}
console.log(JSON.stringify(rows));
