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

/** What is known of an operation. */
const find = (id) => known.operations.find((operation) => operation.id === id);

/** Who may call it, in a list. */
function fill(list, operation, first) {
  const before = list.value;
  const roles = operation?.roles.length ? operation.roles : operation ? known.roles : [];
  const all = roles.map((role) => option(role, worded(role)));
  if (operation?.application) all.push(option(APPLICATION, "An application"));
  list.replaceChildren(...(first ? [option("", first)] : []), ...all);
  if ([...list.options].some((one) => one.value === before)) list.value = before;
}

/** Shows who may call the operation that was chosen. */
export function follow() {
  const operation = find(by("operation").value);
  fill(by("role"), operation, "not said");
  by("role").disabled = !operation;
  by("response").disabled = !operation;
}

function followExample() {
  const operation = find(by("example-operation").value);
  fill(by("example-role"), operation, "");
  const rules = known.rules.filter((rule) => rule.operation === operation?.id);
  by("example-rule").replaceChildren(
    option("", "none: a good one"),
    ...rules.map((rule) => option(rule.code, `${rule.code}: ${rule.summary}`)),
  );
}

/** Fetches what there is and fills the lists; `use` takes an example. */
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
