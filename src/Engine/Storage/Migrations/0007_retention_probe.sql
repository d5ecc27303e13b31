-- Sessions that were removed by age and whose events are still on their way out, a few at a time.
CREATE TABLE removed_sessions (
    session_id TEXT PRIMARY KEY
);

-- Written to find out whether the store can be written.
CREATE TABLE store_probe (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at BIGINT NOT NULL
);
