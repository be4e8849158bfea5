// The engine in this browser, if its module is part of the page: then nothing leaves the page.

import { work } from "./worker.js";

/** How long an abandoned check may go on, in milliseconds. */
const PATIENCE = 300;
const BROKEN = "The check crashed: a fault of this tool, not of the payload.";
const script = document.querySelector("script[data-module]");

/** Whether the engine is part of the page. */
export const isHere = script !== null;

let code = null;
let worker = null;
let number = 0;
const waiting = new Map();

/** The text of the module, once its script has run. */
function arrived() {
  return new Promise((resolve, reject) => {
    const look = () => globalThis.ersFhirModule;
    if (look()) resolve(look());
    script.addEventListener("load", () => (look() ? resolve(look()) : reject(new Error("it is empty"))));
    script.addEventListener("error", () => reject(new Error(`${script.getAttribute("src")} is missing next to this page`)));
  });
}

function decoded(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const units = atob(text);
  const bytes = new Uint8Array(units.length);
  for (let at = 0; at < units.length; at += 1) bytes[at] = units.charCodeAt(at);
  return bytes;
}

/** The module, compiled while it is being unpacked. */
async function compiled() {
  const packed = decoded(await arrived());
  globalThis.ersFhirModule = null;
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compileStreaming(new Response(unpacked, { headers: { "Content-Type": "application/wasm" } }));
}

/** Starts a worker, in place of any earlier one, and hands it all requests that still wait. */
function start(module) {
  worker?.terminate();
  const address = URL.createObjectURL(new Blob([`(${work})()`], { type: "text/javascript" }));
  worker = new Worker(address);
  URL.revokeObjectURL(address);
  worker.onmessage = ({ data }) => {
    const asked = waiting.get(data.number);
    waiting.delete(data.number);
    asked?.resolve(data.isBroken ? { status: 500, text: "", words: BROKEN } : data);
    if (data.isBroken) start(module);
  };
  worker.postMessage({ module });
  for (const [key, { request }] of waiting) {
    if (request === null) waiting.delete(key);
    else worker.postMessage({ number: key, request });
  }
}

/** Loads the engine. */
export function begin() {
  code ??= compiled().then((module) => {
    start(module);
    return module;
  });
  return code;
}

/** Asks the engine as if it were a service; `signal` aborts. */
export async function ask(address, body = "", signal = undefined) {
  const module = await begin();
  signal?.throwIfAborted();
  number += 1;
  const own = number;
  return new Promise((resolve, reject) => {
    const request = `${address}\n${body}`;
    waiting.set(own, { request, resolve });
    worker.postMessage({ number: own, request });
    signal?.addEventListener("abort", () => {
      if (!waiting.has(own)) return;
      waiting.set(own, { request: null, resolve: () => {} });
      reject(signal.reason);
      setTimeout(() => waiting.has(own) && start(module), PATIENCE);
    });
  });
}
