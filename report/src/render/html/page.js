"use strict";
const form = document.getElementById("filters");
const findings = [...document.querySelectorAll("article")];
const sections = [...document.querySelectorAll("section")];

function labelled(text, control) {
  const label = document.createElement("label");
  label.append(text, control);
  form.append(label);
  return control;
}

const search = document.createElement("input");
search.type = "search";
labelled("Search ", search);

/* A choice of what there is, with how many findings each has. */
function choice(text, of) {
  const select = document.createElement("select");
  select.append(new Option("all", ""));
  const counts = new Map();
  for (const finding of findings) counts.set(of(finding), (counts.get(of(finding)) ?? 0) + 1);
  counts.delete(undefined);
  for (const [name, count] of [...counts].sort()) select.append(new Option(`${name} (${count})`, name));
  return counts.size > 0 ? labelled(text, select) : select;
}

const ruleOf = (finding) => finding.dataset.rule;
const operationOf = (finding) => finding.closest("section").dataset.operation;
const rules = choice("Rule ", ruleOf);
const operations = choice("Operation ", operationOf);

const severities = ["fatal", "error", "warning", "information"]
  .filter((severity) => findings.some(({ dataset }) => dataset.severity === severity))
  .map((severity) => {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = severity;
    box.checked = true;
    return labelled(severity, box);
  });

const told = document.createElement("p");
told.setAttribute("role", "status");
form.append(told);

function filter() {
  const words = search.value.trim().toLowerCase();
  const chosen = new Set(severities.filter((box) => box.checked).map((box) => box.value));
  let count = 0;
  for (const finding of findings) {
    const { severity } = finding.dataset;
    const name = finding.closest("section").querySelector("h2").textContent;
    const fits = chosen.has(severity)
      && ["", ruleOf(finding)].includes(rules.value)
      && ["", operationOf(finding)].includes(operations.value)
      && `${name} ${finding.textContent}`.toLowerCase().includes(words);
    finding.hidden = !fits;
    count += fits;
  }
  const everything = count === findings.length;
  for (const section of sections) {
    section.hidden = !everything && !section.querySelector("article:not([hidden])");
  }
  told.textContent = `${count} of ${findings.length} findings`;
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = findings.length === 0;
filter();
