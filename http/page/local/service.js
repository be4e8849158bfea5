// What the page asks its service.

async function answered(answer) {
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer.status === 204 ? null : answer.json();
}

/** Looks at something. */
export async function look(path) {
  return answered(await fetch(path, { cache: "no-store" }));
}

/** Orders something. */
export async function order(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return answered(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Has it told each time that something has happened; `lost` is told whether nobody tells it at the moment. */
export function listen(told, lost) {
  const events = new EventSource("/_local/events");
  events.addEventListener("message", () => {
    lost(false);
    told();
  });
  events.addEventListener("error", () => lost(true));
}
