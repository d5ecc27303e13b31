-- Times are milliseconds since 1970 (UTC). JSON columns are written and read as a whole.

CREATE TABLE deliveries (
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
    note            TEXT,
    UNIQUE (surface, delivery_id),
    UNIQUE (surface, happening_key)
);
CREATE INDEX deliveries_pending ON deliveries (surface, id) WHERE state = 'pending';

CREATE TABLE sessions (
    id                TEXT PRIMARY KEY,
    agent             TEXT NOT NULL,
    model             TEXT,
    repository        TEXT,
    branch            TEXT,
    base              TEXT,
    pull_request      INTEGER,
    pull_request_base TEXT,
    agent_session_id  TEXT,
    last_sequence     BIGINT NOT NULL DEFAULT 0,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL
);
CREATE INDEX sessions_updated ON sessions (updated_at);

CREATE TABLE session_events (
    session_id TEXT NOT NULL,
    sequence   BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    data       TEXT NOT NULL,
    PRIMARY KEY (session_id, sequence)
);

-- shown: up to which event of its session the conversation is known to show everything.
-- opened_as: the name under which a conversation is known in the log, where its real key came only with its first message.
CREATE TABLE conversations (
    surface    TEXT NOT NULL,
    key        TEXT NOT NULL,
    session_id TEXT NOT NULL,
    opened_as  TEXT,
    shown      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (surface, key)
);
CREATE INDEX conversations_session ON conversations (session_id);

CREATE TABLE prompts (
    id           TEXT PRIMARY KEY,
    position     BIGINT NOT NULL,
    session_id   TEXT NOT NULL,
    author       TEXT NOT NULL,
    author_key   TEXT NOT NULL,
    text         TEXT NOT NULL,
    material     TEXT NOT NULL,
    priority     INTEGER NOT NULL DEFAULT 0,
    state        TEXT NOT NULL,
    start_commit TEXT,
    request_id   BIGINT,
    stop_reason  TEXT,
    stopped_by   TEXT,
    tries        INTEGER NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL
);
CREATE INDEX prompts_open ON prompts (state, position) WHERE state IN ('Queued', 'Running');
CREATE INDEX prompts_session ON prompts (session_id, position);

CREATE TABLE permission_requests (
    id         TEXT PRIMARY KEY,
    session_id TEXT NOT NULL,
    prompt_id  TEXT NOT NULL,
    request_id TEXT NOT NULL,
    call       TEXT NOT NULL,
    options    TEXT NOT NULL,
    state      TEXT NOT NULL,
    reason     TEXT,
    decided_by TEXT,
    expires_at BIGINT NOT NULL,
    answered   INTEGER NOT NULL DEFAULT 0,
    told       INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX permission_requests_open ON permission_requests (session_id) WHERE answered = 0;

CREATE TABLE session_grants (
    session_id TEXT NOT NULL,
    subject    TEXT NOT NULL,
    PRIMARY KEY (session_id, subject)
);

CREATE TABLE sandboxes (
    id                   TEXT PRIMARY KEY,
    session_id           TEXT NOT NULL,
    state                TEXT NOT NULL,
    registration_hash    TEXT,
    registration_expires BIGINT NOT NULL,
    token_hash           TEXT,
    agent_process        TEXT,
    agent_ready          INTEGER NOT NULL DEFAULT 0,
    last_output          BIGINT NOT NULL DEFAULT 0,
    last_input           BIGINT NOT NULL DEFAULT 0,
    next_request         BIGINT NOT NULL DEFAULT 1,
    idle_since           BIGINT,
    started_at           BIGINT NOT NULL
);
CREATE INDEX sandboxes_token ON sandboxes (token_hash);
CREATE INDEX sandboxes_live ON sandboxes (session_id) WHERE state = 'live';

-- Lines for an agent's standard input that its sidecar may not have taken yet.
CREATE TABLE agent_inputs (
    sandbox_id TEXT NOT NULL,
    number     BIGINT NOT NULL,
    line       TEXT NOT NULL,
    PRIMARY KEY (sandbox_id, number)
);

CREATE TABLE surface_messages (
    surface      TEXT NOT NULL,
    conversation TEXT NOT NULL,
    key          TEXT NOT NULL,
    remote_id    TEXT,
    content      TEXT NOT NULL,
    state        TEXT NOT NULL,
    PRIMARY KEY (surface, conversation, key)
);

CREATE TABLE notices (
    id           TEXT PRIMARY KEY,
    surface      TEXT NOT NULL,
    conversation TEXT NOT NULL,
    text         TEXT NOT NULL,
    private      TEXT,
    done         INTEGER NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL
);
CREATE INDEX notices_open ON notices (surface, conversation) WHERE done = 0;
