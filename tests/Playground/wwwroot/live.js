// Where the page gets its pictures from: a document that is fetched again whenever its stream says that it changed.

/** Follows one simulator. `base` is its path on this page's own origin. */
export function follow(base, onState, onConnection) {
  let busy = false;
  let again = false;

  async function load() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        const response = await fetch(`${base}/_sim/state`, { cache: 'no-store' });
        if (response.ok) onState(await response.json());
      } while (again);
    } catch (error) {
      console.warn(`${base} cannot be reached:`, error);
    } finally {
      busy = false;
    }
  }

  const stream = new EventSource(`${base}/_sim/stream`);
  stream.addEventListener('open', () => onConnection(true));
  stream.addEventListener('error', () => onConnection(false));
  stream.addEventListener('change', load);
}

/** Sends what somebody did. Resolves to the answer; rejects with the reason in words. */
export async function act(path, body) {
  let response;
  try {
    response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  } catch {
    throw new Error('The playground does not answer. Is it still running?');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || answer.ok === false) throw new Error(answer.message ?? answer.error ?? `It was refused (${response.status}).`);
  return answer;
}
