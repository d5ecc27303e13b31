-- Who waits for the answer: the agent (request_id is its JSON-RPC id), or a call held in the gateway (request_id names what is asked).
ALTER TABLE permission_requests ADD COLUMN source TEXT NOT NULL DEFAULT 'agent';
CREATE INDEX permission_requests_gateway ON permission_requests (prompt_id, request_id) WHERE source = 'gateway';

-- One model call each. Money is in billionths of a US dollar; cost is null where the price was not known.
CREATE TABLE usage (
    id          INTEGER PRIMARY KEY,
    at          BIGINT NOT NULL,
    session_id  TEXT NOT NULL,
    prompt_id   TEXT,
    user_key    TEXT,
    repository  TEXT NOT NULL,
    model       TEXT NOT NULL,
    input       BIGINT NOT NULL,
    output      BIGINT NOT NULL,
    cache_read  BIGINT NOT NULL,
    cache_write BIGINT NOT NULL,
    cost        BIGINT
);
CREATE INDEX usage_at ON usage (at);
CREATE INDEX usage_session ON usage (session_id, model);

-- What was spent of each budget so far, kept with usage in one transaction: it outlives the rows it was summed from.
CREATE TABLE spending (
    budget TEXT PRIMARY KEY,
    cost   BIGINT NOT NULL
);

-- What a budget grows by once its permission request is allowed.
CREATE TABLE budget_extensions (
    permission_id TEXT PRIMARY KEY,
    budget        TEXT NOT NULL,
    amount        BIGINT NOT NULL
);
CREATE INDEX budget_extensions_budget ON budget_extensions (budget);
