// Talks to the service.

async function answered(answer) {
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer.status === 204 ? null : answer.json();
}

/** Reads from the service. */
export async function look(path) {
  return answered(await fetch(path, { cache: "no-store" }));
}

/** Sends an order to the service. */
export async function order(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return answered(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Calls `told` each time something has happened; `lost` learns whether the connection is lost. */
export function listen(told, lost) {
  const events = new EventSource("/_local/events");
  events.addEventListener("message", () => {
    lost(false);
    told();
  });
  events.addEventListener("error", () => lost(true));
}
