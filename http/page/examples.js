// The operations of e-RS, who may call them, and examples of calls.

import * as service from "./service.js";

const by = (id) => document.getElementById(id);
const APPLICATION = "application";

let known = { operations: [], roles: [], rules: [] };

function option(value, text) {
  const element = document.createElement("option");
  element.value = value;
  element.textContent = text;
  return element;
}

/** The name of a role as words. */
const worded = (role) => {
  const words = role.toLowerCase().replaceAll("_", " ");
  return words[0].toUpperCase() + words.slice(1);
};

/** The operation with this id. */
const find = (id) => known.operations.find((operation) => operation.id === id);

/** Fills a list with the callers that an operation allows. */
function fill(list, operation, first) {
  const before = list.value;
  const roles = operation?.roles.length ? operation.roles : operation ? known.roles : [];
  const all = roles.map((role) => option(role, worded(role)));
  if (operation?.application) all.push(option(APPLICATION, "An application"));
  list.replaceChildren(...(first ? [option("", first)] : []), ...all);
  if ([...list.options].some((one) => one.value === before)) list.value = before;
}

/** Offers the callers that the chosen operation allows. */
export function follow() {
  const operation = find(by("operation").value);
  fill(by("role"), operation, "not specified");
  by("role").disabled = !operation;
  by("response").disabled = !operation;
}

function followExample() {
  const operation = find(by("example-operation").value);
  fill(by("example-role"), operation, "");
  const rules = known.rules.filter((rule) => rule.operation === operation?.id);
  by("example-rule").replaceChildren(
    option("", "none: a valid example"),
    ...rules.map((rule) => option(rule.code, `${rule.code}: ${rule.summary}`)),
  );
}

/** Fetches the operations, roles and rules, and fills the lists; `use` receives a chosen example. */
export async function begin(use, fail) {
  by("example-operation").addEventListener("change", followExample);
  by("example-use").addEventListener("click", async () => {
    const role = by("example-role").value;
    const rule = by("example-rule").value;
    const wanted = { response: by("example-response").checked };
    if (rule) wanted.break = rule;
    else if (role === APPLICATION) wanted.access = role;
    else if (role) wanted.role = role;
    try {
      use(await service.example(by("example-operation").value, wanted));
    } catch (error) {
      fail(error);
    }
  });
  try {
    known = await service.examples();
  } catch (error) {
    fail(error);
    return;
  }
  const all = () => known.operations.map(({ id, name }) => option(id, `${id} ${name}`));
  by("operation").append(...all());
  by("example-operation").replaceChildren(...all());
  by("example-operation").value = "A011";
  followExample();
}
