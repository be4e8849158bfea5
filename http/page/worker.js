// Runs the module in a separate thread, so that a long check blocks nothing and can be stopped.

/** Runs in the worker, which receives it as text: it must not use anything from outside. */
export function work() {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let engine = null;

  /** Asks the module; its answer is `status`, a line break, and the body. */
  function answered(request) {
    const bytes = encoder.encode(request);
    const at = engine.room(bytes.length);
    new Uint8Array(engine.memory.buffer, at, bytes.length).set(bytes);
    const start = engine.answer();
    const text = decoder.decode(new Uint8Array(engine.memory.buffer, start, engine.answer_length()));
    const end = text.indexOf("\n");
    return { status: Number(text.slice(0, end)), text: text.slice(end + 1) };
  }

  /** Stubs for the imports of the module's dependencies: nothing that this page asks for uses them. */
  function unused(module) {
    const imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      imports[from] ??= {};
      imports[from][name] = () => {
        throw new Error(`${name} is not here`);
      };
    }
    return imports;
  }

  self.onmessage = ({ data }) => {
    if (data.module) {
      engine = new WebAssembly.Instance(data.module, unused(data.module)).exports;
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
