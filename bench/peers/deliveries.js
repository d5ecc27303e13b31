// The same table with the same unique keys as the service's, in a file of its own, and every commit on disk before it returns.
import Database from "better-sqlite3";

export const db = new Database(process.argv[2]);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(`CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY, surface TEXT NOT NULL, delivery_id TEXT NOT NULL, happening_key TEXT, kind TEXT NOT NULL, body BLOB NOT NULL,
  received_at BIGINT NOT NULL);
  CREATE UNIQUE INDEX deliveries_happening ON deliveries (surface, happening_key) WHERE happening_key IS NOT NULL;
  CREATE UNIQUE INDEX deliveries_id ON deliveries (surface, delivery_id) WHERE happening_key IS NULL`);

const insert = db.prepare(`INSERT INTO deliveries (surface, delivery_id, happening_key, kind, body, received_at)
  VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);

export const store = (surface, id, happening, kind, body) => insert.run(surface, id, happening, kind, body, Date.now()).changes === 1;

/** Tells who started this where it is reached. */
export const ready = (server, path) => console.log(`http://127.0.0.1:${server.address().port}${path}`);
