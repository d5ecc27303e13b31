-- Of what is known by what happened, the delivery's own id need not be unique, too: ids come at random, and each one found its place on a page of its own,
-- which was written with every commit. SQLite can drop such a constraint only together with the table.
CREATE TABLE deliveries_anew (
    id              INTEGER PRIMARY KEY,
    surface         TEXT NOT NULL,
    delivery_id     TEXT NOT NULL,
    happening_key   TEXT,
    kind            TEXT NOT NULL,
    body            BLOB NOT NULL,
    received_at     BIGINT NOT NULL,
    state           TEXT NOT NULL DEFAULT 'pending',
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt_at BIGINT NOT NULL DEFAULT 0,
    put_off_at      BIGINT NOT NULL DEFAULT 0,
    note            TEXT,
    trace           TEXT
);
INSERT INTO deliveries_anew SELECT id, surface, delivery_id, happening_key, kind, body, received_at, state, attempts, next_attempt_at, put_off_at, note, trace FROM deliveries;
DROP TABLE deliveries;
ALTER TABLE deliveries_anew RENAME TO deliveries;

CREATE UNIQUE INDEX deliveries_happening ON deliveries (surface, happening_key) WHERE happening_key IS NOT NULL;
CREATE UNIQUE INDEX deliveries_id ON deliveries (surface, delivery_id) WHERE happening_key IS NULL;
CREATE INDEX deliveries_pending ON deliveries (surface, id, next_attempt_at, put_off_at) WHERE state = 'pending';
CREATE INDEX deliveries_parked ON deliveries (id) WHERE state = 'parked';
CREATE INDEX deliveries_received ON deliveries (received_at);

CREATE TRIGGER deliveries_transition BEFORE UPDATE OF state ON deliveries WHEN NOT CASE OLD.state
    WHEN 'pending' THEN NEW.state IN ('pending', 'done', 'parked')
    WHEN 'parked'  THEN NEW.state IN ('pending', 'done')
    WHEN 'done'    THEN NEW.state IN ('done')
    ELSE FALSE
    END
BEGIN SELECT RAISE(ABORT, 'No such transition of a delivery.'); END;
