-- Sessions that were removed by age and whose events are still on their way out, a few at a time.
CREATE TABLE removed_sessions (
    session_id TEXT PRIMARY KEY
);
