// The page: settings, checks, findings and keys.

import { edited, meet } from "./bytes.js";
import * as editor from "./editor.js";
import * as examples from "./examples.js";
import * as findings from "./findings.js";
import * as service from "./service.js";
import * as theme from "./theme.js";

const by = (id) => document.getElementById(id);
/** Larger payloads are checked only on request. */
const LARGEST_LIVE = 500_000;
const PAUSE = 400;

let all = [];
let current = -1;
let checked = null;
let running = null;
let timer = 0;
let file = "";
let now = "";

function settings() {
  return {
    name: file,
    release: by("operation").value ? "" : by("release").value,
    profile: by("profile").value.trim(),
    operation: by("operation").value,
    role: by("role").value,
    response: by("response").checked,
    status: by("status").value.trim(),
    strict: by("strict").checked,
    headers: by("headers").value.split("\n").map((line) => line.trim()).filter(Boolean),
    now,
  };
}

function say(text) {
  by("state").textContent = text;
}

async function check() {
  clearTimeout(timer);
  running?.abort();
  const text = editor.text();
  if (!text.trim()) {
    take([], text);
    say("Nothing has been checked yet.");
    return;
  }
  running = new AbortController();
  const begun = performance.now();
  try {
    const result = await service.check(text, settings(), running.signal);
    const isWhole = result.payloads.length === 1 && !service.isCapture(text);
    const isLines = !isWhole && /\.(ndjson|jsonl)$/.test(file);
    take(result.payloads.map((payload) => ({ ...payload, isHere: isWhole || isLines })), text, isWhole);
    say(summary(result, Math.round(performance.now() - begun)));
  } catch (error) {
    if (error.name === "AbortError") return;
    take([], text);
    say(error.message);
    if (error.status === 401) by("token").closest("details").open = true;
  }
}

function summary({ payloads, summary: figures }, took) {
  const count = (number, word) => `${number} ${word}${number === 1 || word === "information" ? "" : "s"}`;
  const what = payloads.length === 1 ? checkedAs(payloads[0].fhirVersion) : count(payloads.length, "payload");
  const found = [count(figures.errors, "error"), count(figures.warnings, "warning"), count(figures.information, "information")];
  const gaps = Object.entries(figures.notChecked ?? {}).map(([kind, many]) => `${many} ${kind}`);
  const left = gaps.length ? ` Not checked: ${gaps.join(", ")}.` : "";
  const verdict = figures.errors === 0 && figures.warnings === 0 ? "Nothing is wrong: " : "";
  return `${what}, in ${took} ms. ${verdict}${found.join(", ")}.${left}`;
}

function checkedAs(version) {
  if (!version) return "Checked";
  return `Checked as ${version.startsWith("3") ? "STU3" : "R4"}`;
}

function take(payloads, text, isWhole = false) {
  checked = isWhole ? text : null;
  all = payloads.filter((payload) => payload.isHere).flatMap((payload) => payload.findings ?? []);
  current = -1;
  const apply = isWhole ? applyOne : null;
  findings.show(payloads, { go: goTo, apply });
  editor.mark(all.filter((finding) => !finding.part), (at) => goTo(all.filter((finding) => !finding.part)[at]));
  by("apply-all").hidden = !isWhole || all.filter((finding) => finding.edits?.length).length < 2;
}

function goTo(finding) {
  const number = all.indexOf(finding);
  if (number >= 0) {
    current = number;
    findings.choose(number);
  }
  if (!finding.part) editor.select(finding);
}

function step(by) {
  if (!all.length) return;
  current = current < 0 && by < 0 ? all.length - 1 : (current + by + all.length) % all.length;
  goTo(all[current]);
}

function applyOne(finding) {
  apply(finding.edits);
}

function applyAll() {
  const chosen = [];
  for (const { edits = [] } of all) {
    if (!meet(edits, chosen)) chosen.push(...edits);
  }
  apply(chosen);
}

function apply(edits) {
  // Text typed since then has moved the positions.
  if (checked !== editor.text()) return;
  editor.replace(edited(checked, edits), true);
  check();
}

function changed() {
  editor.count();
  clearTimeout(timer);
  if (by("live").checked && editor.text().length < LARGEST_LIVE) timer = setTimeout(check, PAUSE);
}

async function open(chosen) {
  if (!chosen) return;
  file = chosen.name;
  now = "";
  editor.replace(await chosen.text(), false);
  check();
}

function save() {
  const text = editor.text();
  const isXml = /^\ufeff?\s*</.test(text);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: isXml ? "application/fhir+xml" : "application/fhir+json" }));
  link.download = file || (isXml ? "payload.xml" : "payload.json");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function use(example) {
  file = "";
  now = example.now ?? "";
  by("release").value = "";
  by("operation").value = example.operation;
  examples.follow();
  const role = example.access === "application" ? "application" : example.role ?? "";
  // An example may use a role that may not call the operation.
  if (role && ![...by("role").options].some((one) => one.value === role)) by("role").add(new Option(role, role));
  by("role").value = role;
  by("response").checked = example.response;
  by("status").value = example.status ?? "";
  const headers = example.response ? example.answerHeaders ?? [] : example.headers;
  by("headers").value = headers.map(({ name, value }) => `${name}: ${value}`).join("\n");
  editor.replace(example.body, false);
  check();
}

function keys(event) {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (key === "Enter" && (ctrlKey || metaKey)) check();
  else if (key === "F8") step(shiftKey ? -1 : 1);
  else if (key === "Enter" && altKey && all[current]?.edits?.length && checked !== null) applyOne(all[current]);
  else return;
  event.preventDefault();
}

by("text").addEventListener("input", changed);
by("check").addEventListener("click", check);
by("open").addEventListener("click", () => by("file").click());
by("file").addEventListener("change", () => open(by("file").files[0]));
by("save").addEventListener("click", save);
by("apply-all").addEventListener("click", applyAll);
by("token").addEventListener("change", () => {
  service.present(by("token").value);
  check();
});
by("operation").addEventListener("change", () => {
  now = "";
  examples.follow();
});
for (const id of ["release", "profile", "operation", "role", "response", "strict", "headers", "status"]) {
  by(id).addEventListener("change", check);
}
document.addEventListener("keydown", keys);
const editorBox = by("editor");
editorBox.addEventListener("dragover", (event) => {
  event.preventDefault();
  editorBox.classList.add("drop");
});
for (const name of ["dragleave", "drop"]) {
  editorBox.addEventListener(name, () => editorBox.classList.remove("drop"));
}
editorBox.addEventListener("drop", (event) => {
  event.preventDefault();
  open(event.dataTransfer.files[0]);
});
by("silent").hidden = true;
if (service.isLocal) {
  by("where").textContent = "What you paste stays in this browser.";
  by("with").textContent = "ers-fhir checks against the definitions of FHIR and e-RS that are built into this page.";
  document.querySelectorAll(".of-service").forEach((element) => { element.hidden = true; });
}
theme.begin(by("theme"));
examples.begin(use, (error) => {
  say(error.message);
  if (error.status === 401) by("token").closest("details").open = true;
});
if (editor.text()) check();
