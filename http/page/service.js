// Asks the engine of the page if it has one, else the service that the page came from.

import * as local from "./local.js";

/** A refusal by the service, in its own words. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

let token = "";

/** Sends this token from now on. */
export function present(text) {
  token = text.trim();
}

/** Whether payloads stay in this browser. */
export const isLocal = local.isHere;
const NOBODY = "There is no validator here. Run ers-fhir serve and open the address that it prints, or build a page that "
  + "needs no service: cargo xtask wasm --page FOLDER.";
let hasAnswered = false;

/** Asks the engine in this browser. */
async function here(address, body, signal) {
  try {
    return await local.ask(address, body, signal);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, `This browser cannot run the validator: ${error.message}.`);
  }
}

/** Asks the service. */
async function there(address, body, type, signal) {
  const headers = {};
  if (type) headers["Content-Type"] = type;
  if (token) headers.Authorization = `Bearer ${token}`;
  const method = body === undefined ? "GET" : "POST";
  try {
    const response = await fetch(address, { method, body, headers, signal });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, hasAnswered ? "The service does not answer." : NOBODY);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function ask(address, { body, type, signal } = {}) {
  const { status, text, words } = await (isLocal ? here(address, body, signal) : there(address, body, type, signal));
  const answer = parsed(text);
  hasAnswered ||= answer !== null;
  if (status === 200 && answer) return answer;
  // Some other server, which has files but is not the service.
  if (!hasAnswered && [404, 405, 501].includes(status)) throw new Refused(status, NOBODY);
  const said = words ?? answer?.issue?.[0]?.details?.text ?? `The service answered with status ${status}.`;
  throw new Refused(status, said);
}

/** Whether a text is captured traffic rather than a payload. */
export function isCapture(text) {
  return /^\ufeff?\s*\{\s*"(log|info|item|variable|event|auth|collection)"/.test(text);
}

/** Checks a text. */
export function check(text, settings, signal) {
  const query = new URLSearchParams({ format: "json", "show-values": "true" });
  const put = (name, value) => value && query.append(name, value);
  put("name", settings.name);
  // A module has no clock.
  put("now", settings.now || (isLocal && new Date().toISOString()));
  put("strict", settings.strict && "true");
  if (isCapture(text)) return ask(`calls?${query}`, post(text, signal));
  put("fhir-version", settings.release);
  put("profile", settings.profile);
  if (settings.operation) {
    put("endpoint", settings.operation);
    put(settings.role === "application" ? "access" : "role", settings.role);
    put("response", settings.response && "true");
    put("status", settings.response && settings.status);
    settings.headers.forEach((header) => put(settings.response ? "response-header" : "header", header));
  }
  return ask(`validate?${query}`, post(text, signal));
}

function post(text, signal) {
  const type = /^\ufeff?\s*</.test(text) ? "application/fhir+xml" : "application/fhir+json";
  return { body: text, type, signal };
}

/** Explains a rule. */
export const rule = (code) => ask(`rules/${encodeURIComponent(code)}`);

/** The operations, roles and rules that have examples. */
export const examples = () => ask("examples");

/** An example of an operation. */
export const example = (operation, wanted) => ask(`examples/${operation}?${new URLSearchParams(wanted)}`);
