// Follows the sessions of the service and the events of one of them.

const SETTLE = 400;

export class SessionLog {
  sessions = [];
  events = [];
  session = null;
  #chosen = false;
  #stream = null;
  #timer = null;
  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  /** Looks for new sessions, soon and once for many calls. */
  refresh() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#load();
    }, SETTLE);
  }

  /** Shows this session until another is chosen. */
  choose(id) {
    this.#chosen = true;
    this.#follow(id);
  }

  async #load() {
    try {
      const response = await fetch('/service/api/sessions?limit=20', { cache: 'no-store' });
      if (!response.ok) return;
      this.sessions = await response.json();
    } catch (error) {
      console.warn('The service cannot be reached:', error);
      return;
    }
    const [latest] = this.sessions;
    if (latest && !this.#chosen && latest.id !== this.session) this.#follow(latest.id);
    this.#changed();
  }

  #follow(id) {
    this.#stream?.close();
    this.session = id;
    this.events = [];
    this.#stream = new EventSource(`/service/api/sessions/${encodeURIComponent(id)}/events`);
    this.#stream.addEventListener('message', ({ data }) => {
      const logged = JSON.parse(data);
      if (logged.sequence <= (this.events.at(-1)?.sequence ?? 0)) return;
      this.events.push(logged);
      this.#changed();
    });
    this.#changed();
  }
}
