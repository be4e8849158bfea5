// What runs the module: a thread of its own, so that a long check holds up nobody and can be ended.

/** Runs in the worker, to which it is handed as text: it uses nothing from outside. */
export function work() {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let engine = null;

  /** What the module answers to a request: `status`, a line break, and the body. */
  function answered(request) {
    const bytes = encoder.encode(request);
    const at = engine.room(bytes.length);
    new Uint8Array(engine.memory.buffer, at, bytes.length).set(bytes);
    const start = engine.answer();
    const text = decoder.decode(new Uint8Array(engine.memory.buffer, start, engine.answer_length()));
    const end = text.indexOf("\n");
    return { status: Number(text.slice(0, end)), text: text.slice(end + 1) };
  }

  self.onmessage = ({ data }) => {
    if (data.module) {
      engine = new WebAssembly.Instance(data.module).exports;
      return;
    }
    try {
      self.postMessage({ number: data.number, ...answered(data.request) });
    } catch {
      // What is left of the module cannot be relied on.
      self.postMessage({ number: data.number, isBroken: true });
    }
  };
}
