-- Requests of the gateway itself: target is the host:port a connection waits for; null for the agent's requests.
-- for_session: 1 when the answer holds for the whole session.
ALTER TABLE permission_requests ADD COLUMN target TEXT;
ALTER TABLE permission_requests ADD COLUMN for_session INTEGER NOT NULL DEFAULT 0;
CREATE INDEX permission_requests_target ON permission_requests (session_id, target) WHERE target IS NOT NULL;

-- hash: SHA-256 of the hash before and of this row's other columns; see AuditChain.
CREATE TABLE audit_log (
    sequence   BIGINT PRIMARY KEY,
    at         BIGINT NOT NULL,
    session_id TEXT,
    kind       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    data       TEXT NOT NULL,
    hash       TEXT NOT NULL
);

-- Where the chain ends, so that rows missing at its end are missed.
CREATE TABLE audit_head (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    sequence BIGINT NOT NULL,
    hash     TEXT NOT NULL
);
INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- What the model calls of a running prompt come to, until its end puts the sum into the audit log.
CREATE TABLE audit_models (
    prompt_id   TEXT NOT NULL,
    model       TEXT NOT NULL,
    calls       BIGINT NOT NULL,
    input       BIGINT NOT NULL,
    output      BIGINT NOT NULL,
    cache_read  BIGINT NOT NULL,
    cache_write BIGINT NOT NULL,
    PRIMARY KEY (prompt_id, model)
);
