// What the page asks the service.

/** A refusal of the service, in its words. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

let token = "";

/** Presents a token from now on. */
export function present(text) {
  token = text.trim();
}

async function ask(address, options = {}) {
  const headers = { ...options.headers };
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(address, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, "The service does not answer.");
  }
  const body = await response.json().catch(() => null);
  if (response.ok && body) return body;
  const said = body?.issue?.[0]?.details?.text ?? `The service answers with status ${response.status}.`;
  throw new Refused(response.status, said);
}

/** Whether a text is captured traffic rather than a payload. */
export function isCapture(text) {
  return /^\ufeff?\s*\{\s*"(log|info|item|variable|event|auth|collection)"/.test(text);
}

/** What is found in a text. */
export function check(text, settings, signal) {
  const query = new URLSearchParams({ format: "json", "show-values": "true" });
  const put = (name, value) => value && query.append(name, value);
  put("name", settings.name);
  put("strict", settings.strict && "true");
  if (isCapture(text)) return ask(`/calls?${query}`, post(text, signal));
  put("fhir-version", settings.release);
  put("profile", settings.profile);
  if (settings.operation) {
    put("endpoint", settings.operation);
    put(settings.role === "application" ? "access" : "role", settings.role);
    put("response", settings.response && "true");
    put("status", settings.response && settings.status);
    settings.headers.forEach((header) => put(settings.response ? "response-header" : "header", header));
    put("now", settings.now);
  }
  return ask(`/validate?${query}`, post(text, signal));
}

function post(text, signal) {
  const type = /^\ufeff?\s*</.test(text) ? "application/fhir+xml" : "application/fhir+json";
  return { method: "POST", body: text, headers: { "Content-Type": type }, signal };
}

/** What a rule says. */
export const rule = (code) => ask(`/rules/${encodeURIComponent(code)}`);

/** Operations, roles and rules that there are examples of. */
export const examples = () => ask("/examples");

/** An example of an operation. */
export const example = (operation, wanted) => ask(`/examples/${operation}?${new URLSearchParams(wanted)}`);
